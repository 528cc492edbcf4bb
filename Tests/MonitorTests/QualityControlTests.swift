import Monitor
import TerminalScreen
import TerminalVideo
import Testing

/// Which quality pictures get, in virtual time.
@Suite struct QualityControlTests {
    private static let interval = Duration.milliseconds(33)
    private static let start = ContinuousClock.now

    private static func link(_ bytesPerSecond: Double?) -> OutputLink.Figures {
        var link = OutputLink.Figures()
        link.bytesPerSecond = bytesPerSecond
        return link
    }

    /// Sends frames of a size for a while, each so late.
    private static func run(
        _ control: inout QualityControl,
        from begin: Duration,
        for duration: Duration,
        lateness: Duration,
        bytes: Int = 1000,
        rate: Double? = 1e5
    ) {
        var time = begin
        while time < begin + duration {
            let now = start + time
            control.update(link(rate), at: now)
            control.frameSent(bytes: bytes, lateness: lateness, interval: interval, at: now)
            time += .milliseconds(100)
        }
    }

    @Test func threeLateFramesInASecondAreOneStep() {
        var control = QualityControl()
        #expect(control.quality == .justVisible)
        for count in 1...3 {
            control.frameLate(at: Self.start + .milliseconds(300 * count))
        }
        #expect(control.quality == .fewColors)
        for count in 4...30 { control.frameLate(at: Self.start + .milliseconds(600 * count)) }
        #expect(control.quality == .fewColors)
    }

    @Test func lateFramesLeadDownToKeyFramesAndGoodOnesUpAgain() {
        var control = QualityControl()
        Self.run(&control, from: .zero, for: .seconds(10), lateness: .milliseconds(80))
        #expect(control.quality == .keyFrames)
        Self.run(&control, from: .seconds(10), for: .seconds(4), lateness: .zero)
        #expect(control.quality == .keyFrames)
        Self.run(&control, from: .seconds(14), for: .seconds(30), lateness: .zero)
        #expect(control.quality == .justVisible)
    }

    @Test func aWayThatIsHalfFullLeadsNoFurtherUp() {
        var control = QualityControl()
        Self.run(&control, from: .zero, for: .seconds(10), lateness: .milliseconds(80))
        // 60 kB/s of 100.
        Self.run(&control, from: .seconds(10), for: .seconds(30), lateness: .zero, bytes: 6000)
        #expect(control.quality == .keyFrames)
    }

    @Test func whatTmuxThrowsAwayIsOneStep() {
        var control = QualityControl()
        control.outputDiscarded(at: Self.start)
        #expect(control.quality == .fewColors)
        control.outputDiscarded(at: Self.start + .seconds(2))
        #expect(control.quality == .palette)
    }

    @Test func aPinnedQualityStays() {
        var control = QualityControl()
        control.pinned = .tenFrames
        Self.run(&control, from: .zero, for: .seconds(20), lateness: .milliseconds(80))
        #expect(control.quality == .tenFrames)
    }

    @Test func onlyASlowWayHasABudget() throws {
        var control = QualityControl()
        #expect(control.budget(for: .exact, interval: Self.interval) == nil)
        control.update(Self.link(5e7), at: Self.start)
        #expect(control.budget(for: .exact, interval: Self.interval) == nil)
        #expect(!control.isSlow)
        control.update(Self.link(56_000), at: Self.start)
        let budget = try #require(control.budget(for: .palette, interval: .milliseconds(67)))
        // A tenth of a second at most, so that a key does not wait longer for its answer.
        #expect(budget.most == 5600)
        #expect(budget.wanted < 3100 && budget.wanted > 2900)
        #expect(control.isSlow)
    }
}
