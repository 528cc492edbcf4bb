import KinesisVideo
package import KinesisVideoConsumer
import Matroska

/// Decides which picture is due: commands, media, decoded pictures and time in; calls, frames to decode and
/// pictures to show out.
///
/// ```
/// LiveLink  ─┐                                                    ┌─ PlaybackClock
/// FetchCall ─┼─> FragmentMemory ─> cursor ─> decoder ─> FrameQueue ─┴─> show
/// listing ──────> FragmentTimeline (what follows what, what lies where)
/// ```
/// All media goes through the memory, and playing means: the frame after the cursor, wherever it comes from.
/// So nothing is skipped or repeated when the place it comes from changes. After each event the state looks
/// at what is missing and asks for it; there is at most one call of each kind under way.
///
/// No I/O, no clock: times come with the events.
package struct PlayerState: Sendable {
    let stream: String
    let settings: PlayerSettings

    // Media.
    package internal(set) var timeline = FragmentTimeline()
    var memory: FragmentMemory
    var live = LiveLink()
    var fetch: FetchCall?
    var listing: ListingCall?
    var archive = ArchiveAccess()
    var window: ClosedRange<Timestamp>?
    /// A moment outside of the window that is to be listed.
    var wantedPlace: Timestamp?
    var newestFrame: Timestamp?

    // What the viewer wants.
    var isPaused = false
    /// True while playback is to stay at the live edge.
    var isFollowing = false
    var rate = 1.0
    var isReverse = false
    var wantsKeyFramesOnly = false
    var gapPolicy: GapPolicy
    var seek: Seek?
    var pendingSteps = 0
    var preview: Preview?
    var places: [Place] = []

    // What is on the way to the screen.
    var cursor: Cursor?
    var decoder = DecoderLine()
    var queue = FrameQueue()
    var clock = PlaybackClock()
    var latency = LiveLatency()
    var pace = Pace()
    var load = DecoderLoad()
    var screen = ScreenState()
    /// Producer time up to which sound has been measured.
    var measuredSound: Int64?
    /// The tracks of a stream without pictures.
    var soundOnly: [TrackEntry] = []

    // What is told.
    var toast: PlayerStatus.Toast?
    var fault: String?
    /// What the decoder has complained of since the last picture.
    var decodeFault: String?
    var lateFrames = 0
    /// When the viewer last wanted to go on from the live edge.
    var edgeMetAt: Duration?
    /// When the last event came in.
    private var lastHandled: Duration?

    var actions: [PlayerAction] = []
    private var lastRequest = 0

    package init(stream: String, settings: PlayerSettings) {
        self.stream = stream
        self.settings = settings
        memory = FragmentMemory(limit: settings.memory)
        gapPolicy = settings.gaps
    }

    /// Opens what the settings ask for.
    package mutating func start(at now: PlayerTime, opening: PlayerSettings.Opening? = nil) -> [PlayerAction]
    {
        switch opening ?? settings.opening {
        case .live: goLive(now)
        case .oldest where !settings.hasArchive: goLive(now)
        case .oldest: beginSeek(to: .oldest, now)
        case .time(let time): beginSeek(to: .time(time, direction: 0), now)
        case .fragment(let number): beginSeek(to: .fragment(number), now)
        }
        return finish(now)
    }

    /// Takes in what happened; answers what to do, in order.
    package mutating func handle(_ event: PlayerEvent, at now: PlayerTime) -> [PlayerAction] {
        switch event {
        case .command(let command): perform(command, now)
        case .tick: break
        case .media(let request, let event): mediaCame(request, event, now)
        case .mediaEnded(let request, let error): mediaEnded(request, error, now)
        case .listed(let request, let fragments): listed(request, fragments, now)
        case .listFailed(let request, let error): listFailed(request, error, now)
        case .decoded(let epoch, let frames): decoded(epoch, frames, now)
        case .drained(let epoch, let frames): drained(epoch, frames, now)
        case .decodeFailed(let epoch, let message): decodeFailed(epoch, message)
        case .windowShown(let start, let end): window = start...max(start, end)
        case .placeWanted(let time): wantedPlace = time
        }
        return finish(now)
    }

    /// The moment at which something is due; `handle(.tick)` then.
    package func nextWake(after now: PlayerTime) -> Duration {
        var wake = now.elapsed + (isAtRest ? .milliseconds(250) : .milliseconds(50))
        if pace.jump == nil, let next = queue.future.first, let due = clock.time(of: next.position) {
            wake = min(wake, due)
        }
        return max(wake, now.elapsed)
    }

    /// True while the picture stands still and is the one that is wanted: frames that come are only kept.
    package var isAtRest: Bool {
        isPaused && seek == nil && preview == nil && pendingSteps == 0 && screen.entry != nil
    }

    private mutating func finish(_ now: PlayerTime) -> [PlayerAction] {
        noteSilence(now)
        advanceSeek(now)
        planMedia(now)
        feed(now)
        present(now)
        // A picture that left the queue made room for the next frame.
        feed(now)
        defer { actions = [] }
        return actions
    }

    /// Time in which nothing ran here, as while the machine slept, is not a service's silence.
    private mutating func noteSilence(_ now: PlayerTime) {
        let passed = min(now.elapsed - (lastHandled ?? now.elapsed), .seconds(1))
        lastHandled = now.elapsed
        live.silence += passed
        fetch?.silence += passed
        endSilentCalls(now)
    }

    mutating func nextRequest() -> Int {
        lastRequest += 1
        return lastRequest
    }

    mutating func say(_ text: String) {
        toast = PlayerStatus.Toast(serial: (toast?.serial ?? 0) + 1, text: text)
    }
}

// MARK: - Parts

extension PlayerState {
    /// The next frame to decode.
    struct Cursor: Sendable, Hashable {
        var fragment: FragmentNumber
        /// Place in decode order; may be beyond what has come of the fragment so far.
        var index: Int
    }

    /// What has been given to the decoder.
    struct DecoderLine: Sendable {
        struct Fed: Sendable {
            var fragment: FragmentNumber
            var index: Int
            var time: Timestamp
            var isKey: Bool
            var size: Int
            var origin: MemoryFragment.Origin
        }

        var epoch = 0
        var track: TrackEntry?
        var fed: [Int: Fed] = [:]
        var lastToken = 0
        /// Frames given and not taken yet.
        var pending = 0
        /// True until a key frame comes: everything before it would show as garbage.
        var needsKey = true
        var isDraining = false
        /// True after a drain: libav's decoders take nothing more then.
        var needsReset = false
        var pictureBytes = 0
    }

    /// How playback keeps up.
    struct Pace: Sendable {
        /// The first picture that comes is shown at once and starts the clock.
        var startsWithNext = true
        /// Playback may leave frames out until this moment to get to the live edge: it has only just begun.
        var mayJumpUntil: Duration?
        /// Pictures before this position are left out.
        var jump: Double?
        /// The decoder had nothing to do because no media was there.
        var isStarved = false
        var starvedSince: Duration?
        var isKeyFramesOnly = false
        var announcedGap: Int?
        var heldGap: Int?
    }

    /// What the viewer sees.
    struct ScreenState: Sendable {
        var entry: FrameQueue.Entry?
        var isExact = true
    }

    /// A place that `back` returns to.
    enum Place: Sendable, Hashable {
        case live
        case time(Timestamp)
    }

    /// A drag under way.
    struct Preview: Sendable {
        var origin: Place?
        var time: Timestamp
    }
}
