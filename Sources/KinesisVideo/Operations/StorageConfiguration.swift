/// Says what a stream's media is kept on.
public enum DescribeStreamStorageConfiguration: ServiceOperation {
    /// Where it is asked.
    public static let path = "/describeStreamStorageConfiguration"

    /// The stream.
    public typealias Input = StreamInput

    /// What is answered.
    public struct Output: Codable, Sendable, Hashable {
        /// Name of the stream.
        public var streamName: String
        /// ARN of the stream.
        public var streamARN: String
        /// What its media is kept on.
        public var streamStorageConfiguration: StreamStorageConfiguration

        /// Creates the answer.
        public init(
            streamName: String,
            streamARN: String,
            streamStorageConfiguration: StreamStorageConfiguration
        ) {
            self.streamName = streamName
            self.streamARN = streamARN
            self.streamStorageConfiguration = streamStorageConfiguration
        }

        private enum CodingKeys: String, CodingKey {
            case streamName = "StreamName"
            case streamARN = "StreamARN"
            case streamStorageConfiguration = "StreamStorageConfiguration"
        }
    }
}

/// Changes what a stream's media is kept on.
public enum UpdateStreamStorageConfiguration: ServiceOperation {
    /// Where it is asked.
    public static let path = "/updateStreamStorageConfiguration"

    /// What is asked.
    public struct Input: StreamAddressed, Hashable {
        /// Name of the stream.
        public var streamName: String?
        /// ARN of the stream.
        public var streamARN: String?
        /// Version the stream must have.
        public var currentVersion: String
        /// What its media is kept on from now on.
        public var streamStorageConfiguration: StreamStorageConfiguration

        /// Asks about a stream.
        public init(
            _ stream: StreamReference,
            currentVersion: String,
            streamStorageConfiguration: StreamStorageConfiguration
        ) {
            streamName = stream.name
            streamARN = stream.arn
            self.currentVersion = currentVersion
            self.streamStorageConfiguration = streamStorageConfiguration
        }

        /// How the stream is named.
        public var stream: StreamReference { StreamReference(name: streamName, arn: streamARN) }

        /// Checks every member.
        ///
        /// - Throws: InvalidArgumentException for the first that breaks its rule.
        public func validate() throws(ServiceError) {
            try stream.validate()
            try Patterns.check(currentVersion, Patterns.version, member: "CurrentVersion")
        }

        private enum CodingKeys: String, CodingKey {
            case streamName = "StreamName"
            case streamARN = "StreamARN"
            case currentVersion = "CurrentVersion"
            case streamStorageConfiguration = "StreamStorageConfiguration"
        }
    }

    /// Nothing.
    public typealias Output = EmptyOutput
}
