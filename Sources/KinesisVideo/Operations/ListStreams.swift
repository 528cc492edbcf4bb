/// Lists streams by name.
public enum ListStreams: ServiceOperation {
    /// Where it is asked.
    public static let path = "/listStreams"

    /// What is asked.
    public struct Input: CheckedInput, Hashable {
        /// Streams of a page; absent means 10,000.
        public var maxResults: Int?
        /// Where to go on.
        public var nextToken: String?
        /// Which names to list.
        public var streamNameCondition: NameCondition?

        /// Creates the question.
        public init(
            maxResults: Int? = nil,
            nextToken: String? = nil,
            streamNameCondition: NameCondition? = nil
        ) {
            self.maxResults = maxResults
            self.nextToken = nextToken
            self.streamNameCondition = streamNameCondition
        }

        /// Checks every member.
        ///
        /// - Throws: InvalidArgumentException for the first that breaks its rule.
        public func validate() throws(ServiceError) {
            if let maxResults {
                try Patterns.check(maxResults, in: ServiceLimits.listedStreams, member: "MaxResults")
            }
            if let nextToken { try Patterns.check(nextToken, Patterns.nextToken, member: "NextToken") }
            try streamNameCondition?.validate()
        }

        private enum CodingKeys: String, CodingKey {
            case maxResults = "MaxResults"
            case nextToken = "NextToken"
            case streamNameCondition = "StreamNameCondition"
        }
    }

    /// What is answered.
    public struct Output: Codable, Sendable, Hashable {
        /// The page.
        public var streamInfoList: [StreamInfo]
        /// Where to go on; absent on the last page.
        public var nextToken: String?

        /// Creates the answer.
        public init(streamInfoList: [StreamInfo], nextToken: String? = nil) {
            self.streamInfoList = streamInfoList
            self.nextToken = nextToken
        }

        private enum CodingKeys: String, CodingKey {
            case streamInfoList = "StreamInfoList"
            case nextToken = "NextToken"
        }
    }

    /// A condition on names.
    public struct NameCondition: Codable, Sendable, Hashable {
        /// Always `BEGINS_WITH`.
        public var comparisonOperator: String?
        /// What names begin with.
        public var comparisonValue: String?

        /// Asks for names that begin with a text.
        public init(beginsWith prefix: String) {
            comparisonOperator = "BEGINS_WITH"
            comparisonValue = prefix
        }

        func validate() throws(ServiceError) {
            if let comparisonOperator, comparisonOperator != "BEGINS_WITH" {
                throw .invalidArgument("ComparisonOperator is '\(comparisonOperator)', wanted BEGINS_WITH")
            }
            if let comparisonValue {
                try Patterns.check(comparisonValue, Patterns.streamName, member: "ComparisonValue")
            }
        }

        private enum CodingKeys: String, CodingKey {
            case comparisonOperator = "ComparisonOperator"
            case comparisonValue = "ComparisonValue"
        }
    }
}
