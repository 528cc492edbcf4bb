import Foundation
import KinescopeTesting

extension Captures {
    /// The path of a file below the folder of captures, such as `made/h265.mkv`.
    static func path(_ name: String) -> String {
        made.deletingLastPathComponent().appending(path: name).path
    }

    /// What a file holds and what decoding it must give.
    struct Expectation: Decodable {
        struct Decoded: Decodable {
            struct Track: Decodable {
                let kind: String
                let frames: Int
                let first_md5: String?
                let middle_md5: String?
                let last_md5: String?
            }
            let whole: [Track]
        }
        struct Chunk: Decodable {
            struct Track: Decodable {
                let number: Int
                let type: Int
                let codec_id: String
                let codec_private: String?
            }
            let tracks: [Track]
            let frames: [FrameDigest]
        }
        let chunks: [Chunk]
        let decoded: Decoded
    }

    static func expectation(_ name: String) throws -> Expectation {
        let url = URL(filePath: path(name + ".expected.json"))
        return try JSONDecoder().decode(Expectation.self, from: Data(contentsOf: url))
    }
}

extension Collection<UInt8> {
    var hex: String {
        map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
