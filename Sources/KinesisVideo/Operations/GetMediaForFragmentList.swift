/// Reads archived fragments by number; the answer is media.
public enum GetMediaForFragmentList: ServiceOperation {
    /// Where it is asked.
    public static let path = "/getMediaForFragmentList"

    /// What is asked.
    public struct Input: Codable, Sendable, Hashable {
        /// Name of the stream.
        public var streamName: String?
        /// ARN of the stream.
        public var streamARN: String?
        /// Fragment numbers, in the order wanted.
        public var fragments: [String]

        /// Asks about a stream.
        public init(_ stream: StreamReference, fragments: [String]) {
            streamName = stream.name
            streamARN = stream.arn
            self.fragments = fragments
        }

        /// How the stream is named.
        public var stream: StreamReference { StreamReference(name: streamName, arn: streamARN) }

        /// Checks every member.
        ///
        /// - Throws: InvalidArgumentException for the first that breaks its rule.
        public func validate() throws(ServiceError) {
            try stream.validate()
            try Patterns.check(
                fragments.count,
                in: ServiceLimits.fetchedFragments,
                member: "number of Fragments"
            )
            for text in fragments where FragmentNumber(text) == nil {
                throw .invalidArgument("Fragments holds '\(text.prefix(140))', which is no fragment number")
            }
        }

        private enum CodingKeys: String, CodingKey {
            case streamName = "StreamName"
            case streamARN = "StreamARN"
            case fragments = "Fragments"
        }
    }

    /// Nothing.
    public typealias Output = EmptyOutput
}
