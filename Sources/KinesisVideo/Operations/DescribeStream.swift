/// Describes a stream.
public enum DescribeStream: ServiceOperation {
    /// Where it is asked.
    public static let path = "/describeStream"

    /// What is asked.
    public struct Input: Codable, Sendable, Hashable {
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

        /// Checks every member.
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

    /// What is answered.
    public struct Output: Codable, Sendable, Hashable {
        /// The description.
        public var streamInfo: StreamInfo

        /// Creates the answer.
        public init(streamInfo: StreamInfo) {
            self.streamInfo = streamInfo
        }

        private enum CodingKeys: String, CodingKey {
            case streamInfo = "StreamInfo"
        }
    }
}
