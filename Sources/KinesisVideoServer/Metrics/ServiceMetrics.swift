import FragmentStorage
import KinesisVideo
import Synchronization

/// The service's own figures, by stream and by call.
final class ServiceMetrics: Sendable {
    /// A kind of call and how it was answered.
    struct Call: Hashable, Comparable {
        var operation: String
        var status: Int

        static func < (left: Call, right: Call) -> Bool {
            (left.operation, left.status) < (right.operation, right.status)
        }
    }

    private struct State {
        var ledgers: [String: StreamLedger] = [:]
        var calls: [Call: Int] = [:]
    }

    private let state = Mutex(State())

    /// The ledger of a stream; a stream made anew under the same name has one of its own.
    func ledger(of stream: StoredStream) -> StreamLedger {
        state.withLock { state in
            if let ledger = state.ledgers[stream.arn] { return ledger }
            let ledger = StreamLedger()
            state.ledgers[stream.arn] = ledger
            return ledger
        }
    }

    /// Counts an answer.
    func count(_ call: Call) {
        state.withLock { $0.calls[call, default: 0] += 1 }
    }

    /// Counts of answers.
    var calls: [Call: Int] { state.withLock { $0.calls } }

    /// The ledgers by ARN; those of streams that are gone are let go of.
    func ledgers(of arns: some Sequence<String>) -> [String: StreamLedger] {
        let living = Set(arns)
        return state.withLock { state in
            state.ledgers = state.ledgers.filter { living.contains($0.key) }
            return state.ledgers
        }
    }
}
