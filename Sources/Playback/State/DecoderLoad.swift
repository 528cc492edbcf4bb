/// Whether the decoder keeps up with a rate above 1: how many pictures came late, and what a frame costs it.
///
/// ```
/// all frames ── more than 5 % of the last hundred late ──> key frames only
///      ^                                                        |
///      +── a frame costs less than its time at the rate ────────+   not before a while has passed
/// ```
struct DecoderLoad: Sendable {
    /// True while only key frames are decoded because the decoder was too slow.
    private(set) var isRelieved = false

    /// Whether each of the last pictures was late, the newest last.
    private var late: [Bool] = []
    /// Milliseconds that a frame takes, a running mean; nil until it has been measured.
    private var cost: Double?
    /// Since when the decoder has been at its frame.
    private var busySince: Duration?
    private var relieved: Duration = .zero
    /// Time that has to pass before all frames are tried again; twice as long after each try.
    private var patience = Duration.seconds(2)

    /// Pictures that are looked at.
    private static let window = 100
    /// Pictures that have to have come before anything is said of them.
    private static let enough = 40

    /// Begins anew, as with another rate.
    mutating func begin() {
        self = DecoderLoad()
    }

    /// What was being decoded is of no use any more.
    mutating func restart() {
        busySince = nil
    }

    /// The decoder, which had nothing to do, gets a frame.
    mutating func frameGiven(at now: Duration) {
        busySince = now
    }

    /// The decoder has taken a frame; `isBusy` where the next one waits for it already.
    mutating func frameTaken(isBusy: Bool, at now: Duration) {
        if let busySince {
            let time = (now - busySince).milliseconds
            cost = cost.map { 0.8 * $0 + 0.2 * time } ?? time
        }
        busySince = isBusy ? now : nil
    }

    /// A picture came, late or in time.
    mutating func came(isLate: Bool) {
        late.append(isLate)
        if late.count > Self.window { late.removeFirst() }
    }

    /// True where more than 5 % of the last pictures were late.
    var isTooMuch: Bool {
        late.count >= Self.enough && late.count(where: \.self) * 20 > late.count
    }

    /// Goes over to key frames only, or back to all frames.
    mutating func relieve(_ isWanted: Bool, at now: Duration) {
        if isRelieved, !isWanted { patience = min(patience * 2, .seconds(60)) }
        isRelieved = isWanted
        relieved = now
        late = []
    }

    /// True where all frames, one due after each so many milliseconds, would cost the decoder no more than four
    /// fifths of its time.
    func canTakeAll(framesEach interval: Double, at now: Duration) -> Bool {
        guard let cost, now - relieved >= patience else { return false }
        return cost < 0.8 * interval
    }
}
