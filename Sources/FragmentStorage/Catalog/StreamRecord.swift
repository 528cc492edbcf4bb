public import KinesisVideo

/// What the store keeps of a stream beside its media.
public struct StreamRecord: Sendable, Hashable, Codable {
    /// Name, ARN, retention, version, status and the other public properties.
    public var info: StreamInfo
    /// The stream's tags.
    public var tags: [String: String]
    /// Further documents by name, as the service wrote them; the store does not look inside.
    public var settings: [String: String]

    /// Creates a record.
    public init(info: StreamInfo, tags: [String: String] = [:], settings: [String: String] = [:]) {
        self.info = info
        self.tags = tags
        self.settings = settings
    }
}
