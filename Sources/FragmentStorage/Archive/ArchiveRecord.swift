import KinesisVideo
import Matroska
import NIOCore

/// What the archive notes behind each chunk of a segment file, as a Void element that players skip.
///
/// ```
/// segment file:  chunk record chunk record ...        chunk = items 1 to 6 of a GetMedia chunk
///
///  0   1  EC            Void
///  1   1  DE            size, 94
///  2   8  "kinescop"    where a search looks
/// 10  16  stream        name of the stream's folder; no producer knows it, so no media passes for a record
/// 26   1  version       1
/// 27   1  zero
/// 28  20  number
/// 48   8  server timestamp, milliseconds since 1970
/// 56   8  producer timestamp, the same
/// 64   8  length, milliseconds
/// 72   8  chunk length, bytes
/// 80   4  header length: items 1 to 3
/// 84   4  frames
/// 88   4  CRC-32 of the chunk
/// 92   4  CRC-32 of bytes 0 to 91
/// ```
///
/// All numbers are big-endian.
struct ArchiveRecord: Sendable, Hashable {
    var info: FragmentInfo
    var headerLength: Int
    var frameCount: Int
    var chunkChecksum: UInt32

    /// Bytes of every record.
    static let size = 96
    private static let version: UInt8 = 1

    /// The bytes that every record of a stream begins with.
    static func signature(of stream: StreamID) -> [UInt8] {
        [0xEC, 0xDE] + Array("kinescop".utf8) + stream.bytes
    }

    /// Composes a record.
    init(info: FragmentInfo, headerLength: Int, frameCount: Int, chunkChecksum: UInt32) {
        self.info = info
        self.headerLength = headerLength
        self.frameCount = frameCount
        self.chunkChecksum = chunkChecksum
    }

    /// Reads a record of `stream` at the front of `bytes`.
    ///
    /// - Returns: nil where any byte of it is not as it was written.
    init?(_ bytes: UnsafeRawBufferPointer, of stream: StreamID) {
        guard bytes.count >= Self.size, bytes.starts(with: Self.signature(of: stream)),
            bytes[26] == Self.version, let number = FragmentNumber(bytes: Array(bytes[28..<48]))
        else { return nil }
        func integer<Integer: FixedWidthInteger>(_ offset: Int, as type: Integer.Type = Integer.self)
            -> Integer
        {
            Integer(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
        }
        let size: Int64 = integer(72)
        guard CRC32.checksum(of: bytes[..<92]) == integer(92), size > 0 else { return nil }
        let metadata = FragmentMetadata(
            number: number,
            serverTimestamp: Timestamp(milliseconds: integer(48)),
            producerTimestamp: Timestamp(milliseconds: integer(56))
        )
        info = FragmentInfo(metadata: metadata, size: Int(size), length: integer(64))
        headerLength = Int(integer(80, as: UInt32.self))
        frameCount = Int(integer(84, as: UInt32.self))
        chunkChecksum = integer(88)
    }

    /// The record as it is written for `stream`; nil for a number that does not fit 20 bytes.
    func bytes(for stream: StreamID) -> ByteBuffer? {
        guard let number = info.number.bytes else { return nil }
        var buffer = ByteBufferAllocator().buffer(capacity: Self.size)
        buffer.writeBytes(Self.signature(of: stream))
        buffer.writeBytes([Self.version, 0])
        buffer.writeBytes(number)
        buffer.writeInteger(info.serverTimestamp.milliseconds)
        buffer.writeInteger(info.producerTimestamp.milliseconds)
        buffer.writeInteger(info.length)
        buffer.writeInteger(Int64(info.size))
        buffer.writeInteger(UInt32(clamping: headerLength))
        buffer.writeInteger(UInt32(clamping: frameCount))
        buffer.writeInteger(chunkChecksum)
        buffer.writeInteger(CRC32.checksum(of: buffer.readableBytesUInt8Span))
        return buffer
    }
}

extension CRC32 {
    /// The checksum of bytes that a segment file holds.
    static func checksum(of bytes: Slice<UnsafeRawBufferPointer>) -> UInt32 {
        checksum(of: UnsafeRawBufferPointer(rebasing: bytes).assumingMemoryBound(to: UInt8.self).span)
    }
}
