import Foundation
import KinesisVideo
import NIOCore

/// Reads and writes the JSON of requests and answers.
enum JSONBody {
    /// Decodes a body; an empty one counts as `{}`.
    ///
    /// - Throws: InvalidArgumentException that names the member.
    static func decode<Value: Decodable>(_ type: Value.Type, from body: ByteBuffer) throws(ServiceError)
        -> Value
    {
        let data = body.readableBytes == 0 ? Data("{}".utf8) : Data(body.readableBytesView)
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch let error as DecodingError {
            throw .invalidArgument(words(error))
        } catch {
            throw .invalidArgument("the body is no JSON object")
        }
    }

    /// Encodes an answer.
    ///
    /// Slashes stay as they are: producers take URLs and ARNs out of the text without undoing escapes.
    static func encode(_ value: some Encodable) throws -> ByteBuffer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try ByteBuffer(bytes: encoder.encode(value))
    }

    private static func words(_ error: DecodingError) -> String {
        func path(_ context: DecodingError.Context) -> String {
            context.codingPath.isEmpty
                ? "the body" : context.codingPath.map(\.stringValue).joined(separator: ".")
        }
        switch error {
        case .keyNotFound(let key, let context):
            return "\((context.codingPath + [key]).map(\.stringValue).joined(separator: ".")) is missing"
        case .typeMismatch(let type, let context): return "\(path(context)) is not of type \(type)"
        case .valueNotFound(let type, let context): return "\(path(context)) is null, wanted \(type)"
        case .dataCorrupted(let context):
            return context.codingPath.isEmpty
                ? "the body is no JSON object" : "\(path(context)): \(context.debugDescription)"
        @unknown default: return "the body is no JSON object of this operation"
        }
    }
}
