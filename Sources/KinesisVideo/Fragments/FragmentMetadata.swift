/// What the service knows of a fragment that it hands out.
public struct FragmentMetadata: Sendable, Hashable {
    /// Name and place in the order of ingestion.
    public var number: FragmentNumber
    /// When the service began to receive the fragment.
    public var serverTimestamp: Timestamp
    /// When the producer says the fragment starts.
    public var producerTimestamp: Timestamp

    /// Creates metadata.
    public init(number: FragmentNumber, serverTimestamp: Timestamp, producerTimestamp: Timestamp) {
        self.number = number
        self.serverTimestamp = serverTimestamp
        self.producerTimestamp = producerTimestamp
    }
}

/// One fragment of a listing.
///
/// Source: 05 Archived media, "ListFragments".
public struct FragmentInfo: Sendable, Hashable {
    /// Number and clocks.
    public var metadata: FragmentMetadata
    /// Bytes of the stored chunk, its header and service tags included.
    public var size: Int
    /// Last block time less first block time in milliseconds; leaves out the last frame's own length.
    public var length: Int64

    /// Creates an entry.
    public init(metadata: FragmentMetadata, size: Int, length: Int64) {
        self.metadata = metadata
        self.size = size
        self.length = length
    }

    /// Name and place in the order of ingestion.
    public var number: FragmentNumber { metadata.number }
    /// When the service began to receive the fragment.
    public var serverTimestamp: Timestamp { metadata.serverTimestamp }
    /// When the producer says the fragment starts.
    public var producerTimestamp: Timestamp { metadata.producerTimestamp }
}

extension FragmentInfo: Codable {
    private enum CodingKeys: String, CodingKey {
        case number = "FragmentNumber"
        case size = "FragmentSizeInBytes"
        case producerTimestamp = "ProducerTimestamp"
        case serverTimestamp = "ServerTimestamp"
        case length = "FragmentLengthInMilliseconds"
    }

    /// Reads the service's form.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let text = try container.decode(String.self, forKey: .number)
        guard let number = FragmentNumber(text) else {
            throw DecodingError.dataCorruptedError(
                forKey: .number,
                in: container,
                debugDescription: "'\(text)' is no fragment number"
            )
        }
        self.init(
            metadata: FragmentMetadata(
                number: number,
                serverTimestamp: try container.decode(Timestamp.self, forKey: .serverTimestamp),
                producerTimestamp: try container.decode(Timestamp.self, forKey: .producerTimestamp)
            ),
            size: try container.decode(Int.self, forKey: .size),
            length: try container.decode(Int64.self, forKey: .length)
        )
    }

    /// Writes the service's form.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(number.padded, forKey: .number)
        try container.encode(size, forKey: .size)
        try container.encode(producerTimestamp, forKey: .producerTimestamp)
        try container.encode(serverTimestamp, forKey: .serverTimestamp)
        try container.encode(length, forKey: .length)
    }
}
