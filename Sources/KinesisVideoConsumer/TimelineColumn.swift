/// What lies in one column of the timeline.
public enum TimelineCoverage: Sendable, Hashable {
    /// Archived fragments.
    case archive
    /// Fragments that the server holds in memory.
    case liveBuffer
    /// Listed, and nothing there.
    case gap
    /// Not asked for yet.
    case notListed
    /// Older than the stream keeps.
    case expired
    /// Later than now.
    case future
}

/// One column of the timeline: what is there, and how dense it is.
public struct TimelineColumn: Sendable, Hashable {
    /// What lies here.
    public var coverage: TimelineCoverage
    /// Bits a second, out of sizes and lengths of the listing; nil where nothing is known to lie here.
    public var bitRate: Double?

    /// Creates a column.
    public init(coverage: TimelineCoverage, bitRate: Double? = nil) {
        self.coverage = coverage
        self.bitRate = bitRate
    }
}
