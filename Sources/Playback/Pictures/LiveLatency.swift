/// How far behind the producer live media has to be played so that it never runs dry, measured on its
/// arrivals.
///
/// A frame's delay is its arrival less its producer time. Frames that come as they are made have nearly the
/// same delay; of fragments that come whole the first frame has the longest one. Playing at the longest delay
/// of the recent past, plus a margin for what jitter is still to come, is as early as possible.
package struct LiveLatency: Sendable {
    private var arrivals: [(elapsed: Double, delay: Double)] = []
    private var openedAt: Double?
    private var margin = 60.0

    package init() {}

    /// Starts anew: what comes in the first moments of a connection was made long before.
    package mutating func connectionOpened() {
        arrivals = []
        openedAt = nil
    }

    /// Takes note of a frame.
    ///
    /// - Parameters:
    ///   - elapsed: When it came, in milliseconds of the player's clock.
    ///   - time: Its producer time in milliseconds.
    ///   - window: Milliseconds of arrivals that count: more than one fragment.
    package mutating func frameArrived(at elapsed: Double, time: Int64, window: Double) {
        guard let openedAt else {
            openedAt = elapsed
            return
        }
        guard elapsed - openedAt > Self.burst else { return }
        arrivals.append((elapsed, elapsed - Double(time)))
        if let first = arrivals.first, elapsed - first.elapsed > 2 * window || arrivals.count > 4000 {
            arrivals.removeAll { elapsed - $0.elapsed > window }
        }
    }

    /// Playback ran dry: the margin was too small.
    package mutating func ranDry() {
        margin = min(500, margin + 40)
    }

    /// The delay to play at, in milliseconds on the scale of `frameArrived`; nil before anything could be
    /// measured.
    package func target(at elapsed: Double, window: Double) -> Double? {
        let recent = arrivals.lazy.filter { elapsed - $0.elapsed <= window }.map(\.delay).max()
        return recent.map { $0 + margin }
    }

    /// Milliseconds after a connection's first frame in which old media comes in one go.
    private static let burst = 200.0
}
