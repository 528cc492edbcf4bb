/// Puts a camera's own times on the clock of the day.
///
/// The first frame is shown when it comes; from then on the camera's own distances count, until they part from the
/// clock by too much, as after a restart of its server. Times never go back behind what was given out before. A value
/// without I/O.
public struct SourceClock: Sendable, Hashable {
    /// How far a camera may be ahead of the clock, or behind it, before it is set anew.
    public static let tolerance = Duration.seconds(10)

    /// To be added to the camera's times; nil before the first frame.
    private var offset: Duration?
    /// The latest time given out.
    private var latest: Duration?

    /// A clock that has not begun.
    public init() {}

    /// Begins anew: the camera has been opened again.
    public mutating func restart() {
        offset = nil
    }

    /// The time of a frame.
    ///
    /// - Parameters:
    ///   - presentation: when it is shown, by the camera's clock.
    ///   - decode: when it is decoded, by the camera's clock.
    ///   - now: the moment, since 1970.
    /// - Returns: when it is shown and decoded, since 1970.
    public mutating func place(presentation: Duration, decode: Duration, now: Duration) -> (
        presentation: Duration, decode: Duration
    ) {
        let distance = offset.map { decode + $0 - now } ?? .zero
        let isOff = distance > Self.tolerance || distance < .zero - Self.tolerance
        let shift: Duration
        if let offset, !isOff {
            shift = offset
        } else {
            // A millisecond behind the latest, so that no two frames have one time.
            shift = (latest.map { max($0 + .milliseconds(1), now) } ?? now) - decode
        }
        offset = shift
        let shown = max(presentation, decode) + shift
        latest = latest.map { max($0, shown) } ?? shown
        return (shown, decode + shift)
    }
}
