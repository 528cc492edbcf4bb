/// Makes a stream.
public enum CreateStream: ServiceOperation {
    /// Where it is asked.
    public static let path = "/createStream"

    /// What is asked.
    public struct Input: CheckedInput, Hashable {
        /// Name of the stream.
        public var streamName: String
        /// Free text; stored only.
        public var deviceName: String?
        /// Media type, such as `video/h264`.
        public var mediaType: String?
        /// Key; stored only.
        public var kmsKeyID: String?
        /// Hours to keep fragments; absent means 0.
        public var dataRetentionInHours: Int?
        /// Tags of the stream.
        public var tags: [String: String]?
        /// Where its media is kept; absent means `HOT`.
        public var streamStorageConfiguration: StreamStorageConfiguration?

        /// Creates the question.
        public init(
            streamName: String,
            deviceName: String? = nil,
            mediaType: String? = nil,
            kmsKeyID: String? = nil,
            dataRetentionInHours: Int? = nil,
            tags: [String: String]? = nil,
            streamStorageConfiguration: StreamStorageConfiguration? = nil
        ) {
            self.streamName = streamName
            self.deviceName = deviceName
            self.mediaType = mediaType
            self.kmsKeyID = kmsKeyID
            self.dataRetentionInHours = dataRetentionInHours
            self.tags = tags
            self.streamStorageConfiguration = streamStorageConfiguration
        }

        /// Checks every member.
        ///
        /// - Throws: InvalidArgumentException for the first that breaks its rule.
        public func validate() throws(ServiceError) {
            try Patterns.check(streamName, Patterns.streamName, member: "StreamName")
            if let deviceName { try Patterns.check(deviceName, Patterns.deviceName, member: "DeviceName") }
            if let mediaType { try Patterns.check(mediaType, Patterns.mediaType, member: "MediaType") }
            if let kmsKeyID { try Patterns.check(kmsKeyID, Patterns.kmsKeyID, member: "KmsKeyId") }
            let hours = dataRetentionInHours ?? 0
            try Patterns.check(hours, in: ServiceLimits.retentionHours, member: "DataRetentionInHours")
            if let tags { try TagRules.check(tags) }
        }

        private enum CodingKeys: String, CodingKey {
            case streamName = "StreamName"
            case deviceName = "DeviceName"
            case mediaType = "MediaType"
            case kmsKeyID = "KmsKeyId"
            case dataRetentionInHours = "DataRetentionInHours"
            case tags = "Tags"
            case streamStorageConfiguration = "StreamStorageConfiguration"
        }
    }

    /// What is answered.
    public struct Output: Codable, Sendable, Hashable {
        /// ARN of the new stream.
        public var streamARN: String

        /// Creates the answer.
        public init(streamARN: String) {
            self.streamARN = streamARN
        }

        private enum CodingKeys: String, CodingKey {
            case streamARN = "StreamARN"
        }
    }
}
