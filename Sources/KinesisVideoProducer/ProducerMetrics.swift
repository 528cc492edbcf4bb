import KinesisVideo

/// Figures of one producer since its start.
///
/// Source: 08 Producer library, "Metrics".
public struct ProducerMetrics: Sendable, Hashable {
    /// Frames that were taken.
    public var frames = 0
    /// Bytes of them, as they were put.
    public var bytes = 0
    /// Frames that were refused at `put`.
    public var refusedFrames = 0
    /// Frames left out, by reason.
    public var dropped: [DropReason: Int] = [:]
    /// Fragments that do not begin with a key frame, because none had come for too long.
    public var splitFragments = 0
    /// Acknowledgements of each kind; errors among them.
    public var buffering = 0
    /// Fragments that the service had complete, as often as it said so.
    public var received = 0
    /// Fragments that the service made durable.
    public var persisted = 0
    /// Errors about media.
    public var errors = 0
    /// Connections that were made.
    public var connections = 0
    /// Connections that were replaced because their time was over.
    public var rotations = 0
    /// Connections that were lost or refused.
    public var interruptions = 0
    /// Times that the content store was nearly full.
    public var storagePressures = 0
    /// Times that the buffer's duration was nearly used up.
    public var bufferPressures = 0
    /// Times that too much media waited to be sent.
    public var latencyPressures = 0
    /// Times that no BUFFERING came.
    public var staleEvents = 0
    /// Bytes of frames in the content store.
    public var storedBytes = 0
    /// Bytes that the content store may have.
    public var storageBytes = 0
    /// Media time in the content store.
    public var storedDuration = Duration.zero
    /// Media time that no connection has taken.
    public var unsentDuration = Duration.zero
    /// Frames a second, as a moving mean over about two seconds; 0 before the second frame.
    public var frameRate = 0.0
    /// Bytes of frames a second, as a moving mean over about two seconds.
    public var byteRate = 0.0
    /// Time since the start.
    public var uptime = Duration.zero

    private var lastFrame: ContinuousClock.Instant?

    /// Nothing yet.
    public init() {}

    /// Counts a frame.
    mutating func countFrame(of bytes: Int, at now: ContinuousClock.Instant) {
        frames += 1
        self.bytes += bytes
        defer { lastFrame = now }
        guard let lastFrame, lastFrame < now else { return }
        let seconds = lastFrame.duration(to: now) / .seconds(1)
        let weight = 1 - 1 / (1 + seconds / 2)
        frameRate += weight * (1 / seconds - frameRate)
        byteRate += weight * (Double(bytes) / seconds - byteRate)
    }

    /// Counts what happened.
    mutating func count(_ event: ProducerEvent) {
        switch event {
        case .acknowledged(let line):
            switch line.event {
            case .buffering: buffering += 1
            case .received: received += 1
            case .persisted: persisted += 1
            case .error: errors += 1
            case .idle: break
            }
        case .dropped(let drop): dropped[drop.reason, default: 0] += drop.frames
        case .connecting: connections += 1
        case .rotated: rotations += 1
        case .interrupted: interruptions += 1
        case .storagePressure: storagePressures += 1
        case .bufferPressure: bufferPressures += 1
        case .latencyPressure: latencyPressures += 1
        case .stale: staleEvents += 1
        case .resumed, .spooled, .idle, .warning: break
        }
    }
}
