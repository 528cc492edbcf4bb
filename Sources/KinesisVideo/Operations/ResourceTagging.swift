/// Adds tags to whatever an ARN names, or changes their values.
///
/// Unlike ``TagStream`` it takes a list; its path begins in upper case.
public enum TagResource: ServiceOperation {
    /// Where it is asked.
    public static let path = "/TagResource"

    /// A tag.
    public struct Tag: Codable, Sendable, Hashable {
        /// Its key.
        public var key: String
        /// Its value.
        public var value: String

        /// Creates a tag.
        public init(key: String, value: String) {
            self.key = key
            self.value = value
        }

        private enum CodingKeys: String, CodingKey {
            case key = "Key"
            case value = "Value"
        }
    }

    /// What is asked.
    public struct Input: StreamAddressed, Hashable {
        /// ARN of the resource.
        public var resourceARN: String
        /// Tags, 1 to 50, each key once.
        public var tags: [Tag]

        /// Asks about a resource.
        public init(resourceARN: String, tags: [Tag]) {
            self.resourceARN = resourceARN
            self.tags = tags
        }

        /// How the stream is named.
        public var stream: StreamReference { StreamReference(arn: resourceARN) }

        /// The tags as a map.
        public var tagsByKey: [String: String] {
            Dictionary(tags.map { ($0.key, $0.value) }) { first, _ in first }
        }

        /// Checks every member.
        ///
        /// - Throws: InvalidArgumentException for the first that breaks its rule.
        public func validate() throws(ServiceError) {
            try Patterns.check(resourceARN, Patterns.streamARN, member: "ResourceARN")
            try Patterns.check(tags.count, in: 1...ServiceLimits.tagsPerStream, member: "number of Tags")
            guard tagsByKey.count == tags.count else { throw .invalidArgument("Tags holds a key twice") }
            try TagRules.check(tagsByKey)
        }

        private enum CodingKeys: String, CodingKey {
            case resourceARN = "ResourceARN"
            case tags = "Tags"
        }
    }

    /// Nothing.
    public typealias Output = EmptyOutput
}

/// Takes tags from whatever an ARN names.
public enum UntagResource: ServiceOperation {
    /// Where it is asked.
    public static let path = "/UntagResource"

    /// What is asked.
    public struct Input: StreamAddressed, Hashable {
        /// ARN of the resource.
        public var resourceARN: String
        /// Keys, 1 to 50; one that is not there is no error.
        public var tagKeyList: [String]

        /// Asks about a resource.
        public init(resourceARN: String, tagKeyList: [String]) {
            self.resourceARN = resourceARN
            self.tagKeyList = tagKeyList
        }

        /// How the stream is named.
        public var stream: StreamReference { StreamReference(arn: resourceARN) }

        /// Checks every member.
        ///
        /// - Throws: InvalidArgumentException for the first that breaks its rule.
        public func validate() throws(ServiceError) {
            try Patterns.check(resourceARN, Patterns.streamARN, member: "ResourceARN")
            try TagRules.check(keys: tagKeyList)
        }

        private enum CodingKeys: String, CodingKey {
            case resourceARN = "ResourceARN"
            case tagKeyList = "TagKeyList"
        }
    }

    /// Nothing.
    public typealias Output = EmptyOutput
}

/// Lists the tags of whatever an ARN names.
public enum ListTagsForResource: ServiceOperation {
    /// Where it is asked.
    public static let path = "/ListTagsForResource"

    /// What is asked.
    public struct Input: StreamAddressed, Hashable {
        /// ARN of the resource.
        public var resourceARN: String
        /// Where to go on.
        public var nextToken: String?

        /// Asks about a resource.
        public init(resourceARN: String, nextToken: String? = nil) {
            self.resourceARN = resourceARN
            self.nextToken = nextToken
        }

        /// How the stream is named.
        public var stream: StreamReference { StreamReference(arn: resourceARN) }

        /// Checks every member.
        ///
        /// - Throws: InvalidArgumentException for the first that breaks its rule.
        public func validate() throws(ServiceError) {
            try Patterns.check(resourceARN, Patterns.streamARN, member: "ResourceARN")
            try Patterns.checkNoToken(nextToken)
        }

        private enum CodingKeys: String, CodingKey {
            case resourceARN = "ResourceARN"
            case nextToken = "NextToken"
        }
    }

    /// The tags, as a map.
    public typealias Output = TagsOutput
}
