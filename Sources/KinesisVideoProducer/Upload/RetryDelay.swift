/// How long a producer waits before it connects again.
///
/// Doubles from a second to 16, plus up to 0.3 s so that many producers do not come back at once; starts anew after
/// 90 s without a failure. A value without I/O. Source: 08 Producer library, "Stream state machine".
public struct RetryDelay: Sendable, Hashable {
    /// The first wait.
    public var first = Duration.seconds(1)
    /// The longest wait, jitter left out.
    public var longest = Duration.seconds(16)
    /// The most that is added by chance.
    public var jitter = Duration.milliseconds(300)
    /// After so long without a failure the next wait is the first again.
    public var forgiveness = Duration.seconds(90)

    private var failures = 0
    private var lastFailure: ContinuousClock.Instant?

    /// The service's own rule.
    public init() {}

    /// Notes a failure.
    ///
    /// - Parameters:
    ///   - now: when it was.
    ///   - chance: 0 to 1; decides on the jitter.
    /// - Returns: how long to wait.
    public mutating func next(at now: ContinuousClock.Instant, chance: Double) -> Duration {
        if let lastFailure, lastFailure.duration(to: now) >= forgiveness { failures = 0 }
        lastFailure = now
        // 2^16 s are beyond any longest wait that makes sense.
        let wait = min(first * (1 << min(failures, 16)), longest)
        failures += 1
        return wait + jitter * min(max(chance, 0), 1)
    }
}
