import Glibc
import NIOCore

/// SQLite's write-ahead log, which has checksums: a changed frame silently takes all behind it with it.
///
/// Source: the SQLite database file format, "The Write-Ahead Log".
struct IndexLog {
    /// Where the first frame that is not as it was written begins; nil where none is.
    private(set) var damagedOffset: Int?

    private static let headerSize = 32
    private static let frameHeaderSize = 24

    /// Follows the chain of checksums.
    init(_ bytes: ByteBuffer) {
        guard bytes.readableBytes > 0 else { return }
        guard bytes.readableBytes >= Self.headerSize, let magic: UInt32 = bytes.integer(0),
            magic & ~1 == 0x377F_0682, let pageSize: UInt32 = bytes.integer(8), pageSize > 0
        else {
            damagedOffset = 0
            return
        }
        let isBigEndian = magic & 1 == 1
        var sum: (UInt32, UInt32) = (0, 0)
        Self.add(bytes, 0..<24, isBigEndian, to: &sum)
        guard bytes.integer(24) == sum.0, bytes.integer(28) == sum.1 else {
            damagedOffset = 0
            return
        }
        let frameSize = Self.frameHeaderSize + Int(pageSize)
        var offset = Self.headerSize
        while offset + frameSize <= bytes.readableBytes {
            Self.add(bytes, offset..<offset + 8, isBigEndian, to: &sum)
            Self.add(bytes, offset + Self.frameHeaderSize..<offset + frameSize, isBigEndian, to: &sum)
            guard bytes.hasSalts(at: offset), bytes.integer(offset + 16) == sum.0,
                bytes.integer(offset + 20) == sum.1
            else { break }
            offset += frameSize
        }
        // Frames of an earlier round have other salts; one of this round behind the break was part of the chain.
        let rest = stride(from: offset, through: bytes.readableBytes - frameSize, by: frameSize)
        if rest.contains(where: { bytes.hasSalts(at: $0) }) { damagedOffset = offset }
    }

    private static func add(
        _ bytes: ByteBuffer,
        _ range: Range<Int>,
        _ isBigEndian: Bool,
        to sum: inout (UInt32, UInt32)
    ) {
        let endianness: Endianness = isBigEndian ? .big : .little
        for offset in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
            sum.0 &+= (bytes.integer(offset, endianness) ?? 0) &+ sum.1
            sum.1 &+= (bytes.integer(offset + 4, endianness) ?? 0) &+ sum.0
        }
    }
}

extension ByteBuffer {
    fileprivate func integer(_ offset: Int, _ endianness: Endianness = .big) -> UInt32? {
        getInteger(at: readerIndex + offset, endianness: endianness)
    }

    /// True where the frame at `offset` carries the salts of the log's header.
    fileprivate func hasSalts(at offset: Int) -> Bool {
        integer(offset + 8) == integer(16) && integer(offset + 12) == integer(20)
    }
}
