public import KinesisVideo
import Synchronization

/// What a connection holds of a complete fragment until it is archived.
public struct FragmentReceipt: Sendable {
    /// Number, clocks, size and length.
    public let info: FragmentInfo
    /// True where the stream archives; false where the fragment stays in memory only.
    public let isArchived: Bool
    let outcome: ArchiveOutcome

    /// Waits until the fragment is durable and can be listed; returns at once where nothing is archived.
    ///
    /// - Throws: ``StoreError`` where it could not be archived, `CancellationError` where the task is
    ///   cancelled.
    public func persisted() async throws {
        if isArchived { try await outcome.wait() }
    }
}

/// The one answer of the archive about a fragment.
final class ArchiveOutcome: Sendable {
    private struct State {
        var result: Result<Void, StoreError>?
        var waiting: [Int: CheckedContinuation<Void, any Error>] = [:]
        var nextID = 0
    }

    private let state = Mutex(State())

    /// Gives the answer; later ones are ignored.
    func settle(_ result: Result<Void, StoreError>) {
        let waiting = state.withLock { state in
            guard state.result == nil else { return [CheckedContinuation<Void, any Error>]() }
            state.result = result
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in waiting { continuation.resume(with: result.mapError { $0 }) }
    }

    func wait() async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<Void, any Error>? = state.withLock { state in
                    if let result = state.result { return result.mapError { $0 } }
                    // The flag is set before the handler runs: one of the two always sees the continuation.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    state.waiting[id] = continuation
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: id) }?.resume(throwing: CancellationError())
        }
    }
}
