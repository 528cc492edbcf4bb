import CFFmpeg
import Synchronization

/// Lets a call of libav that waits for a server or a camera be given up.
///
/// libav asks now and then whether to go on: no longer when the call has taken its time, or when somebody has
/// cancelled.
public final class MediaInterrupt: Sendable {
    private struct State {
        var deadline = ContinuousClock.now
        var isCancelled = false
    }

    /// How long a call may take.
    public let timeout: Duration
    private let state = Mutex(State())

    /// Gives every call so long.
    public init(timeout: Duration) {
        self.timeout = timeout
    }

    /// Gives up what runs and what follows, from any thread.
    public func cancel() {
        state.withLock { $0.isCancelled = true }
    }

    /// True once somebody has cancelled.
    public var isCancelled: Bool { state.withLock(\.isCancelled) }

    /// Begins a call.
    func begin() {
        state.withLock { $0.deadline = .now + timeout }
    }

    /// True where the call is to be given up.
    var isDue: Bool { state.withLock { $0.isCancelled || ContinuousClock.now >= $0.deadline } }

    /// Why a call was given up.
    var reason: String { isCancelled ? "it was given up" : "nothing came for \(timeout)" }

    /// The question as libav asks it; whoever sets it keeps this alive as long as the context lives.
    var callback: AVIOInterruptCB {
        AVIOInterruptCB(
            callback: { opaque in
                guard let opaque else { return 0 }
                return Unmanaged<MediaInterrupt>.fromOpaque(opaque).takeUnretainedValue().isDue ? 1 : 0
            },
            opaque: Unmanaged.passUnretained(self).toOpaque()
        )
    }
}
