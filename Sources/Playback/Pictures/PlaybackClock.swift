/// Turns time that passes into a position on the play axis.
///
/// ```
/// position
///    |            ____/      rate 1 again
///    |        ___|           held: no media
///    |    ___/               rate 1
///    +--------------------- elapsed
/// ```
/// The axis counts milliseconds of media at rate 1 and never jumps; gaps and clocks that go back are taken
/// out before (`FrameQueue`).
package struct PlaybackClock: Sendable, Hashable {
    private var anchor: Double = 0
    private var anchored: Duration = .zero
    /// Milliseconds of media a millisecond; 0 while it stands still.
    package private(set) var rate: Double = 0

    package init() {}

    /// The position at a moment, in milliseconds.
    package func position(at elapsed: Duration) -> Double {
        anchor + max(0, (elapsed - anchored).milliseconds) * rate
    }

    /// Puts the clock at a position, running at a rate.
    package mutating func set(_ position: Double, rate: Double, at elapsed: Duration) {
        anchor = position
        anchored = elapsed
        self.rate = rate
    }

    /// Changes the rate from a moment on.
    package mutating func setRate(_ rate: Double, at elapsed: Duration) {
        guard rate != self.rate else { return }
        set(position(at: elapsed), rate: rate, at: elapsed)
    }

    /// The moment at which a position is reached; nil while the clock stands still.
    package func time(of position: Double) -> Duration? {
        guard rate > 0 else { return nil }
        return anchored + .milliseconds((position - anchor) / rate)
    }
}

extension Duration {
    /// Milliseconds with their fraction.
    package var milliseconds: Double {
        Double(components.seconds) * 1000 + Double(components.attoseconds) / 1e15
    }

    /// A fraction of milliseconds, to the nanosecond.
    package static func milliseconds(_ value: Double) -> Duration {
        .nanoseconds(Int64((value * 1_000_000).rounded()))
    }
}
