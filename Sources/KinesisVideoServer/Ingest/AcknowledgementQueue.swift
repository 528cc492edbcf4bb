import KinesisVideo
import Synchronization

/// Acknowledgements on their way to a producer, in order; none is ever left out.
///
/// A producer that does not read them is not read either: once so many wait, `room()` waits until half of them have
/// been written. The limit is far beyond what a connection holds by itself, for producers that send a whole file before
/// they read the first line.
final class AcknowledgementQueue: Sendable {
    private struct State {
        var waiting = 0
        var isOver = false
        var reader: CheckedContinuation<Void, Never>?
    }

    /// Lines that may wait, some 100 bytes each.
    static let most = 65_536

    /// The lines; for one reader, which says `written()` after each.
    let lines: AsyncStream<Acknowledgement>
    private let sink: AsyncStream<Acknowledgement>.Continuation
    private let state = Mutex(State())

    /// Creates a queue without lines.
    init() {
        (lines, sink) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
    }

    /// Adds a line behind all others.
    func add(_ line: Acknowledgement) {
        state.withLock { $0.waiting += 1 }
        sink.yield(line)
    }

    /// A line has been written.
    func written() {
        let reader = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.waiting -= 1
            guard state.waiting <= Self.most / 2 else { return nil }
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume()
    }

    /// No more lines come: the reader's loop ends behind those that wait.
    func finish() {
        sink.finish()
        letGo()
    }

    /// Waits until there is room, or until the queue or the task is over; for one task.
    func room() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let hasRoom = state.withLock { state in
                    guard !state.isOver, state.waiting > Self.most else { return true }
                    state.reader = continuation
                    return false
                }
                if hasRoom { continuation.resume() }
            }
        } onCancel: {
            letGo()
        }
    }

    private func letGo() {
        let reader = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.isOver = true
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume()
    }
}
