package import TerminalScreen
package import TerminalVideo

/// Chooses the quality by how late frames come: three late ones in a second are one step down, five good seconds with
/// half of the way free one step up.
///
/// A value without I/O: what was sent and how late it was goes in.
package struct QualityControl: Sendable {
    /// The quality that the viewer holds on to; nil lets it follow the terminal.
    package var pinned: OutputQuality?

    private var automatic = OutputQuality.justVisible
    private var late: [ContinuousClock.Instant] = []
    private var lastTrouble: ContinuousClock.Instant?
    private var lastStep: ContinuousClock.Instant?
    private var sent: [(instant: ContinuousClock.Instant, bytes: Int)] = []
    private var link = OutputLink.Figures()

    /// No frame takes longer than this to arrive, so that no key waits longer for its answer.
    private let longestFrame: Duration
    private static let trialTime = Duration.seconds(5)
    /// Part of the way that frames may fill; the rest is for keys.
    private static let fill = 0.8
    /// A way that takes in this many bytes a second needs no budget.
    private static let freeRate = 2e7

    /// Creates a control that begins with what is just visible.
    ///
    /// - Parameter longestFrame: how long a frame may take to arrive.
    package init(longestFrame: Duration = .milliseconds(100)) {
        self.longestFrame = longestFrame
    }

    /// The quality in force.
    package var quality: OutputQuality { pinned ?? automatic }

    /// A frame was handed over.
    ///
    /// - Parameters:
    ///   - bytes: how many it has.
    ///   - lateness: how long after its time.
    ///   - interval: time between two frames.
    ///   - now: when.
    package mutating func frameSent(
        bytes: Int,
        lateness: Duration,
        interval: Duration,
        at now: ContinuousClock.Instant
    ) {
        sent.append((now, bytes))
        sent.removeAll { $0.instant < now - Self.trialTime }
        if lateness > max(interval / 2, .milliseconds(20)) { frameLate(at: now) }
    }

    /// A frame was late.
    package mutating func frameLate(at now: ContinuousClock.Instant) {
        lastTrouble = now
        // Other colours are written whole, which takes its time and says nothing of how they do.
        if let lastStep, now - lastStep < .seconds(1) { return }
        late.append(now)
        late.removeAll { $0 < now - .seconds(1) }
        guard late.count >= 3 else { return }
        late = []
        lastStep = now
        automatic = OutputQuality(rawValue: automatic.rawValue + 1) ?? automatic
    }

    /// Frames, nobody knows how many, were thrown away on their way: that is one step.
    package mutating func outputDiscarded(at now: ContinuousClock.Instant) {
        for _ in 0..<3 { frameLate(at: now) }
    }

    /// Takes what is known of the way, and the passing of time.
    package mutating func update(_ link: OutputLink.Figures, at now: ContinuousClock.Instant) {
        self.link = link
        guard automatic > .justVisible else { return }
        let since = lastTrouble ?? now
        lastTrouble = since
        let bytes = sent.reduce(0) { $0 + $1.bytes }
        let used = Double(bytes) / (Self.trialTime / .seconds(1))
        let isFree = link.bytesPerSecond.map { used < $0 / 2 } ?? true
        guard now - since >= Self.trialTime, isFree else { return }
        automatic = OutputQuality(rawValue: automatic.rawValue - 1) ?? automatic
        lastTrouble = now
    }

    /// Bytes that the next picture may have.
    ///
    /// - Parameters:
    ///   - quality: the quality of that picture.
    ///   - interval: time between two pictures.
    /// - Returns: nil where the way takes in whatever comes.
    package func budget(for quality: OutputQuality, interval: Duration) -> ByteBudget? {
        guard let rate = link.bytesPerSecond, rate < Self.freeRate else { return nil }
        return ByteBudget(
            wanted: Int(rate * Self.fill * (interval / .seconds(1))),
            largestDifference: quality.largestDifference,
            most: Int(rate * (longestFrame / .seconds(1)))
        )
    }

    /// True where a picture with the answer to a key would make the viewer wait for it.
    package var isSlow: Bool {
        link.bytesPerSecond.map { $0 < 1e6 } ?? false
    }
}
