/// Where and when a signing key is valid: day, region and service.
///
/// Source: 07 Authentication, "Signing".
public struct CredentialScope: Sendable, Hashable, CustomStringConvertible {
    /// The day in UTC, as `20260101`.
    public let day: String

    /// The region, such as `us-west-2`.
    public let region: String

    /// The service's signing name, such as `kinesisvideo`.
    public let service: String

    /// The signing name of all three API families of Kinesis Video Streams.
    public static let kinesisVideo = "kinesisvideo"

    /// Takes the parts as they are.
    public init(day: String, region: String, service: String = kinesisVideo) {
        self.day = day
        self.region = region
        self.service = service
    }

    /// The form in a string to sign: `20260101/us-west-2/kinesisvideo/aws4_request`.
    public var description: String {
        "\(day)/\(region)/\(service)/aws4_request"
    }
}
