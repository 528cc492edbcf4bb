import Synchronization

/// A value that tests wait for.
public final class Watched<Value: Sendable>: Sendable {
    private struct State {
        var value: Value
        var waiting: [Int: (isSo: @Sendable (Value) -> Bool, wake: CheckedContinuation<Void, any Error>)] =
            [:]
        var count = 0
    }

    private let state: Mutex<State>

    /// Creates a value.
    public init(_ value: Value) {
        state = Mutex(State(value: value))
    }

    /// What it is now.
    public var value: Value { state.withLock(\.value) }

    /// Changes the value, and wakes whoever waited for what it is now.
    @discardableResult
    public func update<Result: Sendable>(_ change: (inout Value) -> Result) -> Result {
        let (result, due) = state.withLock { state in
            let result = change(&state.value)
            let due = state.waiting.filter { $0.value.isSo(state.value) }
            for number in due.keys { state.waiting[number] = nil }
            return (result, due.values.map(\.wake))
        }
        for wake in due { wake.resume() }
        return result
    }

    /// Waits until something is so.
    ///
    /// - Parameter isSo: is asked under the value's lock, and must not ask for the value itself.
    /// - Throws: CancellationError.
    public func wait(until isSo: @escaping @Sendable (Value) -> Bool) async throws {
        let number = state.withLock { state in
            state.count += 1
            return state.count
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wake in
                let result = state.withLock { state -> Result<Void, any Error>? in
                    if isSo(state.value) { return .success(()) }
                    if Task.isCancelled { return .failure(CancellationError()) }
                    state.waiting[number] = (isSo, wake)
                    return nil
                }
                if let result { wake.resume(with: result) }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: number) }?.wake.resume(
                throwing: CancellationError()
            )
        }
    }
}
