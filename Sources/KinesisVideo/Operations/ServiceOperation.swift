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

/// An answer without members: `{}`.
public struct EmptyOutput: Codable, Sendable, Hashable {
    /// Creates the answer.
    public init() {}
}

/// How a call names its stream: by name, by ARN, or by both where they agree.
public struct StreamReference: Sendable, Hashable {
    /// Name of the stream.
    public var name: String?
    /// ARN of the stream.
    public var arn: String?

    /// Names a stream.
    public init(name: String? = nil, arn: String? = nil) {
        self.name = name
        self.arn = arn
    }

    /// Checks the form of what is there.
    ///
    /// - Throws: InvalidArgumentException where neither is there or one breaks its pattern.
    public func validate() throws(ServiceError) {
        guard name != nil || arn != nil else {
            throw .invalidArgument("give StreamName or StreamARN")
        }
        if let name { try Patterns.check(name, Patterns.streamName, member: "StreamName") }
        if let arn { try Patterns.check(arn, Patterns.streamARN, member: "StreamARN") }
    }
}

/// The calls that media takes place by; GetDataEndpoint answers where.
public enum DataOperation: String, Sendable, Hashable, Codable, CaseIterable {
    /// Upload.
    case putMedia = "PUT_MEDIA"
    /// Reading in order.
    case getMedia = "GET_MEDIA"
    /// Listing.
    case listFragments = "LIST_FRAGMENTS"
    /// Reading by number.
    case getMediaForFragmentList = "GET_MEDIA_FOR_FRAGMENT_LIST"
    /// A playlist.
    case getHLSStreamingSessionURL = "GET_HLS_STREAMING_SESSION_URL"
    /// A manifest.
    case getDASHStreamingSessionURL = "GET_DASH_STREAMING_SESSION_URL"
    /// A clip.
    case getClip = "GET_CLIP"
    /// Stills.
    case getImages = "GET_IMAGES"
}
