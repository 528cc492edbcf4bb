/// Adds tags to a stream, or changes their values.
public enum TagStream: ServiceOperation {
    /// Where it is asked.
    public static let path = "/tagStream"

    /// What is asked.
    public struct Input: StreamAddressed, Hashable {
        /// Name of the stream.
        public var streamName: String?
        /// ARN of the stream.
        public var streamARN: String?
        /// Values by key, 1 to 50.
        public var tags: [String: String]

        /// Asks about a stream.
        public init(_ stream: StreamReference, tags: [String: String]) {
            streamName = stream.name
            streamARN = stream.arn
            self.tags = tags
        }

        /// How the stream is named.
        public var stream: StreamReference { StreamReference(name: streamName, arn: streamARN) }

        /// Checks every member.
        ///
        /// - Throws: InvalidResourceFormatException for a malformed ARN, InvalidArgumentException for all else.
        public func validate() throws(ServiceError) {
            try stream.validateForTagging()
            try TagRules.check(tags)
        }

        private enum CodingKeys: String, CodingKey {
            case streamName = "StreamName"
            case streamARN = "StreamARN"
            case tags = "Tags"
        }
    }

    /// Nothing.
    public typealias Output = EmptyOutput
}

/// Takes tags from a stream.
public enum UntagStream: ServiceOperation {
    /// Where it is asked.
    public static let path = "/untagStream"

    /// What is asked.
    public struct Input: StreamAddressed, Hashable {
        /// Name of the stream.
        public var streamName: String?
        /// ARN of the stream.
        public var streamARN: String?
        /// Keys, 1 to 50; one that is not there is no error.
        public var tagKeyList: [String]

        /// Asks about a stream.
        public init(_ stream: StreamReference, tagKeyList: [String]) {
            streamName = stream.name
            streamARN = stream.arn
            self.tagKeyList = tagKeyList
        }

        /// How the stream is named.
        public var stream: StreamReference { StreamReference(name: streamName, arn: streamARN) }

        /// Checks every member.
        ///
        /// - Throws: InvalidResourceFormatException for a malformed ARN, InvalidArgumentException for all else.
        public func validate() throws(ServiceError) {
            try stream.validateForTagging()
            try TagRules.check(keys: tagKeyList)
        }

        private enum CodingKeys: String, CodingKey {
            case streamName = "StreamName"
            case streamARN = "StreamARN"
            case tagKeyList = "TagKeyList"
        }
    }

    /// Nothing.
    public typealias Output = EmptyOutput
}

/// Lists the tags of a stream.
public enum ListTagsForStream: ServiceOperation {
    /// Where it is asked.
    public static let path = "/listTagsForStream"

    /// What is asked.
    public struct Input: StreamAddressed, Hashable {
        /// Name of the stream.
        public var streamName: String?
        /// ARN of the stream.
        public var streamARN: String?
        /// Where to go on.
        public var nextToken: String?

        /// Asks about a stream.
        public init(_ stream: StreamReference, nextToken: String? = nil) {
            streamName = stream.name
            streamARN = stream.arn
            self.nextToken = nextToken
        }

        /// How the stream is named.
        public var stream: StreamReference { StreamReference(name: streamName, arn: streamARN) }

        /// Checks every member.
        ///
        /// - Throws: InvalidResourceFormatException for a malformed ARN, InvalidArgumentException for all else.
        public func validate() throws(ServiceError) {
            try stream.validateForTagging()
            try Patterns.checkNoToken(nextToken)
        }

        private enum CodingKeys: String, CodingKey {
            case streamName = "StreamName"
            case streamARN = "StreamARN"
            case nextToken = "NextToken"
        }
    }

    /// The tags.
    public typealias Output = TagsOutput
}

/// A page of tags, the answer of both listings.
public struct TagsOutput: Codable, Sendable, Hashable {
    /// Values by key.
    public var tags: [String: String]
    /// Where to go on; absent on the last page.
    public var nextToken: String?

    /// Creates the answer.
    public init(tags: [String: String], nextToken: String? = nil) {
        self.tags = tags
        self.nextToken = nextToken
    }

    private enum CodingKeys: String, CodingKey {
        case tags = "Tags"
        case nextToken = "NextToken"
    }
}
