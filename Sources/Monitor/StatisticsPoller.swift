package import KinesisVideo

/// Asks the service for its figures again and again, and leaves them in the monitor's inbox.
package struct StatisticsPoller<Time: Clock>: Sendable where Time.Duration == Duration {
    private let inbox: MonitorInbox
    private let interval: Duration
    private let clock: Time
    private let fetch: @Sendable () async throws -> ServiceStatistics

    /// Creates a poller.
    ///
    /// - Parameters:
    ///   - inbox: Where reports and failures go.
    ///   - interval: From one report to the next; a slow answer delays the next question.
    ///   - clock: What waits.
    ///   - fetch: Asks once.
    package init(
        inbox: MonitorInbox,
        interval: Duration = .seconds(1),
        clock: Time = ContinuousClock(),
        fetch: @escaping @Sendable () async throws -> ServiceStatistics
    ) {
        self.inbox = inbox
        self.interval = interval
        self.clock = clock
        self.fetch = fetch
    }

    /// Asks until the task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            let start = clock.now
            do {
                inbox.post(.statistics(try await fetch()))
            } catch is CancellationError {
                return
            } catch {
                inbox.post(.statisticsFailed("\(error)"))
            }
            try? await clock.sleep(until: start.advanced(by: interval), tolerance: nil)
        }
    }
}
