public import KinesisVideo

/// What happens to a producer's media.
public enum ProducerEvent: Sendable, Hashable {
    /// The service said so of a fragment; its timecode counts from 1970 whatever is sent.
    case acknowledged(Acknowledgement)
    /// Frames were left out.
    case dropped(UploadWindow.Drop)
    /// A connection is being made, the first of them numbered 1.
    case connecting(number: Int)
    /// A connection's time is over; the next goes on while it waits for its last acknowledgements.
    case rotated(number: Int)
    /// The connection is gone; the next is made after a while.
    case interrupted(reason: String, retryAfter: Duration)
    /// The service answers again.
    case resumed
    /// Fragments that wait on disk are sent beside the live ones.
    case spooled(fragments: Int)
    /// Less than 5 % of the content store is free: so many bytes.
    case storagePressure(free: Int)
    /// Less than 5 % of the buffer's duration is left.
    case bufferPressure(left: Duration)
    /// More media waits to be sent than the definition's latency.
    case latencyPressure(Duration)
    /// Media goes out and the service has said BUFFERING of none of it for so long.
    case stale(Duration)
    /// No frame has come for so long that the fragment was ended.
    case idle(Duration)
    /// A setting that the service does not follow: in words.
    case warning(String)
}
