/// Says which channels are mapped to a stream; kinescope has no channels.
public enum DescribeMappedResourceConfiguration: ServiceOperation {
    /// Where it is asked.
    public static let path = "/describeMappedResourceConfiguration"

    /// What is asked.
    public struct Input: StreamAddressed, Hashable {
        /// Name of the stream.
        public var streamName: String?
        /// ARN of the stream.
        public var streamARN: String?
        /// Entries of a page; 1 is the only value there is.
        public var maxResults: Int?
        /// Where to go on.
        public var nextToken: String?

        /// Asks about a stream.
        public init(_ stream: StreamReference, maxResults: Int? = nil, nextToken: String? = nil) {
            streamName = stream.name
            streamARN = stream.arn
            self.maxResults = maxResults
            self.nextToken = nextToken
        }

        /// How the stream is named.
        public var stream: StreamReference { StreamReference(name: streamName, arn: streamARN) }

        /// Checks every member.
        ///
        /// - Throws: InvalidArgumentException for the first that breaks its rule; no listing gives a token here.
        public func validate() throws(ServiceError) {
            try stream.validate()
            if let maxResults { try Patterns.check(maxResults, in: 1...1, member: "MaxResults") }
            try Patterns.checkNoToken(nextToken)
        }

        private enum CodingKeys: String, CodingKey {
            case streamName = "StreamName"
            case streamARN = "StreamARN"
            case maxResults = "MaxResults"
            case nextToken = "NextToken"
        }
    }

    /// What is answered.
    public struct Output: Codable, Sendable, Hashable {
        /// A channel that a stream is mapped to.
        public struct MappedResource: Codable, Sendable, Hashable {
            /// Kind of the resource.
            public var type: String?
            /// Its ARN.
            public var arn: String?

            private enum CodingKeys: String, CodingKey {
                case type = "Type"
                case arn = "ARN"
            }
        }

        /// The page.
        public var mappedResourceConfigurationList: [MappedResource]
        /// Where to go on; absent on the last page.
        public var nextToken: String?

        /// Creates an answer without entries.
        public init() {
            mappedResourceConfigurationList = []
        }

        private enum CodingKeys: String, CodingKey {
            case mappedResourceConfigurationList = "MappedResourceConfigurationList"
            case nextToken = "NextToken"
        }
    }
}
