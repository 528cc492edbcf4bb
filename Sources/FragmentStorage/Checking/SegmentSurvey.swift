import Glibc
import KinesisVideo
import Matroska
import NIOCore

/// One segment file, every byte of it accounted for.
struct SegmentSurvey {
    let sequence: Int64
    let length: Int
    let scan: SegmentScan
    /// The file's bytes.
    let bytes: ByteBuffer
    private let stream: StreamID

    /// Reads the file.
    init(_ sequence: Int64, in folder: Folder, of stream: StreamID) throws(StoreError) {
        let contents = try folder.contents(SegmentFile.name(sequence))
        bytes = contents
        scan = contents.withUnsafeReadableBytes { SegmentScan($0, from: 0, of: stream) }
        length = contents.readableBytes
        self.sequence = sequence
        self.stream = stream
    }

    /// The parts that belong to no whole fragment.
    var gaps: [Range<Int>] { scan.end < length ? scan.gaps + [scan.end..<length] : scan.gaps }

    /// What is wrong with the file at `path`, of which the index covers so many bytes; nil where it does not know it.
    func findings(_ path: String, listedBytes: Int?) -> [StoreFinding] {
        if let listedBytes, listedBytes > length {
            return gaps.map { finding($0, path) } + [
                StoreFinding(
                    .damage,
                    path,
                    at: length,
                    seen: "the file's end",
                    wanted: "\(listedBytes) bytes, says the index"
                )
            ]
        }
        return gaps.map { gap in
            let isTorn = gap.upperBound == length && gap.lowerBound >= listedBytes ?? 0
            guard isTorn else { return finding(gap, path) }
            return StoreFinding(
                .leftover,
                path,
                at: gap.lowerBound,
                seen: "\(gap.count) bytes of a write that was cut short",
                wanted: "the file's end"
            )
        }
    }

    private func finding(_ gap: Range<Int>, _ path: String) -> StoreFinding {
        bytes.withUnsafeReadableBytes { bytes in
            let recordStart = gap.upperBound - ArchiveRecord.size
            if recordStart >= gap.lowerBound {
                let last = UnsafeRawBufferPointer(rebasing: bytes[recordStart..<gap.upperBound])
                let sum = CRC32.checksum(of: bytes[gap.lowerBound..<recordStart])
                if let record = ArchiveRecord(last, of: stream), record.info.size == gap.count - last.count {
                    return StoreFinding(
                        .damage,
                        path,
                        at: gap.lowerBound,
                        seen: "fragment \(record.info.number) with CRC-32 \(sum.hexadecimal)",
                        wanted: record.chunkChecksum.hexadecimal
                    )
                }
                if Self.chunkChecksum(last) == sum {
                    return StoreFinding(
                        .damage,
                        path,
                        at: recordStart,
                        seen: "a changed record behind \(recordStart - gap.lowerBound) whole bytes of media",
                        wanted:
                            "CRC-32 \(CRC32.checksum(of: last[..<92]).hexadecimal) or other bytes before it"
                    )
                }
            }
            return StoreFinding(
                .damage,
                path,
                at: gap.lowerBound,
                seen: "\(gap.count) bytes that belong to no whole fragment",
                wanted: "a chunk and its record"
            )
        }
    }

    private static func chunkChecksum(_ record: UnsafeRawBufferPointer) -> UInt32 {
        UInt32(bigEndian: record.loadUnaligned(fromByteOffset: 88, as: UInt32.self))
    }
}
