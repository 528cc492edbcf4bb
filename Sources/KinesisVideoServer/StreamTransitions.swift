package import FragmentStorage
import KinesisVideo
package import Logging

/// Brings streams out of CREATING, UPDATING and DELETING, each a fixed time after it got there.
///
/// The same time for all, so that first in is first out. What a stop of the service interrupts is settled by the next
/// start: the store drops streams that are DELETING, ``settleInterrupted()`` makes the others ACTIVE.
///
/// Source: 02 Control plane, "State machine".
package struct StreamTransitions: Sendable {
    private struct Step: Sendable {
        let stream: StoredStream
        let due: ContinuousClock.Instant
    }

    private let store: FragmentStore
    private let delay: Duration
    private let logger: Logger
    private let steps: AsyncStream<Step>
    /// Holds a stream at most once: one that is not ACTIVE takes no further change.
    private let sink: AsyncStream<Step>.Continuation

    /// Creates the transitions of a store; without delay they take place at once.
    package init(store: FragmentStore, delay: Duration, logger: Logger) {
        self.store = store
        self.delay = delay
        self.logger = logger
        (steps, sink) = AsyncStream.makeStream()
    }

    /// The status of a stream on its way to ACTIVE.
    func status(_ underWay: StreamStatus) -> StreamStatus {
        delay > .zero ? underWay : .active
    }

    /// Lets a stream that has been made, changed or marked for deletion go on to its next state.
    func begin(_ stream: StoredStream) async throws {
        guard delay > .zero else { return try await settle(stream) }
        sink.yield(Step(stream: stream, due: .now.advanced(by: delay)))
    }

    /// Makes the streams ACTIVE that were CREATING or UPDATING when the service stopped.
    func settleInterrupted() async throws {
        for stream in store.streams { try await settle(stream) }
    }

    /// Works until the task is cancelled; one task at a time.
    func run() async throws {
        for await step in steps {
            try await Task.sleep(until: step.due)
            do {
                try await settle(step.stream)
            } catch {
                guard store.stream(arn: step.stream.arn) === step.stream else {
                    logger.error(
                        "stream is gone, its deletion incomplete until the next start",
                        metadata: ["stream": "\(step.stream.name)", "error": "\(error)"]
                    )
                    continue
                }
                // The disk may have room again later; until then the stream stays as it is.
                logger.error(
                    "stream stays in transition",
                    metadata: ["stream": "\(step.stream.name)", "error": "\(error)"]
                )
                sink.yield(Step(stream: step.stream, due: .now.advanced(by: max(delay, .seconds(1)))))
            }
        }
    }

    private func settle(_ stream: StoredStream) async throws {
        switch stream.record.info.status {
        case .active: return
        case .creating, .updating: try await stream.updateRecord { $0.info.status = .active }
        case .deleting: try await store.deleteStream(stream)
        }
    }
}
