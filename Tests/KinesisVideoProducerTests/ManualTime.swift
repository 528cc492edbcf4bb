import KinescopeTesting
import KinesisVideoProducer

/// A clock that stands still until a test moves it.
final class ManualTime: Sendable {
    private struct State {
        var now = ContinuousClock.now
        var sleepers: [Int: (due: ContinuousClock.Instant, wake: CheckedContinuation<Void, any Error>)] = [:]
        var count = 0
    }

    private let start = ContinuousClock.now
    private let state = Watched(State())

    /// The time of day since 1970 when the clock was made.
    static let startOfDay = Duration.seconds(1_700_000_000)

    /// The clock as a producer takes it.
    var time: ProducerTime {
        ProducerTime(
            now: { self.state.value.now },
            sleep: { try await self.sleep($0) },
            sinceEpoch: { Self.startOfDay + self.elapsed }
        )
    }

    private var elapsed: Duration { start.duration(to: state.value.now) }

    /// How many tasks sleep.
    var sleepers: Int { state.value.sleepers.count }

    /// Moves the clock, and wakes whom that concerns.
    func advance(by duration: Duration) {
        let due = state.update { state in
            state.now += duration
            let due = state.sleepers.filter { $0.value.due <= state.now }
            for number in due.keys { state.sleepers[number] = nil }
            return due.values
        }
        for sleeper in due { sleeper.wake.resume() }
    }

    /// Moves the clock once somebody sleeps who is to wake by then.
    func advanceOverASleep(by duration: Duration) async throws {
        try await state.wait { state in state.sleepers.values.contains { $0.due <= state.now + duration } }
        advance(by: duration)
    }

    private func sleep(_ duration: Duration) async throws {
        let number = state.update { state in
            state.count += 1
            return state.count
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wake in
                let isOver = state.update { state in
                    guard duration > .zero, !Task.isCancelled else { return true }
                    state.sleepers[number] = (state.now + duration, wake)
                    return false
                }
                if isOver { Task.isCancelled ? wake.resume(throwing: CancellationError()) : wake.resume() }
            }
        } onCancel: {
            state.update { $0.sleepers.removeValue(forKey: number) }?.wake
                .resume(throwing: CancellationError())
        }
    }
}
