import Foundation
import HTTPTypes
import KinesisVideo
import NIOCore

/// The streams that a request is about, wherever it names them.
///
/// Read leniently: what is malformed is for the operation to refuse.
enum NamedStreams {
    private struct Members: Decodable {
        var names: [String]

        private enum CodingKeys: String, CodingKey, CaseIterable {
            case StreamName, StreamARN, ResourceARN
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            names = CodingKeys.allCases.compactMap { key in
                (try? container.decode(String.self, forKey: key)).map {
                    key == .StreamName ? $0 : NamedStreams.name(inARN: $0)
                }
            }
        }
    }

    static func of(_ headers: HTTPFields) -> [String] {
        [headers[.amznStreamName], headers[.amznStreamARN].map(name(inARN:))].compactMap(\.self)
    }

    static func of(_ body: ByteBuffer) -> [String] {
        (try? JSONDecoder().decode(Members.self, from: Data(body.readableBytesView)))?.names ?? []
    }

    /// `lobby` of `arn:aws:kinesisvideo:local-1:000000000000:stream/lobby/1763733600000`.
    ///
    /// What is no such ARN stands for itself, so that no prefix covers it by accident of its form.
    static func name(inARN arn: String) -> String {
        let parts = arn.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 3 && parts[0].hasSuffix(":stream") ? String(parts[1]) : arn
    }
}
