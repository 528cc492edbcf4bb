import Monitor
import Testing

@Suite struct FramePaceTests {
    private static let start = ContinuousClock.now
    private static let (interval, rest) = (Duration.milliseconds(33), Duration.milliseconds(100))

    /// A pace that has drawn its first frame, with a picture.
    private static func drawn() -> FramePace {
        var pace = FramePace(at: start)
        let isFirstDue = pace.isDue(hasPicture: true, isAnswer: false, at: start)
        #expect(isFirstDue)
        pace.drew(interval: interval, rest: rest, from: start, to: start)
        return pace
    }

    private static func time(_ milliseconds: Int) -> ContinuousClock.Instant {
        start + .milliseconds(milliseconds)
    }

    @Test func aPictureIsDrawnWhenItComesAndNothingElseBeforeTheRestHasPassed() {
        var pace = Self.drawn()
        let isDueAt39 = pace.isDue(hasPicture: false, isAnswer: false, at: Self.time(39))
        #expect(!isDueAt39)
        #expect(pace.nextLook == Self.time(100))
        let isPictureDue = pace.isDue(hasPicture: true, isAnswer: false, at: Self.time(40))
        #expect(isPictureDue)
        #expect(pace.lateness(at: Self.time(41)) == .milliseconds(1))
        pace.drew(interval: Self.interval, rest: Self.rest, from: Self.time(41), to: Self.time(43))
        let isDueAt142 = pace.isDue(hasPicture: false, isAnswer: false, at: Self.time(142))
        #expect(!isDueAt142)
        let isDueAt143 = pace.isDue(hasPicture: false, isAnswer: false, at: Self.time(143))
        #expect(isDueAt143)
    }

    @Test func picturesThatComeUnevenlyKeepTheirDistanceOnAverage() {
        var pace = Self.drawn()
        var shown = 0
        // A picture waits at every millisecond of ten seconds.
        for millisecond in 1...10_000 {
            let now = Self.time(millisecond)
            guard pace.isDue(hasPicture: true, isAnswer: false, at: now) else { continue }
            shown += 1
            pace.drew(interval: Self.interval, rest: Self.rest, from: now, to: now)
        }
        #expect((300...304).contains(shown))
    }

    @Test func aKeyIsAnsweredAtOnce() {
        var pace = Self.drawn()
        let isAnswerDue = pace.isDue(hasPicture: false, isAnswer: true, at: Self.time(1))
        #expect(isAnswerDue)
        #expect(pace.lateness(at: Self.time(1)) == .zero)
    }

    @Test func aScreenThatIsNotReadyIsAskedAgainAndItsPictureIsLate() {
        var pace = Self.drawn()
        let isDueAt40 = pace.isDue(hasPicture: true, isAnswer: false, at: Self.time(40))
        #expect(isDueAt40)
        pace.look(after: .milliseconds(5), at: Self.time(40))
        #expect(pace.nextLook == Self.time(45))
        let isDueAt65 = pace.isDue(hasPicture: true, isAnswer: false, at: Self.time(65))
        #expect(isDueAt65)
        #expect(pace.lateness(at: Self.time(65)) == .milliseconds(25))
    }
}
