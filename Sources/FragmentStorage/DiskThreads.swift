import Dispatch
import Foundation
import NIOCore
import Synchronization

/// A few threads for calls that block: no event loop and no task of the cooperative pool waits on a disk.
///
/// The queue needs no limit of its own: a caller awaits its job, so it holds at most one per reader.
final class DiskThreads: Sendable {
    private struct Queue {
        var jobs: CircularBuffer<@Sendable () -> Void> = []
        var isClosed = false
    }

    private let queue = Mutex(Queue())
    private let pending = DispatchSemaphore(value: 0)
    private let count: Int

    init(count: Int, name: String) {
        self.count = count
        for _ in 0..<count {
            let thread = Thread { [self] in work() }
            thread.name = name
            thread.start()
        }
    }

    /// Runs `body` on one of the threads.
    ///
    /// - Throws: what `body` throws; `closed` after ``close()``.
    func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let isAccepted = queue.withLock { queue in
                guard !queue.isClosed else { return false }
                queue.jobs.append { continuation.resume(with: Swift.Result(catching: body)) }
                return true
            }
            if isAccepted { pending.signal() } else { continuation.resume(throwing: StoreError(.closed)) }
        }
    }

    /// Runs `body` with each number below `count` and waits for all of them, on the caller's own thread too.
    func runEach(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let done = DispatchSemaphore(value: 0)
        let lent = queue.withLock { queue in
            guard !queue.isClosed, count > 1 else { return 0..<0 }
            for index in 1..<count {
                queue.jobs.append {
                    body(index)
                    done.signal()
                }
            }
            return 1..<count
        }
        for _ in lent { pending.signal() }
        for index in 0..<count where !lent.contains(index) { body(index) }
        for _ in lent { done.wait() }
    }

    /// Ends the threads when the jobs accepted so far are done.
    func close() {
        queue.withLock { $0.isClosed = true }
        for _ in 0..<count { pending.signal() }
    }

    private func work() {
        while true {
            pending.wait()
            // The signals of `close` come last, so a thread that finds nothing has nothing left to do.
            guard let job = queue.withLock({ $0.jobs.popFirst() }) else { return }
            job()
        }
    }
}
