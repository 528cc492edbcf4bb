import KinesisVideo
import Synchronization

/// A clock that moves when a test says so.
final class ManualClock: Sendable {
    private let moment: Mutex<Timestamp>

    init(_ milliseconds: Int64 = 1_700_000_000_000) {
        moment = Mutex(Timestamp(milliseconds: milliseconds))
    }

    var now: Timestamp { moment.withLock { $0 } }

    func advance(milliseconds: Int64) {
        moment.withLock { $0 = $0.advanced(byMilliseconds: milliseconds) }
    }
}
