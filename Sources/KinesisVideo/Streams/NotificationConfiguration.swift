/// Who is to be told that fragments have come.
///
/// Stored and told; kinescope notifies nobody yet.
///
/// Source: 02 Control plane, "Image generation and notification".
public struct NotificationConfiguration: Codable, Sendable, Hashable {
    /// Where notifications go.
    public struct Destination: Codable, Sendable, Hashable {
        /// Such as `arn:aws:sns:eu-west-1:000000000000:topic`.
        public var uri: String

        /// Names a destination.
        public init(uri: String) {
            self.uri = uri
        }

        private enum CodingKeys: String, CodingKey {
            case uri = "Uri"
        }
    }

    /// Whether anybody is told.
    public var status: ConfigurationStatus
    /// Where notifications go.
    public var destination: Destination

    /// Creates a configuration.
    public init(status: ConfigurationStatus, destination: Destination) {
        self.status = status
        self.destination = destination
    }

    /// Checks every member.
    ///
    /// - Throws: InvalidArgumentException for the first that breaks its rule.
    public func validate() throws(ServiceError) {
        try Patterns.check(destination.uri, Patterns.destinationURI, member: "Uri")
    }

    private enum CodingKeys: String, CodingKey {
        case status = "Status"
        case destination = "DestinationConfig"
    }
}
