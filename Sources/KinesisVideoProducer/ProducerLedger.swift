import KinesisVideo
import Synchronization

/// Counts what happens to a producer's media and tells of it, in the order in which it happens.
final class ProducerLedger: Sendable {
    /// What happens, for one reader.
    let events: AsyncStream<ProducerEvent>

    private struct State {
        var health: StreamHealth
        var figures = ProducerMetrics()
    }

    private let time: ProducerTime
    private let sink: AsyncStream<ProducerEvent>.Continuation
    private let state: Mutex<State>

    init(_ definition: StreamDefinition, time: ProducerTime) {
        self.time = time
        (events, sink) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(4096))
        state = Mutex(State(health: StreamHealth(definition)))
    }

    /// Figures since the start.
    var figures: ProducerMetrics { state.withLock(\.figures) }

    /// Counts and tells.
    func note(_ event: ProducerEvent) {
        state.withLock { state in
            state.figures.count(event)
            sink.yield(event)
        }
    }

    /// Counts a frame that was refused.
    func countRefusal() {
        state.withLock { $0.figures.refusedFrames += 1 }
    }

    /// Counts a frame that was taken.
    func tookFrame(of bytes: Int, _ load: UploadLoad, at now: ContinuousClock.Instant) -> [StreamHealth
        .Action]
    {
        state.withLock { state in
            state.figures.countFrame(of: bytes, at: now)
            return state.health.tookFrame(load, at: now)
        }
    }

    /// Lets time pass.
    func tick(_ load: UploadLoad, at now: ContinuousClock.Instant) -> [StreamHealth.Action] {
        state.withLock { $0.health.tick(load, at: now) }
    }

    /// Takes what an upload tells.
    func observe(_ event: StreamUpload.Event) {
        let now = time.now()
        switch event {
        case .acknowledged(let line):
            state.withLock { $0.health.took(line, at: now) }
            note(.acknowledged(line))
        case .interrupted(let reason, let delay):
            state.withLock { $0.health.lostConnection(at: now) }
            note(.interrupted(reason: reason, retryAfter: delay))
        case .connecting(let number):
            state.withLock { $0.health.lostConnection(at: now) }
            note(.connecting(number: number))
        case .resumed: note(.resumed)
        case .dropped(let drop): note(.dropped(drop))
        case .rotated(let number): note(.rotated(number: number))
        case .spooled(let count): note(.spooled(fragments: count))
        }
    }

    /// Ends the events.
    func finish() {
        sink.finish()
    }
}
