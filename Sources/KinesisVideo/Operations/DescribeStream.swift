/// Describes a stream.
public enum DescribeStream: ServiceOperation {
    /// Where it is asked.
    public static let path = "/describeStream"

    /// The stream.
    public typealias Input = StreamInput

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
