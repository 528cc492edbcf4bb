import KinesisVideo
import KinesisVideoConsumer
import Playback
import Testing

/// Whole sessions of a player in virtual time.
@Suite struct PlaybackSimulationTests {
    private let stream = SampleStream()

    /// Asserts that frames were drawn one after the other, none left out, none twice.
    private func expectUnbroken(
        _ entries: [PlayerLogEntry],
        interval: Int64 = 40,
        _ location: SourceLocation = #_sourceLocation
    ) {
        let times = entries.map(\.time.milliseconds)
        let breaks = zip(times, times.dropFirst()).filter { $1 - $0 != interval }
        #expect(breaks.isEmpty, sourceLocation: location)
    }

    @Test(arguments: [true, false])
    func becomesLiveSoonAndStaysUnbroken(hasFrameDelivery: Bool) {
        var stream = stream
        stream.hasFrameDelivery = hasFrameDelivery
        var simulation = Simulation(stream)
        simulation.start()
        simulation.run(100)
        #expect(simulation.calls.map(\.call) == [.live(.now)])
        #expect(!simulation.drawn.isEmpty)
        simulation.run(1900)
        #expect(simulation.status.badge == .live)
        simulation.run(20_000)
        let steady = simulation.drawn.suffix(400)
        expectUnbroken(Array(steady))
        #expect(simulation.status.badge == .live)
        let distance = simulation.status.distance ?? .max
        #expect(distance < (hasFrameDelivery ? 250 : 2250))
        #expect(simulation.liveCalls == 1)
        #expect(simulation.fetchCalls == 0)
    }

    @Test(arguments: [true, false])
    func goesOnAfterAPauseWithTheNextFrame(hasFrameDelivery: Bool) {
        var stream = stream
        stream.hasFrameDelivery = hasFrameDelivery
        var simulation = Simulation(stream)
        simulation.start()
        simulation.run(6000)
        simulation.send(.togglePause)
        let before = simulation.drawn.count
        simulation.run(10_000)
        #expect(simulation.drawn.count == before)
        #expect(simulation.status.badge == .shift)
        #expect(simulation.status.isPaused)
        simulation.send(.togglePause)
        simulation.run(10_000)
        expectUnbroken(Array(simulation.drawn.suffix(300)))
        #expect(simulation.status.badge == .shift)
        #expect((9000...14_000).contains(simulation.status.distance ?? 0))
        #expect(simulation.liveCalls == 1)
    }

    @Test func goesBackToLiveAfterAPause() {
        var simulation = Simulation(stream)
        simulation.start()
        simulation.run(6000)
        simulation.send(.pause)
        simulation.run(10_000)
        simulation.send(.live)
        simulation.run(1000)
        #expect(simulation.status.badge == .live)
        #expect(!simulation.status.isPaused)
        simulation.run(5000)
        #expect((simulation.status.distance ?? .max) < 250)
    }

    @Test func landsOnTheExactFrameInTheArchive() {
        var simulation = Simulation(stream)
        simulation.start()
        simulation.run(3000)
        let target = simulation.wall(0).advanced(byMilliseconds: -1_800_000)
        simulation.send(.seek(to: target))
        #expect(simulation.status.target == target)
        simulation.run(1000)
        let status = simulation.status
        #expect(status.badge == .archive)
        #expect(status.isExact)
        let first = simulation.drawn.first {
            $0.isExact && $0.time.milliseconds > target.milliseconds - 100 && $0.time <= target
        }
        #expect(first.map { target.milliseconds - $0.time.milliseconds < 40 } == true)
        #expect(simulation.liveCalls == 1)
        simulation.run(30_000)
        expectUnbroken(Array(simulation.drawn.suffix(700)))
        #expect(simulation.liveCalls == 1)
        #expect(
            simulation.dropped.filter { $0.time < simulation.wall(0).advanced(byMilliseconds: -60_000) }
                .isEmpty
        )
    }

    @Test func handsOverFromTheArchiveToLiveUnbroken() {
        var simulation = Simulation(
            stream,
            settings: PlayerSettings(
                opening: .time(stream.origin.advanced(byMilliseconds: 3_600_700 - 20_000))
            )
        )
        simulation.start()
        simulation.run(3000)
        #expect(simulation.status.badge == .archive)
        // Twice as fast: the edge comes nearer.
        simulation.send(.setRate(2))
        simulation.run(60_000)
        #expect(simulation.status.rate == 1)
        #expect(simulation.status.badge == .live)
        expectUnbroken(simulation.drawn.filter(\.isExact))
        #expect(simulation.liveCalls == 1)
    }

    @Test func fortyQuickPressesCostFewCalls() {
        var simulation = Simulation(stream)
        simulation.start()
        simulation.run(3000)
        let before = simulation.fetchCalls + simulation.liveCalls
        let position = simulation.status.position
        for _ in 0..<40 {
            simulation.send(.seekBy(milliseconds: -5000))
            simulation.run(25)
        }
        #expect(
            simulation.status.target ?? simulation.status.position
                == position?.advanced(byMilliseconds: -200_000)
        )
        simulation.run(1000)
        let status = simulation.status
        #expect(status.isExact)
        #expect(status.badge == .archive)
        #expect(simulation.fetchCalls + simulation.liveCalls - before <= 8)
    }
}
