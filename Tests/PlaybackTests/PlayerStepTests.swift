import KinesisVideo
import Playback
import Testing

/// Steps, jumps and what adds up, in virtual time.
@Suite struct PlayerStepTests {
    private let stream = SampleStream()

    /// A player that stands still in the archive, near fragment 1000.
    private func paused(_ stream: SampleStream? = nil, at milliseconds: Int64 = 0) -> Simulation {
        let stream = stream ?? self.stream
        let time = stream.start(1000).advanced(byMilliseconds: milliseconds)
        var simulation = Simulation(stream, settings: PlayerSettings(opening: .time(time)))
        simulation.start()
        simulation.send(.pause)
        simulation.run(500)
        return simulation
    }

    private func offset(_ simulation: Simulation) -> Int64? {
        simulation.status.position.map { $0.milliseconds - stream.start(1000).milliseconds }
    }

    @Test(arguments: [-1, 1])
    func stepsAfterPlayingBackwardsGoOverAllFrames(count: Int) {
        var simulation = paused(at: 1000)
        simulation.send(.resume)
        simulation.send(.reverse)
        simulation.run(5000)
        let from = offset(simulation) ?? 0
        simulation.send(.stepFrames(count))
        simulation.run(1000)
        #expect(offset(simulation) == from + Int64(count) * 40)
        let status = simulation.status
        #expect(status.rate == 1 && !status.isKeyFramesOnly && status.isPaused && status.isExact)
    }

    @Test func stepsAmongKeyFramesGoOverAllFramesUntilItPlaysOn() {
        var simulation = paused()
        simulation.send(.showKeyFramesOnly(true))
        simulation.send(.resume)
        simulation.run(5000)
        let from = offset(simulation) ?? 0
        simulation.send(.stepFrames(1))
        simulation.run(1000)
        #expect(offset(simulation) == from + 40)
        simulation.send(.resume)
        simulation.run(10_000)
        let times = simulation.drawn.suffix(3).map(\.time.milliseconds)
        #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 == 2000 })
        #expect(simulation.status.isKeyFramesOnly)
    }

    @Test(
        arguments: [
            ([-1, -1, -1, -1, -1, -1], -240), ([-1, -1, -1, 1], -80), ([-3, 1, 1], -40), ([1, 1, -1], 40),
            ([-5, -5, -5, -5, -5, -5, -5, -5, -5, -5, -5], -2200),
        ] as [([Int], Int64)]
    )
    func quickStepsAddUpWhateverIsKept(steps: [Int], expected: Int64) {
        var simulation = paused(at: 1000)
        // While it plays only two pictures before the one on screen are kept.
        simulation.send(.resume)
        simulation.run(3000)
        simulation.send(.pause)
        let from = offset(simulation) ?? 0
        for count in steps {
            simulation.send(.stepFrames(count))
            simulation.run(1)
        }
        simulation.run(3000)
        #expect(offset(simulation) == from + expected)
        #expect(simulation.status.isExact)
    }

    @Test func stepsRightAfterAJumpGoOnFromWhereItLands() {
        var simulation = paused(at: 1000)
        simulation.send(.seekBy(milliseconds: 5000))
        simulation.send(.stepFrames(1))
        simulation.send(.stepFrames(1))
        simulation.run(1500)
        #expect(offset(simulation) == 6080)
        #expect(simulation.status.isExact)
    }

    @Test func stepsOverAGapNameItInBothDirections() {
        var stream = stream
        stream.missing = [1001, 1002]
        var simulation = paused(stream, at: 6000)
        for (count, expected) in [(-1, 1960), (1, 6000), (-1, 1960)] as [(Int, Int64)] {
            let serial = simulation.status.toast?.serial ?? 0
            simulation.send(.stepFrames(count))
            simulation.run(1000)
            #expect(offset(simulation) == expected)
            #expect(simulation.status.toast?.text == "gap 4 s")
            #expect((simulation.status.toast?.serial ?? 0) > serial)
        }
    }

    @Test func jumpsByFragmentsAddUpWhileTheFirstIsStillLookedFor() {
        var simulation = paused()
        for count in [100, 100, -50] { simulation.send(.stepFragments(count)) }
        simulation.run(5000)
        #expect(offset(simulation) == 300_000)
    }

    @Test func jumpsByRecordingsAddUpWhileAListingIsUnderWay() {
        var stream = stream
        stream.missing = [1500, 1600, 1700]
        var simulation = paused(stream)
        simulation.latency = 300
        simulation.send(.stepRecordings(1))
        simulation.run(50)
        simulation.send(.stepRecordings(1))
        simulation.run(10_000)
        #expect(offset(simulation) == 1_202_000)
    }

    @Test func aFragmentIsFoundByItsLastDigits() throws {
        let number = try #require(FragmentNumber("0001100"))
        var simulation = paused()
        simulation.send(.seekToFragment(number))
        simulation.run(1000)
        #expect(offset(simulation) == 200_000)
    }

    @Test func nothingLiesAheadOfTheLiveEdge() {
        var simulation = Simulation(stream)
        simulation.start()
        simulation.run(5000)
        #expect(!simulation.status.isAtEdge)
        simulation.send(.seekBy(milliseconds: 5000))
        #expect(simulation.status.isAtEdge)
        #expect(simulation.status.badge == .live && simulation.status.target == nil)
        simulation.run(400)
        #expect(!simulation.status.isAtEdge)
    }

    @Test func showsAllFramesAgainOnceTheDecoderCanTakeThem() {
        var simulation = paused()
        // A frame is due every 10 ms.
        simulation.decodeTime = 30
        simulation.send(.setRate(4))
        simulation.send(.resume)
        simulation.run(4000)
        #expect(simulation.status.isKeyFramesOnly)
        simulation.decodeTime = 1
        simulation.run(12_000)
        #expect(!simulation.status.isKeyFramesOnly)
        #expect(simulation.status.rate == 4)
    }
}
