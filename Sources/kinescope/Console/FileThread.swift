import Foundation
import Synchronization

/// A thread for what reads files: it blocks, and the cooperative pool has but one thread for each core.
enum FileThread {
    /// Runs `body` on a thread of its own.
    ///
    /// - Parameter body: What blocks; it asks now and then whether the task around it is cancelled.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    static func run<Value: Sendable>(
        _ body: @escaping @Sendable (_ isCancelled: () -> Bool) throws -> Value
    ) async throws -> Value {
        let flag = CancelFlag()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation {
                (continuation: CheckedContinuation<Value, any Error>) in
                let thread = Thread {
                    continuation.resume(with: Result { try body { flag.isSet } })
                }
                thread.name = "files"
                thread.start()
            }
        } onCancel: {
            flag.set()
        }
    }

    private final class CancelFlag: Sendable {
        private let value = Atomic(false)

        var isSet: Bool { value.load(ordering: .relaxed) }

        func set() { value.store(true, ordering: .relaxed) }
    }
}
