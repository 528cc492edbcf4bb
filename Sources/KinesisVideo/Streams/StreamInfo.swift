/// Life-cycle state of a stream.
public enum StreamStatus: String, Sendable, Hashable, Codable {
    /// Being made; not usable yet.
    case creating = "CREATING"
    /// Usable.
    case active = "ACTIVE"
    /// Usable while a change takes effect.
    case updating = "UPDATING"
    /// Going away; its data is unreadable already.
    case deleting = "DELETING"
}

/// What the service says of a stream.
///
/// Source: 02 Control plane, "StreamInfo".
public struct StreamInfo: Sendable, Hashable, Codable {
    /// Free text of the producer; never used.
    public var deviceName: String?
    /// Name, unique in account and region.
    public var streamName: String
    /// Identity; ends in the creation time, so that a stream made anew under its old name differs.
    public var streamARN: String
    /// Media type, such as `video/h264,audio/aac`.
    public var mediaType: String?
    /// Key the data would be encrypted with; stored only.
    public var kmsKeyID: String?
    /// Changes with every change of the metadata.
    public var version: String
    /// Life-cycle state.
    public var status: StreamStatus
    /// When the stream was made.
    public var creationTime: Timestamp
    /// Hours that fragments are kept; 0 keeps them in memory only.
    public var dataRetentionInHours: Int

    /// Creates a description.
    public init(
        deviceName: String? = nil,
        streamName: String,
        streamARN: String,
        mediaType: String? = nil,
        kmsKeyID: String? = nil,
        version: String,
        status: StreamStatus,
        creationTime: Timestamp,
        dataRetentionInHours: Int
    ) {
        self.deviceName = deviceName
        self.streamName = streamName
        self.streamARN = streamARN
        self.mediaType = mediaType
        self.kmsKeyID = kmsKeyID
        self.version = version
        self.status = status
        self.creationTime = creationTime
        self.dataRetentionInHours = dataRetentionInHours
    }

    private enum CodingKeys: String, CodingKey {
        case deviceName = "DeviceName"
        case streamName = "StreamName"
        case streamARN = "StreamARN"
        case mediaType = "MediaType"
        case kmsKeyID = "KmsKeyId"
        case version = "Version"
        case status = "Status"
        case creationTime = "CreationTime"
        case dataRetentionInHours = "DataRetentionInHours"
    }

    /// Writes every member; absent ones as `null`, as the service does.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(deviceName, forKey: .deviceName)
        try container.encode(streamName, forKey: .streamName)
        try container.encode(streamARN, forKey: .streamARN)
        try container.encode(mediaType, forKey: .mediaType)
        try container.encode(kmsKeyID, forKey: .kmsKeyID)
        try container.encode(version, forKey: .version)
        try container.encode(status, forKey: .status)
        try container.encode(creationTime, forKey: .creationTime)
        try container.encode(dataRetentionInHours, forKey: .dataRetentionInHours)
    }
}
