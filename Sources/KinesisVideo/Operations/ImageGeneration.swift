/// Says how stills are to be made of a stream.
public enum DescribeImageGenerationConfiguration: ServiceOperation {
    /// Where it is asked.
    public static let path = "/describeImageGenerationConfiguration"

    /// The stream.
    public typealias Input = StreamInput

    /// What is answered.
    public struct Output: Codable, Sendable, Hashable {
        /// The configuration; absent where there is none.
        public var imageGenerationConfiguration: ImageGenerationConfiguration?

        /// Creates the answer.
        public init(imageGenerationConfiguration: ImageGenerationConfiguration? = nil) {
            self.imageGenerationConfiguration = imageGenerationConfiguration
        }

        private enum CodingKeys: String, CodingKey {
            case imageGenerationConfiguration = "ImageGenerationConfiguration"
        }
    }
}

/// Sets how stills are to be made of a stream, or takes the configuration away.
public enum UpdateImageGenerationConfiguration: ServiceOperation {
    /// Where it is asked.
    public static let path = "/updateImageGenerationConfiguration"

    /// What is asked.
    public struct Input: StreamAddressed, Hashable {
        /// Name of the stream.
        public var streamName: String?
        /// ARN of the stream.
        public var streamARN: String?
        /// The configuration; absent takes it away.
        public var imageGenerationConfiguration: ImageGenerationConfiguration?

        /// Asks about a stream.
        public init(
            _ stream: StreamReference,
            imageGenerationConfiguration: ImageGenerationConfiguration? = nil
        ) {
            streamName = stream.name
            streamARN = stream.arn
            self.imageGenerationConfiguration = imageGenerationConfiguration
        }

        /// How the stream is named.
        public var stream: StreamReference { StreamReference(name: streamName, arn: streamARN) }

        /// Checks every member.
        ///
        /// - Throws: InvalidArgumentException for the first that breaks its rule.
        public func validate() throws(ServiceError) {
            try stream.validate()
            try imageGenerationConfiguration?.validate()
        }

        private enum CodingKeys: String, CodingKey {
            case streamName = "StreamName"
            case streamARN = "StreamARN"
            case imageGenerationConfiguration = "ImageGenerationConfiguration"
        }
    }

    /// Nothing.
    public typealias Output = EmptyOutput
}
