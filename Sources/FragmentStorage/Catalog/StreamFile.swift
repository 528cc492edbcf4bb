import Foundation
import KinesisVideo
import NIOCore

/// The contents of `stream.json`, all that is known of a stream when the service starts.
struct StreamFile: Codable {
    /// Name of the file in the stream's folder.
    static let name = "stream.json"

    var record: StreamRecord
    var counter: FragmentCounter
    /// Fragments older than this are gone for good: raising the retention does not bring them back.
    var archiveStart: Timestamp?

    /// Reads the file in `folder`.
    static func read(from folder: Folder) throws -> StreamFile {
        let data = try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
        return try JSONDecoder().decode(StreamFile.self, from: data)
    }

    /// Puts the file in place, durably and all at once.
    func write(to folder: Folder) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try folder.replace(Self.name, with: ByteBuffer(bytes: try encoder.encode(self)))
    }
}
