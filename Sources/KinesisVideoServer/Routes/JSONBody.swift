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
        let bytes = body.readableBytes == 0 ? ByteBuffer(string: "{}") : body
        guard JSONSyntax(bytes.readableBytesView).isValid else {
            throw .invalidArgument("the body is no JSON object")
        }
        do {
            return try JSONDecoder().decode(type, from: Data(bytes.readableBytesView))
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

    /// Encodes what the body of a refusal says.
    static func encode(_ refusal: ServiceError) throws -> ByteBuffer {
        try encode(["Message": refusal.message, "__type": refusal.name])
    }

    private static func words(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context): return "\(member(context.codingPath + [key])) is missing"
        case .typeMismatch(let type, let context):
            return "\(member(context.codingPath)) is not \(words(type))"
        case .valueNotFound(let type, let context):
            return "\(member(context.codingPath)) is null, wanted \(words(type))"
        case .dataCorrupted(let context):
            if !context.codingPath.isEmpty {
                return "\(member(context.codingPath)): \(context.debugDescription)"
            }
            // Of a number that does not fit the decoder does not tell where it is.
            return "the body holds a number that is not whole or too large"
        @unknown default: return "the body is no JSON object of this operation"
        }
    }

    private static func member(_ path: [any CodingKey]) -> String {
        guard let first = path.first else { return "the body" }
        return path.dropFirst().reduce(first.stringValue) { name, key in
            key.intValue.map { "\(name)[\($0)]" } ?? "\(name).\(key.stringValue)"
        }
    }

    private static func words(_ type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is Int.Type, is Double.Type: "a number"
        case is Timestamp.Type: "a time: seconds since 1970, or an ISO 8601 string"
        case is [Any].Type: "a list"
        default: "an object"
        }
    }
}
