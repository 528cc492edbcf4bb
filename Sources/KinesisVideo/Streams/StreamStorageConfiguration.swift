/// What a stream's media is kept on.
///
/// Stored and told; kinescope keeps both tiers alike.
public struct StreamStorageConfiguration: Codable, Sendable, Hashable {
    /// A kind of storage.
    public enum Tier: String, MemberWord {
        /// At hand.
        case hot = "HOT"
        /// Cheaper, for long retention.
        case warm = "WARM"
    }

    /// Where fragments go.
    public var defaultStorageTier: Tier

    /// Creates a configuration.
    public init(defaultStorageTier: Tier) {
        self.defaultStorageTier = defaultStorageTier
    }

    private enum CodingKeys: String, CodingKey {
        case defaultStorageTier = "DefaultStorageTier"
    }
}
