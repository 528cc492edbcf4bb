import Foundation
import KinesisVideo
import KinesisVideoProducer
import Synchronization

/// One line on stderr that shows how far an upload is; silent where stderr is no terminal.
final class UploadProgress: Sendable {
    private struct State {
        var received = 0
        var persisted = 0
        var drawn = ContinuousClock.now - .seconds(1)
    }

    private let name: String
    private let duration: Duration?
    private let isShown = isatty(STDERR_FILENO) == 1
    private let state = Mutex(State())

    init(name: String, duration: Duration?) {
        self.name = name
        self.duration = duration
    }

    /// Says on stderr what people want to know at once, and counts acknowledgements.
    func take(_ event: ProducerEvent) {
        switch event {
        case .acknowledged(let line): take(StreamUpload.Event.acknowledged(line))
        case .interrupted(let reason, let delay):
            take(StreamUpload.Event.interrupted(reason: reason, retryAfter: delay))
        case .resumed: take(StreamUpload.Event.resumed)
        case .dropped(let drop) where drop.reason == .noKeyFrame: break
        case .dropped(let drop): take(StreamUpload.Event.dropped(drop))
        case .spooled(let count): take(StreamUpload.Event.spooled(fragments: count))
        case .idle(let time): say("nothing has come for \(time.components.seconds) s: the fragment was ended")
        // The retention of a definition is that of a stream which is made, and of no other.
        case .connecting, .rotated, .storagePressure, .bufferPressure, .latencyPressure, .stale, .warning:
            break
        }
    }

    /// Counts acknowledgements; says on stderr what people want to know at once.
    func take(_ event: StreamUpload.Event) {
        switch event {
        case .acknowledged(let line):
            state.withLock { state in
                if line.event == .received { state.received += 1 }
                if line.event == .persisted { state.persisted += 1 }
            }
        case .interrupted(let reason, let delay):
            let seconds = (delay / .seconds(1)).formatted(.number.precision(.fractionLength(1)))
            say("interrupted: \(reason); goes on in \(seconds) s")
        case .resumed: say("the service answers again")
        case .dropped(let drop):
            let time = Timestamp(milliseconds: Int64(clamping: drop.timecode)).rfc3339
            say("\(drop.frames) frames of the fragment at \(time) left out: \(drop.reason)")
        case .spooled(let count): say("\(count) fragments wait in the spool and are sent beside what comes")
        case .connecting, .rotated: break
        }
    }

    func say(_ text: String) {
        clear()
        report("\(name): \(text)")
    }

    /// Draws the line, ten times a second at most.
    func show(sent: Duration) {
        guard isShown else { return }
        let state = state.withLock { state in
            guard state.drawn.duration(to: .now) > .milliseconds(100) else { return State?.none }
            state.drawn = .now
            return state
        }
        guard let state else { return }
        let counts = "\(state.received) received, \(state.persisted) persisted"
        var bar = ""
        if let duration, duration > .zero {
            let share = min(1, sent / duration)
            let filled = Int(share * 30)
            bar =
                String(repeating: "█", count: filled) + String(repeating: "·", count: 30 - filled)
                + " \(Int(share * 100)) %  "
        }
        FileHandle.standardError.write(
            Data("\r\u{1B}[K\(name)  \(bar)\(sent.components.seconds) s  \(counts)".utf8)
        )
    }

    /// Removes the line.
    func clear() {
        if isShown { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
    }
}
