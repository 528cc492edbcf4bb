import Synchronization

/// Which streams are on the screen; written by the screen, read by whoever lists them.
final class StreamWatch: Sendable {
    private let state = Mutex<(names: [String], isForgotten: Bool)>(([], false))

    /// Notes the streams, the selected one first.
    func set(_ names: [String]) {
        state.withLock { $0.names = names }
    }

    /// Notes that everything is to be asked anew.
    func forget() {
        state.withLock { $0.isForgotten = true }
    }

    /// The streams, and whether everything is to be asked anew: true once.
    func take() -> (names: [String], isForgotten: Bool) {
        state.withLock { state in
            defer { state.isForgotten = false }
            return state
        }
    }
}
