import Glibc

/// Time that a piece of work took.
struct Cost {
    /// By the clock on the wall.
    var wall: Duration
    /// Of all processors together, in this process.
    var processor: Duration

    /// Runs the work once.
    static func of(_ work: () async throws -> Void) async rethrows -> Cost {
        let clock = ContinuousClock()
        let (begin, processor) = (clock.now, processorTime)
        try await work()
        return Cost(wall: begin.duration(to: clock.now), processor: processorTime - processor)
    }

    /// Processor time of this process so far.
    private static var processorTime: Duration {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}

extension Duration {
    /// The length in seconds.
    var seconds: Double { self / .seconds(1) }
}
