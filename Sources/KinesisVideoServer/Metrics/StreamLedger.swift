import KinesisVideo
import Synchronization

/// What the service has done for one stream: acknowledgements with their latencies, and where readers are.
///
/// Costs one short lock for each acknowledgement and for each chunk that a reader is sent.
final class StreamLedger: Sendable {
    /// Figures at a moment.
    struct Figures: Sendable {
        var latencies: [Acknowledgement.Event: LatencyHistogram] = [:]
        var errors: [String: Int] = [:]
        /// Server timestamps of the chunks that readers were sent last; nil for one that has had none.
        var readers: [Int: Timestamp?] = [:]
    }

    /// Acknowledgements that are kept for display.
    static let capacity = 512

    private struct State {
        var figures = Figures()
        var ring: [AcknowledgementLog.Entry] = []
        var oldest = 0
        var dropped = 0
        var nextReader = 0
    }

    private let state = Mutex(State())

    /// Notes an acknowledgement that is being written.
    func record(_ acknowledgement: Acknowledgement, at now: Timestamp) {
        let entry = AcknowledgementLog.Entry(acknowledgement, at: now)
        state.withLock { state in
            if let milliseconds = entry.milliseconds, entry.event != .error {
                state.figures.latencies[entry.event, default: LatencyHistogram()]
                    .record(milliseconds: milliseconds)
            }
            if let code = entry.errorCode { state.figures.errors[code, default: 0] += 1 }
            if state.ring.count < Self.capacity {
                state.ring.append(entry)
            } else {
                state.ring[state.oldest] = entry
                state.oldest = (state.oldest + 1) % Self.capacity
                state.dropped += 1
            }
        }
    }

    var figures: Figures { state.withLock { $0.figures } }

    func log(at now: Timestamp) -> AcknowledgementLog {
        state.withLock { state in
            AcknowledgementLog(
                now: now,
                acknowledgements: Array(state.ring[state.oldest...] + state.ring[..<state.oldest]),
                dropped: state.dropped
            )
        }
    }

    /// Counts a reader until it is closed.
    func openReader() -> ReaderPlace {
        ReaderPlace(
            ledger: self,
            id: state.withLock { state in
                state.nextReader += 1
                state.figures.readers[state.nextReader] = .some(nil)
                return state.nextReader
            }
        )
    }

    fileprivate func move(_ id: Int, to moment: Timestamp) {
        state.withLock { $0.figures.readers[id] = .some(moment) }
    }

    fileprivate func removeReader(_ id: Int) {
        state.withLock { _ = $0.figures.readers.removeValue(forKey: id) }
    }
}

/// How far a reader has come in its stream.
struct ReaderPlace: Sendable {
    fileprivate let ledger: StreamLedger
    fileprivate let id: Int

    /// Notes the server timestamp of the chunk that the reader is being sent.
    func reached(_ moment: Timestamp) { ledger.move(id, to: moment) }

    /// Ends the counting.
    func close() { ledger.removeReader(id) }
}
