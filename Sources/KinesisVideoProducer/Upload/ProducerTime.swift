/// The clock of a producer, as two functions so that a test can run hours in moments.
public struct ProducerTime: Sendable {
    /// The moment.
    public var now: @Sendable () -> ContinuousClock.Instant
    /// Returns after a while; throws `CancellationError` where the task is cancelled meanwhile.
    public var sleep: @Sendable (Duration) async throws -> Void

    /// A clock of one's own.
    public init(
        now: @escaping @Sendable () -> ContinuousClock.Instant,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.sleep = sleep
    }

    /// The machine's.
    public static let system = ProducerTime(now: { .now }, sleep: { try await Task.sleep(for: $0) })
}
