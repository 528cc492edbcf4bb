/// Says where a media call of a stream goes.
public enum GetDataEndpoint: ServiceOperation {
    /// Where it is asked.
    public static let path = "/getDataEndpoint"

    /// What is asked.
    public struct Input: StreamAddressed, Hashable {
        /// Name of the stream.
        public var streamName: String?
        /// ARN of the stream.
        public var streamARN: String?
        /// Name of the call, such as `GET_MEDIA`.
        public var apiName: String

        /// Asks about a stream.
        public init(_ stream: StreamReference, apiName: String) {
            streamName = stream.name
            streamARN = stream.arn
            self.apiName = apiName
        }

        /// How the stream is named.
        public var stream: StreamReference { StreamReference(name: streamName, arn: streamARN) }

        /// Checks every member.
        ///
        /// - Throws: InvalidArgumentException for the first that breaks its rule.
        public func validate() throws(ServiceError) {
            try stream.validate()
            guard DataOperation(rawValue: apiName) != nil else {
                let names = DataOperation.allCases.map(\.rawValue).joined(separator: ", ")
                throw .invalidArgument("APIName is none of \(names)")
            }
        }

        private enum CodingKeys: String, CodingKey {
            case streamName = "StreamName"
            case streamARN = "StreamARN"
            case apiName = "APIName"
        }
    }

    /// What is answered.
    public struct Output: Codable, Sendable, Hashable {
        /// URL without a path.
        public var dataEndpoint: String

        /// Creates the answer.
        public init(dataEndpoint: String) {
            self.dataEndpoint = dataEndpoint
        }

        private enum CodingKeys: String, CodingKey {
            case dataEndpoint = "DataEndpoint"
        }
    }
}
