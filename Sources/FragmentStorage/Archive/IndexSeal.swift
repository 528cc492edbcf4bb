import Glibc
import Matroska
import NIOCore

/// A file beside the index that tells its length and checksum, while no store uses it.
///
/// ```
/// index 1
/// bytes 40960
/// crc32 0f2a77c1
/// ```
///
/// Written when a store closes and removed when one opens, so it is missing after a crash. SQLite has no checksums of
/// its own: without a seal a changed byte shows only where it changes what the index says.
enum IndexSeal {
    static let name = "index.checksum"
    /// Bytes up to which an index is sealed: more could not be read within the time that a service has to end.
    static let limit = 1 << 30
    private static let pieceBytes = 1 << 20

    /// Seals the index in `folder`, which nobody has open any more.
    static func write(in folder: Folder) throws(StoreError) {
        let file = try folder.open(FragmentIndex.fileName, O_RDONLY)
        guard try file.length() <= limit else { return }
        try folder.replace(name, with: ByteBuffer(string: try text(of: file)))
    }

    /// Removes the seal for good.
    static func remove(from folder: Folder) throws(StoreError) {
        guard folder.has(name) else { return }
        try folder.unlink(name)
        try folder.synchronize()
    }

    /// What the seal of an index as it is now says.
    static func text(of file: OpenFile) throws(StoreError) -> String {
        var checksum = CRC32()
        var length = 0
        while true {
            let piece = try file.read(at: length, count: pieceBytes)
            if piece.readableBytes == 0 { break }
            checksum.update(piece.readableBytesUInt8Span)
            length += piece.readableBytes
        }
        return "index 1\nbytes \(length)\ncrc32 \(checksum.value.hexadecimal)\n"
    }
}

extension UInt32 {
    /// Eight lower-case digits.
    package var hexadecimal: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }
}
