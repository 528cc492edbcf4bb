/// Changes what a stream says of its device and its media.
public enum UpdateStream: ServiceOperation {
    /// Where it is asked.
    public static let path = "/updateStream"

    /// What is asked; absent members keep their value.
    public struct Input: StreamAddressed, Hashable {
        /// Name of the stream.
        public var streamName: String?
        /// ARN of the stream.
        public var streamARN: String?
        /// Version the stream must have.
        public var currentVersion: String
        /// Free text; stored only.
        public var deviceName: String?
        /// Media type, such as `video/h264`.
        public var mediaType: String?

        /// Asks about a stream.
        public init(
            _ stream: StreamReference,
            currentVersion: String,
            deviceName: String? = nil,
            mediaType: String? = nil
        ) {
            streamName = stream.name
            streamARN = stream.arn
            self.currentVersion = currentVersion
            self.deviceName = deviceName
            self.mediaType = mediaType
        }

        /// How the stream is named.
        public var stream: StreamReference { StreamReference(name: streamName, arn: streamARN) }

        /// Checks every member.
        ///
        /// - Throws: InvalidArgumentException for the first that breaks its rule.
        public func validate() throws(ServiceError) {
            try stream.validate()
            try Patterns.check(currentVersion, Patterns.version, member: "CurrentVersion")
            if let deviceName { try Patterns.check(deviceName, Patterns.deviceName, member: "DeviceName") }
            if let mediaType { try Patterns.check(mediaType, Patterns.mediaType, member: "MediaType") }
        }

        private enum CodingKeys: String, CodingKey {
            case streamName = "StreamName"
            case streamARN = "StreamARN"
            case currentVersion = "CurrentVersion"
            case deviceName = "DeviceName"
            case mediaType = "MediaType"
        }
    }

    /// Nothing.
    public typealias Output = EmptyOutput
}
