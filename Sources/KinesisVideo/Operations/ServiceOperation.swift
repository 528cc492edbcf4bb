/// One call of the service: a JSON object up, and a JSON object or media down.
///
/// Input and output are values that both sides share: the client encodes what the server decodes.
public protocol ServiceOperation: Sendable {
    /// What is asked.
    associatedtype Input: Codable, Sendable
    /// What is answered.
    associatedtype Output: Codable, Sendable
    /// Where it is asked, by POST.
    static var path: String { get }
}

/// What is asked, with the rules of its members.
public protocol CheckedInput: Codable, Sendable {
    /// Checks every member, without a look at what is stored.
    ///
    /// - Throws: InvalidArgumentException for the first that breaks its rule.
    func validate() throws(ServiceError)
}

/// What is asked of one stream.
public protocol StreamAddressed: CheckedInput {
    /// How the stream is named.
    var stream: StreamReference { get }
}

/// An answer without members: `{}`.
public struct EmptyOutput: Codable, Sendable, Hashable {
    /// Creates the answer.
    public init() {}
}

/// A question that names its stream and nothing else.
public struct StreamInput: StreamAddressed, Hashable {
    /// Name of the stream.
    public var streamName: String?
    /// ARN of the stream.
    public var streamARN: String?

    /// Asks about a stream.
    public init(_ stream: StreamReference) {
        streamName = stream.name
        streamARN = stream.arn
    }

    /// How the stream is named.
    public var stream: StreamReference { StreamReference(name: streamName, arn: streamARN) }

    /// Checks name and ARN.
    ///
    /// - Throws: InvalidArgumentException for the first that breaks its rule.
    public func validate() throws(ServiceError) {
        try stream.validate()
    }

    private enum CodingKeys: String, CodingKey {
        case streamName = "StreamName"
        case streamARN = "StreamARN"
    }
}
