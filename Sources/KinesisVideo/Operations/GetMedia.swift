/// Reads a stream in order; the answer is media.
public enum GetMedia: ServiceOperation {
    /// Where it is asked.
    public static let path = "/getMedia"

    /// What is asked.
    public struct Input: Codable, Sendable, Hashable {
        /// Name of the stream.
        public var streamName: String?
        /// ARN of the stream.
        public var streamARN: String?
        /// Where to begin.
        public var startSelector: Selector

        /// Asks for a stream from a start.
        public init(_ stream: StreamReference, from start: StartSelector) {
            streamName = stream.name
            streamARN = stream.arn
            startSelector = Selector(start)
        }

        /// How the stream is named.
        public var stream: StreamReference { StreamReference(name: streamName, arn: streamARN) }

        /// Checks every member.
        ///
        /// - Returns: where to begin.
        /// - Throws: InvalidArgumentException for the first member that breaks its rule.
        public func validate() throws(ServiceError) -> StartSelector {
            try stream.validate()
            return try startSelector.selector()
        }

        private enum CodingKeys: String, CodingKey {
            case streamName = "StreamName"
            case streamARN = "StreamARN"
            case startSelector = "StartSelector"
        }
    }

    /// The media itself follows instead.
    public typealias Output = EmptyOutput

    /// A start as it is written.
    public struct Selector: Codable, Sendable, Hashable {
        /// Which of the others counts.
        public var startSelectorType: String
        /// With `FRAGMENT_NUMBER`.
        public var afterFragmentNumber: String?
        /// With the two timestamps.
        public var startTimestamp: Timestamp?
        /// With `CONTINUATION_TOKEN`.
        public var continuationToken: String?

        init(_ start: StartSelector) {
            switch start {
            case .now: startSelectorType = "NOW"
            case .earliest: startSelectorType = "EARLIEST"
            case .afterFragment(let number):
                startSelectorType = "FRAGMENT_NUMBER"
                afterFragmentNumber = number.padded
            case .serverTimestamp(let timestamp):
                startSelectorType = "SERVER_TIMESTAMP"
                startTimestamp = timestamp
            case .producerTimestamp(let timestamp):
                startSelectorType = "PRODUCER_TIMESTAMP"
                startTimestamp = timestamp
            case .continuationToken(let token):
                startSelectorType = "CONTINUATION_TOKEN"
                continuationToken = token
            }
        }

        func selector() throws(ServiceError) -> StartSelector {
            switch startSelectorType {
            case "NOW": return .now
            case "EARLIEST": return .earliest
            case "FRAGMENT_NUMBER":
                let text = try required(afterFragmentNumber, "AfterFragmentNumber")
                guard let number = FragmentNumber(text) else {
                    throw .invalidArgument(
                        "AfterFragmentNumber is '\(text.prefix(140))', wanted 1 to 128 digits"
                    )
                }
                return .afterFragment(number)
            case "SERVER_TIMESTAMP": return .serverTimestamp(try required(startTimestamp, "StartTimestamp"))
            case "PRODUCER_TIMESTAMP":
                return .producerTimestamp(try required(startTimestamp, "StartTimestamp"))
            case "CONTINUATION_TOKEN":
                let token = try required(continuationToken, "ContinuationToken")
                try Patterns.check(token, Patterns.continuationToken, member: "ContinuationToken")
                // Every token of this service is the number of the chunk that carried it.
                guard FragmentNumber(token) != nil else {
                    throw .invalidArgument("ContinuationToken is none that this service gave")
                }
                return .continuationToken(token)
            default:
                throw .invalidArgument(
                    "StartSelectorType is '\(startSelectorType.prefix(40))', wanted NOW, EARLIEST, FRAGMENT_NUMBER, "
                        + "SERVER_TIMESTAMP, PRODUCER_TIMESTAMP or CONTINUATION_TOKEN"
                )
            }
        }

        private func required<Value>(_ value: Value?, _ member: String) throws(ServiceError) -> Value {
            guard let value else {
                throw .invalidArgument("StartSelectorType \(startSelectorType) needs \(member)")
            }
            return value
        }

        private enum CodingKeys: String, CodingKey {
            case startSelectorType = "StartSelectorType"
            case afterFragmentNumber = "AfterFragmentNumber"
            case startTimestamp = "StartTimestamp"
            case continuationToken = "ContinuationToken"
        }
    }
}
