/// The way from this program to the terminal, over SSH or not: how long it is and how much goes through.
///
/// Each frame ends with a request for the cursor's place; the answer tells that the terminal has taken in all before it.
/// A larger frame begins with one as well. A value without I/O: what was sent and answered, and when, goes in.
///
/// ```
/// sent       ?========frame========?        ?===frame===?
/// answered       <           <                  <     <
///            '---'-----------'
///         round trip   drain
/// ```
package struct OutputLink: Sendable {
    /// What is known of the way; nil where nothing has been measured.
    package struct Figures: Sendable, Hashable {
        /// Time that an empty frame and its answer take.
        package var roundTrip: Duration?
        /// Bytes a second that the terminal takes in; a fast one is only known to be fast.
        package var bytesPerSecond: Double?
        /// Frames that have not been answered.
        package var unanswered = 0

        /// Creates figures of a way that has not been used.
        package init() {}
    }

    private struct Frame: Sendable {
        var bytes: Int
        var sent: ContinuousClock.Instant
        var isMeasured: Bool
        /// When the request at its beginning was answered.
        var began: ContinuousClock.Instant?
    }

    /// Bytes from which on a frame is to begin with a request too; smaller ones say nothing of the rate.
    package static let measuredSize = 1000

    private var frames: [Frame] = []
    private var lastAnswer: ContinuousClock.Instant?
    private var trips: [(instant: ContinuousClock.Instant, time: Duration)] = []
    /// Bytes a second of the last frames; a pause of the machine makes one too low, never too high.
    private var rates: [Double] = []
    private var hasAnswered = false
    /// True for a terminal that does not answer: then a frame is over when it has been written.
    private var isMute = false

    /// Longest wait for the first answer of a terminal, and for any other.
    private static let (firstPatience, patience) = (Duration.milliseconds(1500), Duration.seconds(8))
    /// How long a round trip is remembered.
    private static let memory = Duration.seconds(10)
    /// Frames that may be under way at once, where it takes that many to fill the way.
    private static let mostFrames = 4
    /// Frames whose rates count.
    private static let rateCount = 8
    /// A way this short is filled by one.
    private static let shortTrip = Duration.milliseconds(50)

    /// Creates a way that has not been used.
    package init() {}

    private var rate: Double? { rates.max() }

    /// What is known.
    package var figures: Figures {
        var figures = Figures()
        figures.roundTrip = trips.map(\.time).min()
        figures.bytesPerSecond = rate
        figures.unanswered = frames.count
        return figures
    }

    /// True where frames are to end with a request.
    package var wantsAnswers: Bool { !isMute }

    /// Time from now in which everything under way is answered, by what is known of the way; nil where nothing is known.
    package var timeToAnswer: Duration? {
        guard let trip = trips.map(\.time).min() else { return nil }
        let held = frames.reduce(0) { $0 + $1.bytes }
        return trip + .seconds(rate.map { Double(held) / $0 } ?? 0)
    }

    /// True where a frame that begins now does not wait behind others for long.
    package mutating func mayBegin(at now: ContinuousClock.Instant) -> Bool {
        giveUp(at: now)
        guard !frames.isEmpty, !isMute else { return true }
        guard frames.count < Self.mostFrames, let trip = trips.map(\.time).min(), trip > Self.shortTrip,
            let rate
        else { return false }
        // Half of what the way holds: more would only queue, and keys with it.
        let held = frames.reduce(0) { $0 + $1.bytes }
        return Double(held) < rate * (trip / .seconds(1)) / 2
    }

    /// A frame was handed over, with a request at its end.
    ///
    /// - Parameters:
    ///   - bytes: how many it has.
    ///   - isMeasured: whether it begins with a request as well.
    ///   - now: when.
    package mutating func sent(bytes: Int, isMeasured: Bool, at now: ContinuousClock.Instant) {
        guard !isMute else { return }
        frames.append(Frame(bytes: bytes, sent: now, isMeasured: isMeasured))
    }

    /// The terminal has answered the oldest request.
    package mutating func answered(at now: ContinuousClock.Instant) {
        hasAnswered = true
        isMute = false
        guard let frame = frames.first else { return }
        if frame.began == nil { noteTrip(of: frame, at: now) }
        if frame.isMeasured, frame.began == nil {
            frames[0].began = now
            return
        }
        if let began = frame.began {
            let rate = Double(frame.bytes) / max((now - began) / .seconds(1), 1e-5)
            rates = rates.suffix(Self.rateCount - 1) + [rate]
        }
        frames.removeFirst()
        lastAnswer = now
    }

    /// Forgets what is under way: the program was stopped, or the terminal is another.
    package mutating func reset() {
        frames = []
        lastAnswer = nil
    }

    /// The first answer to a frame tells of the way, unless the frame waited behind another.
    private mutating func noteTrip(of frame: Frame, at now: ContinuousClock.Instant) {
        if let lastAnswer, lastAnswer > frame.sent, !trips.isEmpty { return }
        trips.removeAll { $0.instant < now - Self.memory }
        trips.append((now, now - frame.sent))
    }

    private mutating func giveUp(at now: ContinuousClock.Instant) {
        guard let oldest = frames.first,
            now - oldest.sent > (hasAnswered ? Self.patience : Self.firstPatience)
        else { return }
        frames = []
        if !hasAnswered { isMute = true }
    }
}
