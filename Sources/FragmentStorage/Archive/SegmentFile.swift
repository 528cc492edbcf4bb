import Glibc
import KinesisVideo
import NIOCore

/// A file of the archive, read or appended to: chunks, each with its record behind it.
///
/// The name is the segment's sequence number; playing one with any Matroska player shows its fragments.
struct SegmentFile: Sendable {
    let sequence: Int64
    let file: OpenFile

    /// `0000000042.mkv`.
    static func name(_ sequence: Int64) -> String {
        let digits = String(sequence)
        return String(repeating: "0", count: max(0, 10 - digits.utf8.count)) + digits + ".mkv"
    }

    /// The sequence number in a file's name; nil for a name that no segment has.
    static func sequence(_ name: String) -> Int64? {
        guard name.hasSuffix(".mkv"), let sequence = Int64(name.dropLast(4)), self.name(sequence) == name
        else {
            return nil
        }
        return sequence
    }

    /// Opens a segment to read; nil where it is not there any more.
    static func open(_ sequence: Int64, in folder: Folder) throws(StoreError) -> SegmentFile? {
        do {
            return SegmentFile(
                sequence: sequence,
                file: try folder.open(name(sequence), O_RDONLY)
            )
        } catch  where error.errno == ENOENT {
            return nil
        }
    }

    /// Reads the chunk that `entry` tells of; nil where the file ends before it does.
    func chunk(_ entry: FragmentIndex.Entry) throws(StoreError) -> StoredChunk? {
        let bytes = try file.read(at: entry.offset, count: entry.info.size)
        guard bytes.readableBytes == entry.info.size else { return nil }
        return StoredChunk(
            metadata: entry.info.metadata,
            length: entry.info.length,
            headerLength: entry.headerLength,
            frameCount: entry.frameCount,
            parts: [bytes]
        )
    }
}
