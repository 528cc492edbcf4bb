import Foundation
import KinescopeTesting
import Matroska

/// What a `NAME.expected.json` says of the file beside it; written by another parser than ours.
struct ExpectedFile: Decodable {
    struct Chunk: Decodable {
        struct Info: Decodable {
            var timecodeScale: UInt64?
        }

        struct Track: Decodable {
            var number: UInt64
            var codecId: String
        }

        struct Cluster: Decodable {}

        var offset: UInt64
        var fragmentNumber: String?
        var serverTimestamp: String?
        var producerTimestamp: String?
        var millisBehindNow: String?
        var continuationToken: String?
        var errorId: String?
        var errorCode: String?
        var info: Info?
        var tracks: [Track]
        var tags: [Tag]
        var clusters: [Cluster]
        var frames: [FrameDigest]
    }

    struct Tag: Decodable {
        var name: String
        var value: String?

        /// The description keeps what follows a NUL; a reader drops it.
        var shownValue: String? {
            value.map { String($0.prefix { $0 != "\0" }) }
        }
    }

    /// False where the file is cut.
    let isComplete: Bool
    let chunks: [Chunk]

    private enum CodingKeys: String, CodingKey {
        case end, chunks
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        // A file that is cut has an object here instead, with kind and offset.
        isComplete = (try? container.decode(String.self, forKey: .end)) == "complete"
        chunks = try container.decode([Chunk].self, forKey: .chunks)
    }

    init(beside file: URL) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(Self.self, from: Data(contentsOf: Self.url(of: file)))
    }

    static func url(of file: URL) -> URL {
        file.deletingPathExtension().appendingPathExtension("expected.json")
    }
}
