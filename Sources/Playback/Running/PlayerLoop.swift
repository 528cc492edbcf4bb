import KinesisVideo
import Matroska
import MediaCodec
import Pixels
import Synchronization

/// The player's thread: performs what the state asks for, one frame at a time, so that no key waits longer
/// than one frame takes to decode.
struct PlayerLoop: ~Copyable {
    /// Work for the decoder, in order.
    private enum Job {
        case reset(epoch: Int, TrackEntry)
        case decode(epoch: Int, token: Int, EncodedFrame)
        case drain(epoch: Int)
    }

    /// A decoded picture that can wait in a dictionary.
    private final class Held {
        let picture: DecodedPicture

        init(_ picture: consuming DecodedPicture) {
            self.picture = picture
        }
    }

    private let shared: PlayerShared
    private var jobs: [Job] = []
    private var decoder: VideoDecoder?
    private var scaler = FrameScaler()
    private var glances = GlanceDecoder()
    private var meter: AudioMeter?
    private var meterTrack: TrackEntry?
    private var held: [Int: Held] = [:]
    private var onScreen: (held: Held, frame: FrameAddress, time: Timestamp, isExact: Bool)?
    private var calls: [Int: AsyncStream<Never>.Continuation] = [:]
    private var serial = 0

    init(_ shared: PlayerShared) {
        self.shared = shared
    }

    /// Runs until the player is closed.
    consuming func run() {
        perform(shared.contents.withLock { [now = shared.clock.now] in $0.start(at: now) })
        while turn() {}
        for call in calls.values { call.finish() }
        shared.caller.finish()
        shared.changed.finish()
        let snapshots = shared.contents.withLock { contents in
            defer { contents.snapshots = [] }
            return contents.snapshots
        }
        for snapshot in snapshots { snapshot.resume(returning: nil) }
    }

    /// Takes in what has come, does one piece of work, or waits; false at the end.
    private mutating func turn() -> Bool {
        let now = shared.clock.now
        let (actions, isClosed, hasNews) = shared.contents.withLock { contents in
            let letters = contents.letters
            contents.letters = []
            var actions: [PlayerAction] = []
            for letter in letters { actions += contents.state.handle(letter, at: now) }
            if letters.isEmpty { actions = contents.state.handle(.tick, at: now) }
            return (actions, contents.isClosed, letters.contains { !$0.isFrame })
        }
        guard !isClosed else { return false }
        perform(actions)
        answerRequests()
        lookForGlance()
        if hasNews || !actions.isEmpty { shared.changed.yield() }
        if jobs.isEmpty {
            let wake = shared.contents.withLock { $0.state.nextWake(after: now) }
            shared.sleep(wake - shared.clock.now.elapsed)
        } else {
            work(jobs.removeFirst())
        }
        return true
    }

    private mutating func perform(_ actions: [PlayerAction]) {
        for action in actions {
            switch action {
            case .openLive(let request, let selector): call(request, .live(selector))
            case .fetch(let request, let numbers): call(request, .fetch(numbers))
            case .list(let request, let selector): call(request, .list(selector))
            case .cancel(let request): calls.removeValue(forKey: request)?.finish()
            case .resetDecoder(let epoch, let track): jobs = [.reset(epoch: epoch, track)]
            case .decode(let epoch, let token, let frame):
                jobs.append(.decode(epoch: epoch, token: token, frame))
            case .drainDecoder(let epoch): jobs.append(.drain(epoch: epoch))
            case .show(let token, let frame, let time, let isExact):
                guard let picture = held[token] else { continue }
                onScreen = (picture, frame, time, isExact)
                publish()
            case .discard(let tokens): for token in tokens { held[token] = nil }
            case .measure(let track, let frames): measure(track, frames)
            case .log(let entry): shared.log?(entry)
            }
        }
    }

    // MARK: Calls

    private mutating func call(_ request: Int, _ operation: PlayerCall.Operation) {
        let (cancellation, ending) = AsyncStream.makeStream(of: Never.self)
        calls[request] = ending
        // Calls that ended by themselves are not cancelled any more; a few of them may be remembered.
        if calls.count > 64 { calls[request - 64] = nil }
        let now = shared.clock.now.elapsed
        shared.contents.withLock { $0.calls.called(operation.name, at: now) }
        shared.caller.yield(PlayerCall(request: request, operation: operation, cancellation: cancellation))
    }

    // MARK: Decoding

    private mutating func work(_ job: Job) {
        switch job {
        case .reset(let epoch, let track): open(track, epoch)
        case .decode(let epoch, let token, let frame): decode(frame, token, epoch)
        case .drain(let epoch):
            do throws(CodecError) {
                try decoder?.drain()
            } catch {
                handle(.decodeFailed(epoch: epoch, error.description))
            }
            handle(.drained(epoch: epoch, receive(epoch)))
        }
    }

    private mutating func open(_ track: TrackEntry, _ epoch: Int) {
        var options = VideoDecoder.Options()
        options.isLowDelay = true
        do throws(CodecError) {
            decoder = try VideoDecoder(track: track, options: options)
        } catch {
            decoder = nil
            handle(.decodeFailed(epoch: epoch, error.description))
        }
        let codec = CodecName(track).description
        shared.contents.withLock { $0.facts.codec = codec }
    }

    private mutating func decode(_ frame: EncodedFrame, _ token: Int, _ epoch: Int) {
        do throws(CodecError) {
            try decoder?.send(frame.data, timecode: Int64(token), isKey: frame.isKey)
            handle(.decoded(epoch: epoch, receive(epoch)))
        } catch {
            handle(.decodeFailed(epoch: epoch, error.description))
        }
    }

    private mutating func receive(_ epoch: Int) -> [DecodedFrame] {
        var frames: [DecodedFrame] = []
        do throws(CodecError) {
            while let picture = try decoder?.receive() {
                let token = Int(picture.timecode)
                frames.append(DecodedFrame(token: token, bytes: picture.size.area * 3 / 2))
                held[token] = Held(picture)
            }
        } catch {
            handle(.decodeFailed(epoch: epoch, error.description))
        }
        let now = shared.clock.now.elapsed
        if !frames.isEmpty { shared.contents.withLock { $0.facts.pictureDecoded(at: now) } }
        return frames
    }

    private mutating func handle(_ event: PlayerEvent) {
        let now = shared.clock.now
        perform(shared.contents.withLock { $0.state.handle(event, at: now) })
    }

    // MARK: Sound

    private mutating func measure(_ track: TrackEntry, _ frames: [EncodedFrame]) {
        if meterTrack != track {
            meterTrack = track
            // A codec that cannot be decoded has no level; its name is shown all the same.
            meter = try? AudioMeter(track: track)
        }
        let level = meter?.level(of: frames.map(\.data))
        let now = shared.clock.now.elapsed
        shared.contents.withLock { $0.facts.soundMeasured(level, at: now) }
    }

    // MARK: Pictures

    /// Scales the picture on screen and puts it where everyone can take it.
    private mutating func publish() {
        guard let onScreen else { return }
        let fit = shared.contents.withLock { $0.fit }
        let size = onScreen.held.picture.size
        let image = scaled(to: fit(size, onScreen.held.picture.sampleAspect), onScreen.held)
        serial += 1
        let picture = DuePicture(
            serial: serial,
            image: image,
            sourceSize: size,
            frame: onScreen.frame,
            time: onScreen.time,
            isExact: onScreen.isExact
        )
        let (format, kind) = (onScreen.held.picture.pixelFormat, onScreen.held.picture.kind)
        shared.contents.withLock { contents in
            contents.picture = picture
            contents.facts.width = size.width
            contents.facts.height = size.height
            contents.facts.pixelFormat = format
            contents.facts.kind = kind
        }
        shared.changed.yield()
    }

    private mutating func scaled(to size: PixelSize, _ held: Held) -> RGBImage {
        var image = RGBImage(size: size.limited(toSide: FrameScaler.sideLimit))
        scaler.scale(held.picture, into: &image)
        return image
    }

    /// Decodes the key frame that somebody wants a glance of, where it is in the memory still.
    private mutating func lookForGlance() {
        let wanted = shared.contents.withLock { contents -> (MemoryKeyFrame, PlayerShared.Fit)? in
            guard let wish = contents.glanceWish else { return nil }
            contents.glanceWish = nil
            return contents.state.memory.keyFrame(near: wish.time).map { ($0, wish.fit) }
        }
        guard let (key, fit) = wanted, let glance = glances.glance(key, fit: fit) else { return }
        shared.contents.withLock { $0.glance = glance }
        shared.changed.yield()
    }

    /// A new size, and pictures in full size.
    private mutating func answerRequests() {
        let (isFitNew, snapshots) = shared.contents.withLock { contents in
            defer { (contents.isFitNew, contents.snapshots) = (false, []) }
            return (contents.isFitNew, contents.snapshots)
        }
        if isFitNew { publish() }
        guard !snapshots.isEmpty else { return }
        let image = onScreen.map { screen in
            let size = screen.held.picture.size
            let width = Int((Double(size.width) * screen.held.picture.sampleAspect).rounded())
            return scaled(to: PixelSize(width: max(1, width), height: size.height), screen.held)
        }
        for snapshot in snapshots { snapshot.resume(returning: image) }
    }
}
