/// The parts of a segment's Info that the service needs.
///
/// Source: RFC 9559, Info.
public struct SegmentInfo: Sendable, Hashable {
    /// Nanoseconds of one tick of cluster and block times; 1,000,000 (a millisecond) where the file is silent.
    public var timestampScale: UInt64
    /// Length of the segment in ticks; meaningless in a live stream.
    public var duration: Double?
    /// Nanoseconds since 2001-01-01T00:00:00Z.
    public var date: Int64?
    /// Title for people.
    public var title: String?
    /// Library that wrote the file.
    public var muxingApp: String?
    /// Program that wrote the file.
    public var writingApp: String?

    /// Creates a description; the default is what an absent Info means.
    public init(
        timestampScale: UInt64 = 1_000_000,
        duration: Double? = nil,
        date: Int64? = nil,
        title: String? = nil,
        muxingApp: String? = nil,
        writingApp: String? = nil
    ) {
        self.timestampScale = timestampScale
        self.duration = duration
        self.date = date
        self.title = title
        self.muxingApp = muxingApp
        self.writingApp = writingApp
    }
}
