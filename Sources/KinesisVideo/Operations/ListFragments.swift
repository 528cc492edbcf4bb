/// Lists archived fragments whose start lies in a range.
public enum ListFragments: ServiceOperation {
    /// Where it is asked.
    public static let path = "/listFragments"

    /// What is asked.
    public struct Input: Codable, Sendable, Hashable {
        /// Name of the stream.
        public var streamName: String?
        /// ARN of the stream.
        public var streamARN: String?
        /// Fragments of a page; absent means 100.
        public var maxResults: Int?
        /// Where to go on; it wins over the selector.
        public var nextToken: String?
        /// Which fragments.
        public var fragmentSelector: Selector?

        /// Asks for a page.
        public init(
            _ stream: StreamReference,
            selector: FragmentSelector? = nil,
            maxResults: Int? = nil,
            nextToken: String? = nil
        ) {
            streamName = stream.name
            streamARN = stream.arn
            self.maxResults = maxResults
            self.nextToken = nextToken
            fragmentSelector = selector.map(Selector.init)
        }

        /// How the stream is named.
        public var stream: StreamReference { StreamReference(name: streamName, arn: streamARN) }

        /// Checks every member but the token's meaning.
        ///
        /// - Throws: InvalidArgumentException for the first that breaks its rule.
        public func validate() throws(ServiceError) {
            try stream.validate()
            if let maxResults {
                try Patterns.check(maxResults, in: ServiceLimits.listedFragments, member: "MaxResults")
            }
            if let nextToken { try Patterns.check(nextToken, Patterns.listingToken, member: "NextToken") }
            guard nextToken != nil || fragmentSelector != nil else {
                throw .invalidArgument("give FragmentSelector, or NextToken to go on")
            }
            _ = try fragmentSelector?.selector()
        }

        private enum CodingKeys: String, CodingKey {
            case streamName = "StreamName"
            case streamARN = "StreamARN"
            case maxResults = "MaxResults"
            case nextToken = "NextToken"
            case fragmentSelector = "FragmentSelector"
        }
    }

    /// A page.
    public struct Output: Codable, Sendable, Hashable {
        /// The fragments, in no order that a client may rely on.
        public var fragments: [FragmentInfo]
        /// Where to go on; absent on the last page.
        public var nextToken: String?

        /// Creates a page.
        public init(fragments: [FragmentInfo], nextToken: String? = nil) {
            self.fragments = fragments
            self.nextToken = nextToken
        }

        private enum CodingKeys: String, CodingKey {
            case fragments = "Fragments"
            case nextToken = "NextToken"
        }
    }

    /// A range as it is written.
    public struct Selector: Codable, Sendable, Hashable {
        var fragmentSelectorType: String
        var timestampRange: Range

        struct Range: Codable, Hashable {
            var startTimestamp: Timestamp
            var endTimestamp: Timestamp

            private enum CodingKeys: String, CodingKey {
                case startTimestamp = "StartTimestamp"
                case endTimestamp = "EndTimestamp"
            }
        }

        init(_ selector: FragmentSelector) {
            fragmentSelectorType = selector.clock.rawValue
            timestampRange = Range(startTimestamp: selector.start, endTimestamp: selector.end)
        }

        /// The range, checked.
        public func selector() throws(ServiceError) -> FragmentSelector {
            guard let clock = FragmentClock(rawValue: fragmentSelectorType) else {
                throw .invalidArgument(
                    "FragmentSelectorType is '\(fragmentSelectorType.prefix(40))', "
                        + "wanted SERVER_TIMESTAMP or PRODUCER_TIMESTAMP"
                )
            }
            guard timestampRange.startTimestamp <= timestampRange.endTimestamp else {
                throw .invalidArgument("StartTimestamp is later than EndTimestamp")
            }
            return FragmentSelector(
                clock: clock,
                start: timestampRange.startTimestamp,
                end: timestampRange.endTimestamp
            )
        }

        private enum CodingKeys: String, CodingKey {
            case fragmentSelectorType = "FragmentSelectorType"
            case timestampRange = "TimestampRange"
        }
    }
}
