public import KinesisVideo

/// What lies at one moment of a stream's timeline.
public enum TimelinePlace: Sendable, Hashable {
    /// Archived media.
    case archive
    /// Media that the server holds in memory.
    case liveBuffer
    /// Nothing, from the end of the recording before to the start of the one behind; the edge that a jump lands on.
    case gap(from: Timestamp, to: Timestamp, landing: Timestamp)
    /// Later than the newest media.
    case future
    /// Older than the oldest media kept.
    case expired
    /// Not listed yet.
    case unknown
}
