public import KinesisVideo

/// What became of one decoded frame.
public struct PlayerLogEntry: Sendable, Hashable, CustomStringConvertible {
    /// What happened.
    public enum Event: String, Sendable, Hashable {
        /// It became the picture that is due.
        case drawn
        /// Its time had passed before it could be drawn, or a later frame was due as well.
        case dropped
    }

    /// What happened.
    public var event: Event
    /// The frame.
    public var frame: FrameAddress
    /// Producer time of the frame.
    public var time: Timestamp
    /// False for a frame shown only because it is near the one asked for.
    public var isExact: Bool

    /// One line: `drawn 2025-11-22T14:03:22.480Z #…0823617318 28`.
    public var description: String {
        "\(event.rawValue) \(time.rfc3339) \(frame.fragment.shortName) \(frame.index + 1)\(isExact ? "" : " near")"
    }
}
