/// What changed in a stream.
enum StreamChange: Sendable {
    /// Bytes of an open fragment came.
    case part
    /// A fragment ended, a wait ran out, or the stream went away.
    case completion
}

/// Tasks that wait for a stream to change.
///
/// A task notes the mark, looks, and waits for a change *after that mark*: nothing that happens in between is
/// lost.
struct ChangeSignal {
    /// How much had changed at some moment.
    struct Mark: Sendable, Hashable {
        fileprivate var parts: UInt64 = 0
        fileprivate var completions: UInt64 = 0
    }

    private(set) var mark = Mark()
    /// Apart, since parts come by the frame and most readers wait for whole fragments.
    private var partWaiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
    private var completionWaiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
    private var lastID: UInt64 = 0

    mutating func makeID() -> UInt64 {
        lastID += 1
        return lastID
    }

    /// Keeps the continuation unless there has been a change already.
    ///
    /// - Returns: false where the caller must not wait.
    mutating func add(
        _ continuation: CheckedContinuation<Void, Never>,
        id: UInt64,
        after seen: Mark,
        wakesOnParts: Bool
    ) -> Bool {
        guard mark.completions == seen.completions, !wakesOnParts || mark.parts == seen.parts else {
            return false
        }
        if wakesOnParts { partWaiters[id] = continuation } else { completionWaiters[id] = continuation }
        return true
    }

    mutating func remove(id: UInt64) -> CheckedContinuation<Void, Never>? {
        partWaiters.removeValue(forKey: id) ?? completionWaiters.removeValue(forKey: id)
    }

    /// Notes a change.
    ///
    /// - Returns: whom to resume, outside the lock.
    mutating func note(_ change: StreamChange) -> [CheckedContinuation<Void, Never>] {
        defer { partWaiters = [:] }
        switch change {
        case .part:
            mark.parts += 1
            return Array(partWaiters.values)
        case .completion:
            mark.completions += 1
            defer { completionWaiters = [:] }
            return Array(partWaiters.values) + Array(completionWaiters.values)
        }
    }
}
