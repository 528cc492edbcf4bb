package import KinesisVideo

/// How fast media may flow on one connection: bytes and fragments a second.
///
/// Whoever moves media says afterwards how much it was, and waits as long as it is told before moving more; so a
/// connection never starves, however large its pieces are. Holds no clock.
package struct MediaPace: Sendable {
    private var bytes: TokenBucket
    private var fragments: TokenBucket?

    /// Creates a pace that allows one second's worth at once.
    package init(bytesPerSecond: Int, fragmentsPerSecond: Int?, at now: Timestamp) {
        bytes = TokenBucket(perSecond: bytesPerSecond, at: now)
        fragments = fragmentsPerSecond.map { TokenBucket(perSecond: $0, at: now) }
    }

    /// Counts what has moved.
    ///
    /// - Returns: milliseconds to wait before more moves; 0 where it is within the quota.
    package mutating func pass(bytes moved: Int, fragments count: Int = 0, at now: Timestamp) -> Int64 {
        bytes.advance(to: now)
        bytes.take(moved)
        fragments?.advance(to: now)
        fragments?.take(count)
        return max(bytes.debt, fragments?.debt ?? 0)
    }
}

/// A pace on the service's clock, which waits by itself.
struct MediaPacer: Sendable {
    private var pace: MediaPace
    private let clock: @Sendable () -> Timestamp

    init(_ pace: MediaPace, clock: @escaping @Sendable () -> Timestamp) {
        self.pace = pace
        self.clock = clock
    }

    /// Counts what has moved, and waits where that was too much.
    mutating func moved(bytes: Int, fragments: Int = 0) async throws {
        let wait = pace.pass(bytes: bytes, fragments: fragments, at: clock())
        if wait > 0 { try await Task.sleep(for: .milliseconds(wait)) }
    }
}
