import Dispatch
import KinesisVideo
import KinesisVideoConsumer
import Pixels
import Synchronization

/// What a player's thread and everyone else both reach: the state behind a lock, a letter box, the newest
/// picture.
///
/// The lock is held for moments only: never while decoding, scaling or waiting.
final class PlayerShared: Sendable {
    typealias Fit = @Sendable (_ source: PixelSize, _ sampleAspect: Double) -> PixelSize

    /// What is under the lock.
    struct Contents: Sendable {
        var state: PlayerState
        var letters: [PlayerEvent] = []
        var isAwake = false
        var isClosed = false
        var picture: DuePicture?
        var fit: Fit = { size, _ in size }
        var isFitNew = false
        var window: (start: Timestamp, end: Timestamp)?
        /// What a glance is wanted of, until it has been looked for.
        var glanceWish: (time: Timestamp, fit: Fit)?
        var glance: Glance?
        var snapshots: [CheckedContinuation<RGBImage?, Never>] = []
        var facts = PictureFacts()
        var calls = CallLog()

        /// Opens what the settings ask for, or where the first command leads: nothing is opened only to be left.
        mutating func start(at now: PlayerTime) -> [PlayerAction] {
            switch letters.first {
            case .command(.seek(let time)):
                letters.removeFirst()
                return state.start(at: now, opening: .time(time))
            case .command(.seekToFragment(let number)):
                letters.removeFirst()
                return state.start(at: now, opening: .fragment(number))
            default: return state.start(at: now)
            }
        }
    }

    let clock: PlayerClock
    let log: (@Sendable (PlayerLogEntry) -> Void)?
    let contents: Mutex<Contents>
    let changed: AsyncStream<Void>.Continuation
    let caller: AsyncStream<PlayerCall>.Continuation
    private let bell = DispatchSemaphore(value: 0)

    init(
        state: PlayerState,
        clock: PlayerClock,
        changed: AsyncStream<Void>.Continuation,
        caller: AsyncStream<PlayerCall>.Continuation,
        log: (@Sendable (PlayerLogEntry) -> Void)?
    ) {
        contents = Mutex(Contents(state: state))
        self.clock = clock
        self.changed = changed
        self.caller = caller
        self.log = log
    }

    // MARK: For everyone

    /// Leaves a letter for the player's thread, which is woken for it unless it can wait for the next look.
    func post(_ event: PlayerEvent) {
        wake { contents in
            contents.letters.append(event)
            return !(event.isFrame && contents.state.isAtRest)
        }
    }

    func close() {
        wake {
            $0.isClosed = true
            return true
        }
    }

    var status: PlayerStatus {
        let now = clock.now
        return contents.withLock { contents in
            var status = contents.state.status(at: now)
            contents.facts.describe(&status, at: now.elapsed)
            status.calls = contents.calls.counts(at: now.elapsed)
            return status
        }
    }

    func setPictureSize(_ fit: @escaping Fit) {
        wake {
            $0.fit = fit
            $0.isFitNew = true
            return true
        }
    }

    func picture(after serial: Int) -> DuePicture? {
        contents.withLock { $0.picture?.serial == serial ? nil : $0.picture }
    }

    func glance(at time: Timestamp, fit: @escaping Fit) -> Glance? {
        let (glance, isKnown) = contents.withLock { contents in
            let address = contents.state.memory.keyFrame(near: time)?.address
            let glance = contents.glance.flatMap { $0.frame == address ? $0 : nil }
            return (glance, address == nil || glance != nil)
        }
        if !isKnown {
            wake {
                $0.glanceWish = (time, fit)
                return true
            }
        }
        return glance
    }

    func fullSizePicture() async -> RGBImage? {
        await withCheckedContinuation { continuation in
            let isClosed = contents.withLock { contents in
                if !contents.isClosed { contents.snapshots.append(continuation) }
                return contents.isClosed
            }
            if isClosed { continuation.resume(returning: nil) } else { wake { _ in true } }
        }
    }

    func columns(from start: Timestamp, to end: Timestamp, count: Int) -> [TimelineColumn] {
        let now = clock.now
        let (columns, isNew) = contents.withLock { contents in
            let isNew = contents.window?.start != start || contents.window?.end != end
            contents.window = (start, end)
            return (contents.state.columns(from: start, to: end, count: count, at: now), isNew)
        }
        if isNew { post(.windowShown(from: start, to: end)) }
        return columns
    }

    func place(at time: Timestamp) -> TimelinePlace {
        let now = clock.now
        let place = contents.withLock { $0.state.place(at: time, at: now) }
        if place == .unknown { post(.placeWanted(time)) }
        return place
    }

    func extent(from start: Timestamp, to end: Timestamp) -> TimelineExtent {
        contents.withLock { $0.state.timeline.extent(from: start, to: end) }
    }

    /// Changes something and wakes the player's thread where `change` says so.
    private func wake(_ change: @Sendable (inout Contents) -> Bool) {
        let isAsleep = contents.withLock { contents in
            guard change(&contents) else { return false }
            defer { contents.isAwake = true }
            return !contents.isAwake
        }
        if isAsleep { bell.signal() }
    }

    // MARK: For the player's thread

    /// Waits for a letter, at most so long.
    func sleep(_ duration: Duration) {
        let isAwake = contents.withLock { $0.isAwake }
        if !isAwake, duration > .zero {
            _ = bell.wait(timeout: .now() + .nanoseconds(Int(duration.milliseconds * 1_000_000)))
        } else if isAwake {
            bell.wait()
        }
        contents.withLock { $0.isAwake = false }
    }
}
