import KinesisVideoProducer
import Synchronization

/// A clock that stands still until a test moves it.
final class ManualTime: Sendable {
    private struct State {
        var now = ContinuousClock.now
        var sleepers: [Int: (due: ContinuousClock.Instant, wake: CheckedContinuation<Void, any Error>)] = [:]
        var count = 0
    }

    private let state = Mutex(State())

    /// The clock as a producer takes it.
    var time: ProducerTime {
        ProducerTime(now: { self.state.withLock(\.now) }, sleep: { try await self.sleep($0) })
    }

    /// How many tasks sleep.
    var sleepers: Int { state.withLock(\.sleepers.count) }

    /// Moves the clock, and wakes whom that concerns.
    func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now += duration
            let due = state.sleepers.filter { $0.value.due <= state.now }
            for number in due.keys { state.sleepers[number] = nil }
            return due.values
        }
        for sleeper in due { sleeper.wake.resume() }
    }

    private func sleep(_ duration: Duration) async throws {
        let number = state.withLock { state in
            state.count += 1
            return state.count
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wake in
                let isOver = state.withLock { state in
                    guard duration > .zero, !Task.isCancelled else { return true }
                    state.sleepers[number] = (state.now + duration, wake)
                    return false
                }
                if isOver { Task.isCancelled ? wake.resume(throwing: CancellationError()) : wake.resume() }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: number) }?.wake
                .resume(throwing: CancellationError())
        }
    }
}
