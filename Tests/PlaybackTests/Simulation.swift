import KinesisVideo
import KinesisVideoConsumer
import Matroska
import Playback

/// A player's state, a service and a decoder under one virtual clock.
///
/// Everything the state asks for happens a little later, in the order of time; nothing waits.
struct Simulation {
    enum Call: Equatable {
        case live(StartSelector)
        case fetch([FragmentNumber])
        case list(FragmentSelector)
    }

    var stream: SampleStream
    var state: PlayerState
    /// Milliseconds since the start.
    private(set) var elapsed = 0.0
    private(set) var log: [PlayerLogEntry] = []
    private(set) var calls: [(time: Double, call: Call)] = []
    private(set) var resets = 0
    /// Pictures that the state has not given back.
    private(set) var pictures: Set<Int> = []
    /// While true every call fails and open ones break.
    var isDown = false
    /// While true GetMedia fails, and the archive answers.
    var isLiveDown = false
    /// While true what comes of media is lost on the way, without a word.
    var isSilent = false
    /// Refuses GetMedia for ever, and nothing else.
    var liveRefusal: MediaSourceError.Kind?
    /// Fails calls of this kind for ever.
    var refusal: MediaSourceError.Kind?
    /// Milliseconds that the decoder takes for a frame.
    var decodeTime = 2.0
    /// Milliseconds until the first byte of an answer.
    var latency = 5.0
    /// Fragments older than this are gone from the archive and the buffer.
    var oldest = 0

    private struct Pending {
        var time: Double
        var order: Int
        var event: PlayerEvent
        var request: Int?
    }

    private struct Connection {
        var next: Int
    }

    private let wallOrigin: Timestamp
    private var pending: [Pending] = []
    private var order = 0
    private var connections: [Int: Connection] = [:]
    private var decoder = SampleDecoder()
    private var decoderFree = 0.0

    /// Begins when the camera has been running for `start` milliseconds.
    init(
        _ stream: SampleStream = SampleStream(),
        settings: PlayerSettings = PlayerSettings(),
        start: Int64 = 3_600_700
    ) {
        self.stream = stream
        state = PlayerState(stream: "door", settings: settings)
        wallOrigin = stream.origin.advanced(byMilliseconds: start)
    }

    var now: PlayerTime {
        PlayerTime(elapsed: .milliseconds(elapsed), wall: wall(elapsed))
    }

    var status: PlayerStatus { state.status(at: now) }
    var drawn: [PlayerLogEntry] { log.filter { $0.event == .drawn } }
    var dropped: [PlayerLogEntry] { log.filter { $0.event == .dropped } }
    var liveCalls: Int { calls.count { if case .live = $0.call { true } else { false } } }
    var fetchCalls: Int { calls.count { if case .fetch = $0.call { true } else { false } } }
    var listCalls: Int { calls.count { if case .list = $0.call { true } else { false } } }

    func wall(_ elapsed: Double) -> Timestamp {
        wallOrigin.advanced(byMilliseconds: Int64(elapsed))
    }

    mutating func start() {
        perform(state.start(at: now))
    }

    mutating func send(_ command: PlayerCommand) {
        handle(.command(command))
    }

    mutating func handle(_ event: PlayerEvent) {
        perform(state.handle(event, at: now))
    }

    /// Lets so many milliseconds pass.
    mutating func run(_ milliseconds: Double) {
        let end = elapsed + milliseconds
        while true {
            let wake = state.nextWake(after: now).milliseconds
            let next = pending.indices.min {
                (pending[$0].time, pending[$0].order) < (pending[$1].time, pending[$1].order)
            }
            if let next, pending[next].time <= min(wake, end) {
                let event = pending.remove(at: next)
                elapsed = max(elapsed, event.time)
                deliver(event)
            } else if wake <= end {
                // The clock always moves on: a wake that does not is a loop.
                elapsed = max(elapsed + 0.01, wake)
                handle(.tick)
            } else {
                elapsed = end
                return
            }
        }
    }

    /// Breaks everything that is open; the service answers again after `restore`.
    mutating func breakConnections() {
        isDown = true
        let requests = Array(connections.keys)
        connections = [:]
        pending.removeAll { $0.request != nil }
        for request in requests {
            handle(.mediaEnded(request: request, MediaSourceError(.retryable, "connection reset")))
        }
    }

    mutating func restore() { isDown = false }

    // MARK: Service

    private mutating func deliver(_ event: Pending) {
        if let request = event.request {
            if isSilent { return }
            guard let connection = connections[request] else { return }
            if case .media(_, .fragmentEnded) = event.event, connection.next >= 0 {
                scheduleLiveFragment(request)
            }
            if case .mediaEnded = event.event { connections[request] = nil }
        }
        handle(event.event)
    }

    private mutating func perform(_ actions: [PlayerAction]) {
        for action in actions {
            switch action {
            case .openLive(let request, let selector): openLive(request, selector)
            case .fetch(let request, let numbers): fetch(request, numbers)
            case .cancel(let request):
                connections[request] = nil
                pending.removeAll { $0.request == request }
            case .list(let request, let selector): list(request, selector)
            case .resetDecoder(_, let track):
                resets += 1
                decoder = SampleDecoder(track: track, delay: stream.hasBFrames ? 2 : 0)
                decoder.interval = stream.frameInterval
            case .decode(let epoch, let token, let frame):
                schedule(.decoded(epoch: epoch, keep(decoder.decode(token, frame))), at: decoderTime())
            case .drainDecoder(let epoch):
                schedule(.drained(epoch: epoch, keep(decoder.drain())), at: decoderTime())
            case .show(let token, _, _, _):
                precondition(pictures.contains(token), "a picture that was given back is shown")
            case .discard(let tokens): pictures.subtract(tokens)
            case .measure: break
            case .log(let entry): log.append(entry)
            }
        }
    }

    private mutating func keep(_ frames: [DecodedFrame]) -> [DecodedFrame] {
        pictures.formUnion(frames.map(\.token))
        return frames
    }

    private mutating func decoderTime() -> Double {
        decoderFree = max(decoderFree, elapsed) + decodeTime
        return decoderFree
    }

    private mutating func schedule(_ event: PlayerEvent, at time: Double, request: Int? = nil) {
        order += 1
        pending.append(Pending(time: time, order: order, event: event, request: request))
    }

    private mutating func openLive(_ request: Int, _ selector: StartSelector) {
        calls.append((elapsed, .live(selector)))
        let busy = MediaSourceError(.retryable, "3 of 3 connections in use")
        let refused = liveRefusal.map { MediaSourceError($0, "AccessDenied") }
        guard let error = refused ?? (isLiveDown ? busy : failure) else {
            connections[request] = Connection(next: firstFragment(selector))
            return scheduleLiveFragment(request)
        }
        schedule(.mediaEnded(request: request, error), at: elapsed + latency)
    }

    private var failure: MediaSourceError? {
        if let refusal { return MediaSourceError(refusal, "refused") }
        return isDown ? MediaSourceError(.retryable, "unreachable") : nil
    }

    private func firstFragment(_ selector: StartSelector) -> Int {
        let newest = stream.index(at: wall(elapsed)) - 1
        switch selector {
        case .now: return newest
        case .earliest: return oldest
        case .afterFragment(let number): return max(oldest, stream.index(after: number) ?? newest + 1)
        case .producerTimestamp(let time), .serverTimestamp(let time):
            return max(oldest, stream.index(at: time))
        case .continuationToken: return newest
        }
    }

    private mutating func scheduleLiveFragment(_ request: Int) {
        guard var index = connections[request]?.next else { return }
        while !stream.exists(index) { index += 1 }
        connections[request]?.next = index + 1
        let earliest = elapsed + latency
        let complete = time(of: stream.end(index)) + 20
        let begin = stream.hasFrameDelivery ? time(of: stream.start(index)) + 20 : complete
        let metadata = stream.metadata(index)
        schedule(
            .media(
                request: request,
                .fragmentBegan(metadata, tracks: stream.tracks(index), timestampScale: 1_000_000)
            ),
            at: max(earliest, begin),
            request: request
        )
        for (place, frame) in stream.frames(index).enumerated() {
            // Frames are made in decode order, one each interval.
            let made = time(of: stream.start(index)) + Double(place) * Double(stream.frameInterval) + 20
            let time = max(earliest, stream.hasFrameDelivery ? made : complete)
            schedule(.media(request: request, .frame(frame)), at: time, request: request)
        }
        schedule(
            .media(request: request, .fragmentEnded(isComplete: true, millisBehindNow: 0)),
            at: max(earliest, complete),
            request: request
        )
    }

    private func time(of moment: Timestamp) -> Double {
        Double(moment.milliseconds - wallOrigin.milliseconds)
    }

    private func isArchived(_ index: Int) -> Bool {
        stream.exists(index) && index >= oldest && time(of: stream.end(index)) + 400 <= elapsed
    }

    private mutating func fetch(_ request: Int, _ numbers: [FragmentNumber]) {
        calls.append((elapsed, .fetch(numbers)))
        connections[request] = Connection(next: -1)
        var time = elapsed + latency
        var error = failure
        for number in numbers where error == nil {
            guard let index = stream.index(number), isArchived(index) else {
                error = MediaSourceError(.fragmentMissing(number), "FRAGMENT_NOT_FOUND")
                break
            }
            let tracks = stream.tracks(index)
            schedule(
                .media(
                    request: request,
                    .fragmentBegan(stream.metadata(index), tracks: tracks, timestampScale: 1_000_000)
                ),
                at: time,
                request: request
            )
            for frame in stream.frames(index) {
                time += 0.05
                schedule(.media(request: request, .frame(frame)), at: time, request: request)
            }
            schedule(
                .media(request: request, .fragmentEnded(isComplete: true, millisBehindNow: nil)),
                at: time,
                request: request
            )
        }
        schedule(.mediaEnded(request: request, error), at: time, request: request)
    }

    private mutating func list(_ request: Int, _ selector: FragmentSelector) {
        calls.append((elapsed, .list(selector)))
        if let failure { return schedule(.listFailed(request: request, failure), at: elapsed + latency) }
        let first = max(oldest, stream.index(at: selector.start))
        let last = stream.index(at: selector.end)
        let found =
            first > last
            ? []
            : (first...last).filter {
                isArchived($0) && stream.start($0) >= selector.start && stream.start($0) <= selector.end
            }
        schedule(.listed(request: request, found.reversed().map { stream.info($0) }), at: elapsed + latency)
    }
}

/// Gives frames out in the order of their times, some frames late, as decoders with B-frames do.
struct SampleDecoder {
    var track: TrackEntry?
    var delay = 0
    /// Milliseconds between two frames.
    var interval: Int64 = 40
    private var held: [(time: Int64, token: Int)] = []
    private var hasKey = false
    private var last: Int64?

    init(track: TrackEntry? = nil, delay: Int = 0) {
        self.track = track
        self.delay = delay
    }

    mutating func decode(_ token: Int, _ frame: EncodedFrame) -> [DecodedFrame] {
        var out: [DecodedFrame] = []
        if frame.isKey {
            out = drain()
            hasKey = true
        }
        precondition(hasKey, "a decoder cannot begin with a frame that is not a key frame")
        if let last, delay == 0, !frame.isKey {
            precondition(frame.timecode - last <= interval, "a frame stands on the one before it")
        }
        last = frame.timecode
        held.append((frame.timecode, token))
        held.sort { $0.time < $1.time }
        while held.count > delay { out.append(DecodedFrame(token: held.removeFirst().token, bytes: 100_000)) }
        return out
    }

    mutating func drain() -> [DecodedFrame] {
        defer { held = [] }
        return held.map { DecodedFrame(token: $0.token, bytes: 100_000) }
    }
}
