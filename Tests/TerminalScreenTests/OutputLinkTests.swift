import TerminalScreen
import Testing

/// A way to a terminal, in virtual time.
@Suite struct OutputLinkTests {
    private static let start = ContinuousClock.now

    private static func at(_ milliseconds: Double) -> ContinuousClock.Instant {
        start + .milliseconds(milliseconds)
    }

    /// A terminal that takes in so many bytes a second, behind a way that takes its time.
    private struct Terminal {
        var bytesPerSecond: Double
        /// Milliseconds there and back.
        var roundTrip: Double
        private var free = 0.0
        private var answers: [Double] = []

        init(bytesPerSecond: Double, roundTrip: Double) {
            (self.bytesPerSecond, self.roundTrip) = (bytesPerSecond, roundTrip)
        }

        mutating func take(_ bytes: Int, at time: Double) {
            free = max(free, time + roundTrip / 2)
            if bytes >= OutputLink.measuredSize { answers.append(free + roundTrip / 2) }
            free += 1000 * Double(bytes) / bytesPerSecond
            answers.append(free + roundTrip / 2)
        }

        mutating func answers(until time: Double) -> [Double] {
            defer { answers.removeAll { $0 <= time } }
            return answers.filter { $0 <= time }
        }
    }

    /// Sends frames as fast as the link lets them begin; the times at which they did.
    private static func run(
        _ terminal: Terminal,
        frame bytes: (Int) -> Int,
        for duration: Double
    ) -> (link: OutputLink, begun: [Double], longestWait: Double) {
        var (link, terminal) = (OutputLink(), terminal)
        var (begun, waits): ([Double], [Double]) = ([], [])
        for time in stride(from: 0, to: duration, by: 1.0) {
            for answer in terminal.answers(until: time) { link.answered(at: at(answer)) }
            guard link.mayBegin(at: at(time)) else { continue }
            let count = bytes(begun.count)
            let before = terminal
            terminal.take(count, at: time)
            waits.append((terminal.answers(until: .infinity).last ?? 0) - time)
            terminal = before
            terminal.take(count, at: time)
            link.sent(bytes: count, isMeasured: count >= OutputLink.measuredSize, at: at(time))
            begun.append(time)
        }
        return (link, begun, waits.max() ?? 0)
    }

    @Test(arguments: [(56_000.0, 200.0), (125_000, 0), (125_000, 20), (1_000_000, 100), (5_000_000, 2)])
    func rateAndRoundTripAreMeasured(rate: Double, roundTrip: Double) throws {
        let way = Terminal(bytesPerSecond: rate, roundTrip: roundTrip)
        let (link, _, _) = Self.run(way, frame: { $0 % 4 == 0 ? 300 : 6000 }, for: 8000)
        let measured = try #require(link.figures.bytesPerSecond)
        #expect(measured > 0.8 * rate && measured < 1.6 * rate, "\(measured)")
        let trip = try #require(link.figures.roundTrip) / .milliseconds(1)
        #expect(abs(trip - roundTrip) < 8, "\(trip)")
    }

    @Test func oneFrameAtATimeOnAShortWay() {
        let way = Terminal(bytesPerSecond: 100_000, roundTrip: 4)
        let (_, begun, _) = Self.run(way, frame: { _ in 5000 }, for: 5000)
        // Each takes 50 ms to drain and 4 to be answered.
        #expect(zip(begun, begun.dropFirst()).allSatisfy { $1 - $0 >= 53 })
    }

    @Test func aLongWayIsFilledButNotBeyond() {
        let way = Terminal(bytesPerSecond: 56_000, roundTrip: 200)
        let (_, begun, longestWait) = Self.run(way, frame: { _ in 2500 }, for: 20_000)
        // One at a time would be four a second.
        #expect(begun.count > 120, "\(begun.count) frames")
        #expect(longestWait < 200 + 150 + 50, "\(longestWait) ms")
    }

    @Test func aTerminalThatNeverAnswersIsNotWaitedForLong() {
        var link = OutputLink()
        link.sent(bytes: 100, isMeasured: false, at: Self.at(0))
        let may1 = link.mayBegin(at: Self.at(1000))
        #expect(!may1)
        let may2 = link.mayBegin(at: Self.at(1600))
        #expect(may2)
        #expect(!link.wantsAnswers)
        link.sent(bytes: 100, isMeasured: false, at: Self.at(1600))
        let may3 = link.mayBegin(at: Self.at(1601))
        #expect(may3)
        #expect(link.figures == OutputLink.Figures())
    }

    @Test func anAnswerThatWasLostIsGivenUp() {
        var link = OutputLink()
        link.sent(bytes: 100, isMeasured: false, at: Self.at(0))
        link.answered(at: Self.at(3))
        link.sent(bytes: 100, isMeasured: false, at: Self.at(10))
        let may4 = link.mayBegin(at: Self.at(7000))
        #expect(!may4)
        let may5 = link.mayBegin(at: Self.at(8100))
        #expect(may5)
        #expect(link.wantsAnswers)
    }
}
