import Dispatch
import Foundation
import KinesisVideo
import Logging
import NIOCore
import Synchronization

/// The one thread that writes segment files and index, with one wait for the disk per batch.
///
/// ```
/// fragments wait > append each to its stream's segment > fdatasync every file > one index transaction > done
/// ```
///
/// While a batch waits for the disk the next one gathers, so the slower the disk, the larger the batches. The
/// queue is bounded by ``waitForRoom()``, which producers pass before each fragment.
final class ArchiveWriter: Sendable {
    private enum Work {
        case fragment(PendingFragment)
        case task(@Sendable (inout ArchiveLanes) -> Void)
    }

    private struct Queue {
        var works: CircularBuffer<Work> = []
        /// Bytes waiting or being written.
        var bytes = 0
        var isClosed = false
        var waiting: [UInt64: CheckedContinuation<Void, any Error>] = [:]
        var lastID: UInt64 = 0
    }

    /// Bytes of one batch, so that a segment is not much larger than asked for.
    private static let batchBytes = 32 << 20
    /// Fragments of one batch, so that no stream is locked for long when they are noted as archived.
    private static let batchFragments = 1_000

    private let queue = Mutex(Queue())
    private let pending = DispatchSemaphore(value: 0)
    private let limit: Int
    private let index: FragmentIndex
    private let clock: @Sendable () -> Timestamp
    private let logger: Logger

    init(index: FragmentIndex, queueBytes: Int, clock: @escaping @Sendable () -> Timestamp, logger: Logger) {
        self.index = index
        self.clock = clock
        self.logger = logger
        limit = queueBytes
    }

    /// Starts the thread.
    ///
    /// - Parameter lanes: where each stream's archive goes on.
    func start(_ lanes: ArchiveLanes) {
        let thread = Thread { [self] in work(lanes) }
        thread.name = "archive"
        thread.start()
    }

    /// Ends the thread when all that was accepted is written.
    func close() {
        queue.withLock { $0.isClosed = true }
        pending.signal()
    }

    /// Sends a fragment on its way; its outcome tells what became of it.
    func append(_ fragment: PendingFragment) {
        let isAccepted = queue.withLock { queue in
            guard !queue.isClosed else { return false }
            queue.works.append(.fragment(fragment))
            queue.bytes += fragment.chunk.info.size
            return true
        }
        if isAccepted { pending.signal() } else { fragment.outcome.settle(.failure(StoreError(.closed))) }
    }

    /// Runs `body` between two batches, behind all fragments appended so far.
    func perform<Result: Sendable>(
        _ body: @escaping @Sendable (inout ArchiveLanes) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let isAccepted = queue.withLock { queue in
                guard !queue.isClosed else { return false }
                queue.works.append(
                    .task { lanes in continuation.resume(with: Swift.Result { try body(&lanes) }) }
                )
                return true
            }
            if isAccepted { pending.signal() } else { continuation.resume(throwing: StoreError(.closed)) }
        }
    }

    /// Waits until no more than the limit waits for the disk.
    func waitForRoom() async throws {
        let id = queue.withLock { queue in
            queue.lastID += 1
            return queue.lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<Void, any Error>? = queue.withLock { queue in
                    if queue.isClosed { return .failure(StoreError(.closed)) }
                    if queue.bytes < limit { return .success(()) }
                    if Task.isCancelled { return .failure(CancellationError()) }
                    queue.waiting[id] = continuation
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            queue.withLock { $0.waiting.removeValue(forKey: id) }?.resume(throwing: CancellationError())
        }
    }
}

extension ArchiveWriter {
    private func work(_ lanes: ArchiveLanes) {
        var lanes = lanes
        while true {
            pending.wait()
            let (fragments, task, isDone) = take()
            if !fragments.isEmpty {
                write(fragments, to: &lanes)
                makeRoom(fragments.reduce(0) { $0 + $1.chunk.info.size })
            }
            task?(&lanes)
            if isDone { return }
        }
    }

    /// Takes what is waiting: fragments up to the size of a batch, and the task behind them if there is one.
    private func take() -> ([PendingFragment], (@Sendable (inout ArchiveLanes) -> Void)?, isDone: Bool) {
        queue.withLock { queue in
            var (fragments, bytes): ([PendingFragment], Int) = ([], 0)
            while bytes < Self.batchBytes, fragments.count < Self.batchFragments,
                let work = queue.works.popFirst()
            {
                switch work {
                case .fragment(let fragment):
                    fragments.append(fragment)
                    bytes += fragment.chunk.info.size
                case .task(let task):
                    return (fragments, task, queue.isClosed && queue.works.isEmpty)
                }
            }
            return (fragments, nil, queue.isClosed && queue.works.isEmpty)
        }
    }

    private func makeRoom(_ bytes: Int) {
        let waiting = queue.withLock { queue in
            queue.bytes -= bytes
            guard queue.bytes < limit else { return [CheckedContinuation<Void, any Error>]() }
            defer { queue.waiting = [:] }
            return Array(queue.waiting.values)
        }
        for continuation in waiting { continuation.resume() }
    }

    private func write(_ fragments: [PendingFragment], to lanes: inout ArchiveLanes) {
        let now = clock()
        let results = lanes.write(fragments, to: index, now: now)
        let archived = zip(fragments, results).filter { $0.1 == nil }.map(\.0)
        for (_, fragments) in Dictionary(grouping: archived, by: \.stream.indexKey) {
            fragments.first?.stream.noteArchived(fragments, now: clock())
        }
        for (fragment, error) in zip(fragments, results) {
            if let error {
                fragment.stream.noteFailed(fragment, now: now)
                fragment.outcome.settle(.failure(error))
            } else {
                fragment.outcome.settle(.success(()))
            }
        }
        if let error = results.lazy.compactMap({ $0 }).first {
            logger.error(
                "fragments not archived",
                metadata: ["count": "\(fragments.count - archived.count)", "error": "\(error)"]
            )
        }
    }
}
