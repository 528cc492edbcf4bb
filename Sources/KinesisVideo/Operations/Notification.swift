/// Says who is told of a stream's fragments.
public enum DescribeNotificationConfiguration: ServiceOperation {
    /// Where it is asked.
    public static let path = "/describeNotificationConfiguration"

    /// The stream.
    public typealias Input = StreamInput

    /// What is answered.
    public struct Output: Codable, Sendable, Hashable {
        /// The configuration; absent where there is none.
        public var notificationConfiguration: NotificationConfiguration?

        /// Creates the answer.
        public init(notificationConfiguration: NotificationConfiguration? = nil) {
            self.notificationConfiguration = notificationConfiguration
        }

        private enum CodingKeys: String, CodingKey {
            case notificationConfiguration = "NotificationConfiguration"
        }
    }
}

/// Sets who is told of a stream's fragments, or takes the configuration away.
public enum UpdateNotificationConfiguration: ServiceOperation {
    /// Where it is asked.
    public static let path = "/updateNotificationConfiguration"

    /// What is asked.
    public struct Input: StreamAddressed, Hashable {
        /// Name of the stream.
        public var streamName: String?
        /// ARN of the stream.
        public var streamARN: String?
        /// The configuration; absent takes it away.
        public var notificationConfiguration: NotificationConfiguration?

        /// Asks about a stream.
        public init(
            _ stream: StreamReference,
            notificationConfiguration: NotificationConfiguration? = nil
        ) {
            streamName = stream.name
            streamARN = stream.arn
            self.notificationConfiguration = notificationConfiguration
        }

        /// How the stream is named.
        public var stream: StreamReference { StreamReference(name: streamName, arn: streamARN) }

        /// Checks every member.
        ///
        /// - Throws: InvalidArgumentException for the first that breaks its rule.
        public func validate() throws(ServiceError) {
            try stream.validate()
            try notificationConfiguration?.validate()
        }

        private enum CodingKeys: String, CodingKey {
            case streamName = "StreamName"
            case streamARN = "StreamARN"
            case notificationConfiguration = "NotificationConfiguration"
        }
    }

    /// Nothing.
    public typealias Output = EmptyOutput
}
