/// Lengthens or shortens the retention of a stream.
public enum UpdateDataRetention: ServiceOperation {
    /// Where it is asked.
    public static let path = "/updateDataRetention"

    /// What is asked.
    public struct Input: StreamAddressed, Hashable {
        /// Name of the stream.
        public var streamName: String?
        /// ARN of the stream.
        public var streamARN: String?
        /// Version the stream must have.
        public var currentVersion: String
        /// `INCREASE_DATA_RETENTION` or `DECREASE_DATA_RETENTION`.
        public var operation: String
        /// Hours to add or to take away.
        public var dataRetentionChangeInHours: Int

        private static let increase = "INCREASE_DATA_RETENTION"
        private static let decrease = "DECREASE_DATA_RETENTION"

        /// Asks for so many hours more, less where `change` is negative; 0 is refused.
        public init(_ stream: StreamReference, currentVersion: String, change: Int) {
            streamName = stream.name
            streamARN = stream.arn
            self.currentVersion = currentVersion
            operation = change > 0 ? Self.increase : Self.decrease
            dataRetentionChangeInHours = abs(change)
        }

        /// Hours to add, negative where they are to be taken away.
        public var change: Int {
            operation == Self.increase ? dataRetentionChangeInHours : -dataRetentionChangeInHours
        }

        /// How the stream is named.
        public var stream: StreamReference { StreamReference(name: streamName, arn: streamARN) }

        /// Checks every member.
        ///
        /// - Throws: InvalidArgumentException for the first that breaks its rule.
        public func validate() throws(ServiceError) {
            try stream.validate()
            try Patterns.check(currentVersion, Patterns.version, member: "CurrentVersion")
            guard operation == Self.increase || operation == Self.decrease else {
                throw .invalidArgument("Operation is neither \(Self.increase) nor \(Self.decrease)")
            }
            try Patterns.check(
                dataRetentionChangeInHours,
                in: 1...ServiceLimits.retentionHours.upperBound,
                member: "DataRetentionChangeInHours"
            )
        }

        private enum CodingKeys: String, CodingKey {
            case streamName = "StreamName"
            case streamARN = "StreamARN"
            case currentVersion = "CurrentVersion"
            case operation = "Operation"
            case dataRetentionChangeInHours = "DataRetentionChangeInHours"
        }
    }

    /// Nothing.
    public typealias Output = EmptyOutput
}
