import Foundation

/// How far behind the producer live media has to be played so that it never runs dry, measured on its
/// arrivals.
///
/// A frame's delay is its arrival less its producer time. Frames that come as they are made have nearly the
/// same delay; of fragments that come whole the first frame has the longest one. Playing at the longest delay
/// of the recent past, plus a margin for what jitter is still to come, is as early as possible.
package struct LiveLatency: Sendable {
    private var arrivals: [(elapsed: Double, delay: Double)] = []
    private var openedAt: Double?
    /// The newest frame of the burst; nil once frames come as they are made.
    private var burst: (elapsed: Double, time: Int64)?
    private var driedAt: Double?
    private var driedMargin = 0.0

    package init() {}

    /// Starts anew: what comes in the first moments of a connection was made long before.
    package mutating func connectionOpened() {
        arrivals = []
        (openedAt, burst) = (nil, nil)
    }

    /// Takes note of a frame.
    ///
    /// - Parameters:
    ///   - elapsed: When it came, in milliseconds of the player's clock.
    ///   - time: Its producer time in milliseconds.
    ///   - window: Milliseconds of arrivals that count: more than one fragment.
    package mutating func frameArrived(at elapsed: Double, time: Int64, window: Double) {
        guard let openedAt else {
            (openedAt, burst) = (elapsed, (elapsed, time))
            return
        }
        if let last = burst {
            // Frames that waited come much faster than they were made.
            let isPaced = elapsed - last.elapsed > max(Self.quiet, Double(time - last.time) / 2)
            burst = isPaced || elapsed - openedAt > Self.longestBurst ? nil : (elapsed, time)
            guard burst == nil else { return }
        }
        arrivals.append((elapsed, elapsed - Double(time)))
        if let first = arrivals.first, elapsed - first.elapsed > 2 * window || arrivals.count > 4000 {
            arrivals.removeAll { elapsed - $0.elapsed > window }
        }
    }

    /// Playback ran dry at a moment: the margin was too small.
    package mutating func ranDry(at elapsed: Double) {
        driedMargin = min(Self.mostMargin, margin(at: elapsed) - Self.leastMargin + Self.dryStep)
        driedAt = elapsed
    }

    /// What a player that ran dry has learned is forgotten by half every so often: a bad minute of the network must
    /// not make the rest of the day late.
    private func margin(at elapsed: Double) -> Double {
        guard let driedAt else { return Self.leastMargin }
        return Self.leastMargin + driedMargin * pow(0.5, max(0, elapsed - driedAt) / Self.halfLife)
    }

    /// The delay to play at, in milliseconds on the scale of `frameArrived`; nil before anything could be
    /// measured.
    package func target(at elapsed: Double, window: Double) -> Double? {
        let recent = arrivals.lazy.filter { elapsed - $0.elapsed <= window }.map(\.delay).max()
        return recent.map { $0 + margin(at: elapsed) }
    }

    /// Milliseconds after a connection's first frame in which old media may come in one go.
    private static let longestBurst = 200.0
    /// Milliseconds without a frame that a burst never has.
    private static let quiet = 15.0
    /// Milliseconds for decoding and for the player's own wakes.
    private static let leastMargin = 20.0
    /// Milliseconds more each time that playback runs dry, at most so many.
    private static let (dryStep, mostMargin) = (40.0, 500.0)
    /// Milliseconds.
    private static let halfLife = 30_000.0
}
