import Foundation
import Glibc
import KinesisVideo
import Matroska
import NIOCore

/// The contents of `stream.json`, all that is known of a stream when the service starts.
///
/// The member `checksum` is the CRC-32 of the whole file, taken with eight zeros in its place. Files of format 1, which
/// have neither `checksum` nor `format`, are read as well.
struct StreamFile {
    /// Name of the file in the stream's folder.
    static let name = "stream.json"
    private static let format = 2

    var record: StreamRecord
    var counter: FragmentCounter
    /// Fragments older than this are gone for good: raising the retention does not bring them back.
    var archiveStart: Timestamp?

    /// What is wrong with a file.
    struct Defect: Error, CustomStringConvertible {
        var offset: Int
        var seen: String
        var wanted: String

        var description: String { "byte \(offset): \(seen), wanted \(wanted)" }
    }

    /// Reads the file in `folder`.
    ///
    /// - Throws: ``Defect`` where it is not as it was written; ``StoreError`` where it cannot be read.
    static func read(from folder: Folder) throws -> StreamFile {
        try StreamFile(Array(try folder.contents(name).readableBytesView))
    }

    /// Puts the file in place, durably and all at once.
    func write(to folder: Folder) throws {
        try folder.replace(Self.name, with: ByteBuffer(bytes: try bytes()))
    }
}

extension StreamFile {
    private struct Document: Codable {
        var archiveStart: Timestamp?
        var checksum: String?
        var counter: FragmentCounter
        var format: Int?
        var record: StreamRecord
    }

    // Keys are sorted, and in front of this one come numbers only: the first place is the right one.
    private static let marker = Array(#""checksum" : ""#.utf8)
    private static let blank = "00000000"

    func bytes() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let document = Document(
            archiveStart: archiveStart,
            checksum: Self.blank,
            counter: counter,
            format: Self.format,
            record: record
        )
        var bytes = Array(try encoder.encode(document))
        if let digits = Self.digits(in: bytes) {
            bytes.replaceSubrange(digits, with: CRC32.checksum(of: bytes.span).hexadecimal.utf8)
        }
        return bytes
    }

    init(_ bytes: [UInt8]) throws(Defect) {
        if let digits = Self.digits(in: bytes) {
            let seen = String(decoding: bytes[digits], as: UTF8.self)
            var blanked = bytes
            blanked.replaceSubrange(digits, with: Self.blank.utf8)
            let wanted = CRC32.checksum(of: blanked.span).hexadecimal
            guard seen == wanted else {
                throw Defect(
                    offset: digits.lowerBound,
                    seen: "checksum '\(seen)'",
                    wanted: "'\(wanted)' for these bytes"
                )
            }
        }
        let document: Document
        do {
            document = try JSONDecoder().decode(Document.self, from: Data(bytes))
        } catch {
            throw Defect(offset: 0, seen: "no stream's record (\(error))", wanted: "format \(Self.format)")
        }
        guard (document.format ?? 1) <= Self.format, (document.format == nil) == (document.checksum == nil)
        else {
            let format = document.format.map(String.init) ?? "none"
            throw Defect(
                offset: 0,
                seen: "format \(format) with\(document.checksum == nil ? "out" : "") checksum",
                wanted: "format \(Self.format) with checksum"
            )
        }
        record = document.record
        counter = document.counter
        archiveStart = document.archiveStart
    }

    /// Where the checksum's digits stand.
    private static func digits(in bytes: [UInt8]) -> Range<Int>? {
        guard let marker = bytes.firstRange(of: marker), marker.upperBound + blank.utf8.count <= bytes.count
        else { return nil }
        return marker.upperBound..<marker.upperBound + blank.utf8.count
    }
}
