/// Deletes a stream and everything it keeps.
public enum DeleteStream: ServiceOperation {
    /// Where it is asked.
    public static let path = "/deleteStream"

    /// What is asked.
    public struct Input: StreamAddressed, Hashable {
        /// ARN of the stream; a name is not enough.
        public var streamARN: String
        /// Version it must have.
        public var currentVersion: String?

        /// Creates the question.
        public init(streamARN: String, currentVersion: String? = nil) {
            self.streamARN = streamARN
            self.currentVersion = currentVersion
        }

        /// How the stream is named.
        public var stream: StreamReference { StreamReference(arn: streamARN) }

        /// Checks every member.
        ///
        /// - Throws: InvalidArgumentException for the first that breaks its rule.
        public func validate() throws(ServiceError) {
            try stream.validate()
            if let currentVersion {
                try Patterns.check(currentVersion, Patterns.version, member: "CurrentVersion")
            }
        }

        private enum CodingKeys: String, CodingKey {
            case streamARN = "StreamARN"
            case currentVersion = "CurrentVersion"
        }
    }

    /// Nothing.
    public typealias Output = EmptyOutput
}
