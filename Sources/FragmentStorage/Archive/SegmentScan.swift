import Glibc
import KinesisVideo
import Matroska

/// Finds the whole fragments in the bytes of a segment file.
///
/// A fragment counts when its record and the chunk before it are as they were written. Bytes that belong to
/// no such pair are stepped over, so a damaged fragment costs itself and none of those behind it.
struct SegmentScan {
    /// A whole fragment and where its chunk begins.
    struct Found: Hashable {
        var record: ArchiveRecord
        var offset: Int
    }

    /// The fragments, in the order of the file.
    private(set) var fragments: [Found] = []
    /// Bytes before a whole fragment that belong to none, in the order of the file.
    private(set) var gaps: [Range<Int>] = []
    /// Where the last whole fragment ends; what lies behind is torn.
    private(set) var end: Int

    /// Scans `bytes`, which begin at `start` of the file and at the border of two fragments.
    init(_ bytes: UnsafeRawBufferPointer, from start: Int, of stream: StreamID) {
        end = start
        var searched = 0
        while let position = Self.find(ArchiveRecord.signature(of: stream), in: bytes, from: searched) {
            let room = position - (end - start)
            let record = ArchiveRecord(UnsafeRawBufferPointer(rebasing: bytes[position...]), of: stream)
            guard let record, record.info.size <= room else {
                searched = position + 1
                continue
            }
            let chunk = bytes[position - record.info.size..<position]
            searched = position + ArchiveRecord.size
            guard CRC32.checksum(of: chunk) == record.chunkChecksum else { continue }
            let offset = start + position - record.info.size
            if offset > end { gaps.append(end..<offset) }
            fragments.append(Found(record: record, offset: offset))
            end = start + searched
        }
    }

    private static func find(_ needle: [UInt8], in bytes: UnsafeRawBufferPointer, from offset: Int) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        var offset = offset
        while bytes.count - offset >= needle.count {
            let places = bytes.count - offset - needle.count + 1
            guard let found = memchr(base + offset, Int32(needle[0]), places) else { return nil }
            offset = base.distance(to: UnsafeRawPointer(found))
            if memcmp(base + offset, needle, needle.count) == 0 { return offset }
            offset += 1
        }
        return nil
    }
}
