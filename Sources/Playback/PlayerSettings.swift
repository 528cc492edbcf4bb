public import KinesisVideo

/// How a player behaves.
public struct PlayerSettings: Sendable, Hashable {
    /// Where playback begins.
    public enum Opening: Sendable, Hashable {
        /// The live edge, by GetMedia.
        case live
        /// The oldest media kept; live where the stream keeps none.
        case oldest
        /// A moment of the producer's clock.
        case time(Timestamp)
        /// The first frame of a fragment.
        case fragment(FragmentNumber)
    }

    /// Where playback begins.
    public var opening: Opening
    /// Bytes of compressed media kept; what is newest in the direction of play goes last.
    public var memory: Int
    /// What happens on reaching a gap.
    public var gaps: GapPolicy
    /// Fastest rate of the ladder.
    public var maximumRate: Double
    /// False where the stream keeps no archive: nothing is listed or fetched.
    public var hasArchive: Bool
    /// How far back the stream keeps media in milliseconds; nil where unknown.
    public var retention: Int64?

    /// Creates settings; the defaults open live with 96 MiB of memory.
    public init(
        opening: Opening = .live,
        memory: Int = 96 << 20,
        gaps: GapPolicy = .skip,
        maximumRate: Double = 16,
        retentionHours: Int? = nil
    ) {
        self.opening = opening
        self.memory = memory
        self.gaps = gaps
        self.maximumRate = maximumRate
        hasArchive = retentionHours != 0
        retention = retentionHours.map { Int64($0) * 3_600_000 }
    }
}
