import Foundation

/// The clocks of a producer, as functions so that a test can run hours in moments.
public struct ProducerTime: Sendable {
    /// The moment.
    public var now: @Sendable () -> ContinuousClock.Instant
    /// Returns after a while; throws `CancellationError` where the task is cancelled meanwhile.
    public var sleep: @Sendable (Duration) async throws -> Void
    /// The time of day since 1970-01-01T00:00:00Z, for frames that have no times of their own.
    public var sinceEpoch: @Sendable () -> Duration

    /// A clock of one's own; the time of day is the machine's unless it is given.
    public init(
        now: @escaping @Sendable () -> ContinuousClock.Instant,
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        sinceEpoch: (@Sendable () -> Duration)? = nil
    ) {
        self.now = now
        self.sleep = sleep
        self.sinceEpoch = sinceEpoch ?? Self.machineTime
    }

    private static let machineTime: @Sendable () -> Duration = {
        .milliseconds(Int64(Date().timeIntervalSince1970 * 1000))
    }

    /// The machine's.
    public static let system = ProducerTime(now: { .now }, sleep: { try await Task.sleep(for: $0) })
}
