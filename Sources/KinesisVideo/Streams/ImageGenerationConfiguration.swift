/// How stills are to be made of a stream.
///
/// Stored and told; kinescope makes none yet.
///
/// Source: 02 Control plane, "Image generation and notification".
public struct ImageGenerationConfiguration: Codable, Sendable, Hashable {
    /// A file format.
    public enum Format: String, MemberWord {
        /// With loss.
        case jpeg = "JPEG"
        /// Without.
        case png = "PNG"
    }

    /// Where stills go.
    public struct Destination: Codable, Sendable, Hashable {
        /// Such as `s3://bucket/prefix`.
        public var uri: String
        /// Region of that place.
        public var region: String

        /// Names a destination.
        public init(uri: String, region: String) {
            self.uri = uri
            self.region = region
        }

        private enum CodingKeys: String, CodingKey {
            case uri = "Uri"
            case region = "DestinationRegion"
        }
    }

    /// Whether they are made.
    public var status: ConfigurationStatus
    /// The clock of their times.
    public var imageSelectorType: FragmentClock
    /// Where they go.
    public var destination: Destination
    /// Milliseconds from one to the next, 200 or more.
    public var samplingInterval: Int
    /// File format.
    public var format: Format
    /// At most `JPEGQuality`, "1" to "100".
    public var formatConfig: [String: String]?
    /// Columns; absent follows the height.
    public var widthPixels: Int?
    /// Rows; absent follows the width.
    public var heightPixels: Int?

    /// Creates a configuration.
    public init(
        status: ConfigurationStatus,
        imageSelectorType: FragmentClock,
        destination: Destination,
        samplingInterval: Int,
        format: Format,
        formatConfig: [String: String]? = nil,
        widthPixels: Int? = nil,
        heightPixels: Int? = nil
    ) {
        self.status = status
        self.imageSelectorType = imageSelectorType
        self.destination = destination
        self.samplingInterval = samplingInterval
        self.format = format
        self.formatConfig = formatConfig
        self.widthPixels = widthPixels
        self.heightPixels = heightPixels
    }

    /// Checks every member.
    ///
    /// - Throws: InvalidArgumentException for the first that breaks its rule.
    public func validate() throws(ServiceError) {
        try Patterns.check(destination.uri, Patterns.destinationURI, member: "Uri")
        try Patterns.check(destination.region, Patterns.region, member: "DestinationRegion")
        try Patterns.check(
            samplingInterval,
            in: ServiceLimits.samplingMilliseconds,
            member: "SamplingInterval"
        )
        if let formatConfig {
            guard formatConfig.count == 1, let quality = formatConfig["JPEGQuality"] else {
                throw .invalidArgument("FormatConfig holds other than exactly JPEGQuality")
            }
            // The number's own spelling is compared too, so that "+80" and "080" are none.
            guard let number = Int(quality), (1...100).contains(number), String(number) == quality else {
                throw .invalidArgument("JPEGQuality is '\(quality.prefix(20))', wanted 1 to 100")
            }
        }
        if let widthPixels {
            try Patterns.check(widthPixels, in: ServiceLimits.imageWidth, member: "WidthPixels")
        }
        if let heightPixels {
            try Patterns.check(heightPixels, in: ServiceLimits.imageHeight, member: "HeightPixels")
        }
    }

    private enum CodingKeys: String, CodingKey {
        case status = "Status"
        case imageSelectorType = "ImageSelectorType"
        case destination = "DestinationConfig"
        case samplingInterval = "SamplingInterval"
        case format = "Format"
        case formatConfig = "FormatConfig"
        case widthPixels = "WidthPixels"
        case heightPixels = "HeightPixels"
    }
}

/// Whether something configured happens.
public enum ConfigurationStatus: String, MemberWord {
    /// It does.
    case enabled = "ENABLED"
    /// It does not.
    case disabled = "DISABLED"
}
