import Foundation
import Testing

/// The folder of recorded and made streams that the project's tests read but do not contain.
///
/// `KINESCOPE_CAPTURES` names it; without that it is looked for beside the package.
enum Captures {
    static let folder: URL? = {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let named = ProcessInfo.processInfo.environment["KINESCOPE_CAPTURES"].map { URL(filePath: $0) }
        let beside = package.deletingLastPathComponent().appending(path: "shared/captures")
        return [named, beside].compactMap(\.self)
            .first { FileManager.default.fileExists(atPath: $0.appending(path: "made").path) }
    }()

    static var areThere: Bool { folder != nil }

    static let whyNot: Comment = "KINESCOPE_CAPTURES names no folder of captures"

    static func path(_ name: String) -> String {
        folder?.appending(path: name).path ?? name
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
            struct Frame: Decodable {
                let track: Int
                let timecode: Int
                let key: Bool
                let size: Int
            }
            let tracks: [Track]
            let frames: [Frame]
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
