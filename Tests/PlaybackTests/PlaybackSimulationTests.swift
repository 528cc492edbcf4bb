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

    // MARK: Steps

    /// A player that stands still in the archive at the first frame of fragment 1000.
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

    @Test(arguments: [false, true])
    func stepsGoFrameByFrameOverFragmentBorders(hasBFrames: Bool) {
        var stream = stream
        stream.hasBFrames = hasBFrames
        var simulation = paused(stream, at: 1920)
        #expect(offset(simulation) == 1920)
        for expected in [1960, 2000, 2040] as [Int64] {
            simulation.send(.stepFrames(1))
            simulation.run(300)
            #expect(offset(simulation) == expected)
            #expect(simulation.status.isExact)
        }
        for expected in [2000, 1960, 1920, 1880] as [Int64] {
            simulation.send(.stepFrames(-1))
            simulation.run(300)
            #expect(offset(simulation) == expected)
            #expect(simulation.status.isExact)
        }
        #expect(simulation.status.isPaused)
    }

    @Test func stepsBackReachTheFragmentBefore() {
        var simulation = paused()
        for expected in stride(from: -40, through: -2080, by: -40) {
            simulation.send(.stepFrames(-1))
            simulation.run(300)
            #expect(offset(simulation) == Int64(expected))
        }
        simulation.send(.stepFrames(52))
        simulation.run(500)
        #expect(offset(simulation) == 0)
    }

    @Test func quickStepsAddUp() {
        var simulation = paused(at: 1000)
        for _ in 0..<10 { simulation.send(.stepFrames(-1)) }
        simulation.run(500)
        #expect(offset(simulation) == 600)
        for _ in 0..<60 { simulation.send(.stepFrames(1)) }
        simulation.run(2000)
        #expect(offset(simulation) == 3000)
    }

    @Test func playsOnFromTheFrameSteppedTo() {
        var simulation = paused(at: 1000)
        simulation.send(.stepFrames(-3))
        simulation.run(300)
        let count = simulation.drawn.count
        simulation.send(.resume)
        simulation.run(5000)
        let played = Array(simulation.drawn.dropFirst(count))
        #expect(played.first.map { $0.time.milliseconds - stream.start(1000).milliseconds } == 920)
        expectUnbroken(played)
    }

    // MARK: Fragments, recordings, gaps

    @Test func jumpsToStartsOfFragments() {
        var simulation = paused(at: 1000)
        let jumps: [(Int, Int64)] = [(1, 2000), (1, 4000), (-1, 2000), (3, 8000), (-2, 4000)]
        for (count, expected) in jumps {
            simulation.send(.stepFragments(count))
            simulation.run(1000)
            #expect(offset(simulation) == expected)
            #expect(simulation.status.isExact)
        }
    }

    @Test func goesToAFragmentsOwnStartFirst() {
        var simulation = paused(at: 1000)
        simulation.send(.stepFragments(-1))
        simulation.run(500)
        #expect(offset(simulation) == 0)
        simulation.send(.stepFragments(-1))
        simulation.run(500)
        #expect(offset(simulation) == -2000)
    }

    @Test(
        arguments: [(2500, 0, 1960), (5500, 0, 6000), (2500, 1, 6000), (5500, -1, 1960)]
            as [(Int64, Int, Int64)]
    )
    func landsAtTheEdgeOfAGap(time: Int64, direction: Int, expected: Int64) {
        var stream = stream
        stream.missing = [1001, 1002]
        var simulation = paused(stream)
        if direction == 0 {
            simulation.send(.seek(to: stream.start(1000).advanced(byMilliseconds: time)))
        } else {
            let from: Int64 = direction > 0 ? 1000 : 7000
            simulation.send(.seek(to: stream.start(1000).advanced(byMilliseconds: from)))
            simulation.run(500)
            simulation.send(.seekBy(milliseconds: time - from))
        }
        simulation.run(1000)
        #expect(offset(simulation) == expected)
    }

    @Test func jumpsOverGapsToStartsOfRecordings() {
        var stream = stream
        stream.missing = [990, 1005, 1006]
        var simulation = paused(stream)
        let jumps: [(Int, Int64)] = [(1, 14_000), (-1, -18_000), (1, 14_000)]
        for (count, expected) in jumps {
            simulation.send(.stepRecordings(count))
            simulation.run(3000)
            #expect(offset(simulation) == expected)
        }
    }

    @Test(arguments: [GapPolicy.skip, .wait, .hold])
    func meetsAGap(policy: GapPolicy) {
        var stream = stream
        stream.missing = [1001, 1002]
        var simulation = paused(stream, at: 1000)
        simulation.send(.setGapPolicy(policy))
        simulation.send(.resume)
        simulation.run(1000 + 1500)
        switch policy {
        case .skip:
            #expect(simulation.status.toast?.text.hasPrefix("gap 4 s → ") == true)
            #expect((6000...7000).contains(offset(simulation) ?? 0))
        case .wait:
            #expect(offset(simulation) == 1960)
            simulation.run(4000)
            #expect((6000...8000).contains(offset(simulation) ?? 0))
        case .hold:
            #expect(offset(simulation) == 1960)
            #expect(simulation.status.isPaused)
            simulation.send(.resume)
            simulation.run(1000)
            #expect((6000...7000).contains(offset(simulation) ?? 0))
        }
    }

    @Test func findsTheOldestMedia() {
        var simulation = Simulation(stream, settings: PlayerSettings(retentionHours: 24))
        simulation.oldest = 300
        simulation.start()
        simulation.run(2000)
        simulation.send(.oldest)
        simulation.run(10_000)
        #expect(simulation.drawn.contains { $0.time == stream.start(300) && $0.isExact })
        #expect(simulation.status.badge == .archive)
        #expect(simulation.listCalls < 30)
    }

    @Test(arguments: [24, 0])
    func opensAtTheOldestMediaWhereThereIsAnArchive(retentionHours: Int) {
        let settings = PlayerSettings(opening: .oldest, retentionHours: retentionHours)
        var simulation = Simulation(stream, settings: settings)
        simulation.oldest = 300
        simulation.start()
        simulation.run(5000)
        if retentionHours > 0 {
            #expect(simulation.drawn.first?.time == stream.start(300))
            #expect(simulation.liveCalls == 0)
        } else {
            #expect(simulation.status.badge == .live)
        }
    }

    @Test func returnsToThePlaceBeforeTheLastJump() {
        var simulation = paused(at: 1000)
        simulation.send(.seek(to: stream.start(500)))
        simulation.run(1000)
        #expect(simulation.status.position == stream.start(500))
        simulation.send(.back)
        simulation.run(1000)
        #expect(offset(simulation) == 1000)
    }

    // MARK: Drags

    @Test func showsKeyFramesWhileDragging() {
        var simulation = paused()
        let before = simulation.fetchCalls
        for step in 0..<20 {
            simulation.send(.preview(stream.start(700 + step * 5).advanced(byMilliseconds: 1234)))
            simulation.run(50)
        }
        simulation.run(300)
        #expect(!simulation.status.isExact)
        #expect(simulation.status.position == stream.start(795))
        #expect(simulation.fetchCalls - before <= 6)
        simulation.send(.commitPreview)
        simulation.run(500)
        #expect(simulation.status.isExact)
        #expect(simulation.status.position == stream.start(795).advanced(byMilliseconds: 1200))
    }

    @Test func returnsAfterACancelledDrag() {
        var simulation = paused(at: 1000)
        simulation.send(.preview(stream.start(700)))
        simulation.run(500)
        simulation.send(.cancelPreview)
        simulation.run(500)
        #expect(offset(simulation) == 1000)
        #expect(simulation.status.isExact)
    }

    // MARK: Faults

    @Test(arguments: [true, false])
    func resumesAfterALostConnectionWithNothingTwice(hasFrameDelivery: Bool) {
        var stream = stream
        stream.hasFrameDelivery = hasFrameDelivery
        var simulation = Simulation(stream)
        simulation.start()
        simulation.run(5300)
        let last = simulation.status.fragment?.number
        simulation.breakConnections()
        simulation.run(3000)
        guard case .retry = simulation.status.badge else {
            Issue.record("the badge is \(simulation.status.badge)")
            return
        }
        #expect(simulation.status.fault != nil)
        simulation.restore()
        simulation.run(30_000)
        #expect(simulation.status.fault == nil)
        #expect(simulation.status.badge == .live)
        let afterJump = simulation.drawn.filter { $0.time > stream.start(1801) }
        expectUnbroken(afterJump)
        #expect(last != nil)
    }

    /// A producer sends again what was not acknowledged: the service cannot know, and gives it new numbers.
    @Test(arguments: [0, 1, 2], [true, false])
    func showsNothingTwiceThatIsSentTwice(complete: Int, hasBFrames: Bool) {
        var stream = stream
        stream.hasBFrames = hasBFrames
        var simulation = Simulation(stream)
        simulation.start()
        simulation.run(5300)
        simulation.breakConnections()
        simulation.run(500)
        let cut = stream.index(at: simulation.wall(5300))
        simulation.stream.resent = cut - complete
        simulation.restore()
        simulation.run(30_000)
        #expect(simulation.status.badge == .live)
        let times = simulation.drawn.map(\.time)
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
        // Where frames are out of order, the break may have cut one off from those shown after it.
        guard !hasBFrames else { return }
        expectUnbroken(
            simulation.drawn.filter { $0.time > stream.start(cut - 1) && $0.time < stream.start(cut + 2) }
        )
    }

    @Test func waitsLongerWithEachFailure() {
        var simulation = Simulation(stream)
        simulation.isDown = true
        simulation.start()
        simulation.run(70_000)
        let times = simulation.calls.filter { $0.call == .live(.now) }.map(\.time)
        let waits = zip(times, times.dropFirst()).map { ($1 - $0) / 1000 }
        // Each up to a fifth shorter, so that players do not come back all at once; a tick may be 50 ms late.
        for (wait, longest) in zip(waits, [1, 2, 4, 8, 15, 15] as [Double]) {
            #expect(wait >= 0.8 * longest && wait <= longest + 0.1, "\(waits)")
        }
        #expect(waits.count >= 6)
        simulation.restore()
        simulation.send(.retryNow)
        simulation.run(1500)
        #expect(simulation.status.badge == .live)
    }

    @Test(
        arguments: [(.denied, .denied), (.notFound, .ended)] as [(MediaSourceError.Kind, PlayerStatus.Badge)]
    )
    func doesNotTryAgainWhatIsRefusedForGood(kind: MediaSourceError.Kind, badge: PlayerStatus.Badge) {
        var simulation = Simulation(stream)
        simulation.refusal = kind
        simulation.start()
        simulation.run(60_000)
        #expect(simulation.status.badge == badge)
        // Where GetMedia is denied the archive may be allowed: it is asked once.
        #expect(simulation.calls.count == (kind == .denied ? 2 : 1))
    }

    @Test func followsTheArchiveWhileGetMediaIsRefused() {
        var simulation = Simulation(stream)
        simulation.isLiveDown = true
        simulation.start()
        simulation.run(20_000)
        #expect(simulation.status.badge == .archive)
        #expect((simulation.status.distance ?? .max) < 10_000)
        #expect(simulation.status.fault == "3 of 3 connections in use")
        let from = simulation.drawn.count
        simulation.isLiveDown = false
        simulation.run(40_000)
        #expect(simulation.status.badge == .live)
        expectUnbroken(Array(simulation.drawn.dropFirst(from)))
        #expect(simulation.status.fault == nil)
    }

    @Test func showsKeyFramesOnlyWhereNoMoreIsWanted() {
        var simulation = Simulation(stream)
        simulation.start()
        simulation.send(.showKeyFramesOnly(true))
        simulation.run(20_000)
        expectUnbroken(Array(simulation.drawn.suffix(5)), interval: 2000)
        simulation.send(.showKeyFramesOnly(false))
        simulation.run(10_000)
        expectUnbroken(Array(simulation.drawn.suffix(100)))
    }

    @Test func landsOnTheExactFrameWhereKeyFramesAreShownOtherwise() {
        var simulation = Simulation(stream)
        simulation.start()
        simulation.send(.showKeyFramesOnly(true))
        simulation.run(6000)
        // In the last second of a fragment, far from any key frame.
        let target = stream.start(500).advanced(byMilliseconds: 1730)
        simulation.send(.seek(to: target))
        simulation.send(.pause)
        simulation.run(2000)
        #expect(simulation.status.target == nil)
        #expect(simulation.status.isExact)
        let position = simulation.status.position?.milliseconds ?? 0
        #expect((0..<40).contains(target.milliseconds - position))
    }

    // MARK: Memory

    @Test func playsThroughAPauseThatOutgrowsTheMemory() {
        var simulation = Simulation(stream, settings: PlayerSettings(memory: 600_000))
        simulation.start()
        simulation.run(6000)
        simulation.send(.pause)
        let from = simulation.drawn.count
        simulation.run(120_000)
        #expect(simulation.liveCalls == 1)
        simulation.send(.resume)
        simulation.run(60_000)
        expectUnbroken(Array(simulation.drawn.dropFirst(from - 1)))
        #expect(simulation.fetchCalls > 0)
        #expect(simulation.status.badge == .archive)
    }

    @Test func saysWhatAStreamWithoutArchiveHasLost() {
        var simulation = Simulation(stream, settings: PlayerSettings(memory: 600_000, retentionHours: 0))
        simulation.start()
        simulation.run(6000)
        simulation.send(.pause)
        simulation.run(120_000)
        simulation.oldest = 1840
        simulation.send(.resume)
        simulation.run(40_000)
        #expect(simulation.calls.allSatisfy { if case .live = $0.call { true } else { false } })
        #expect(simulation.status.toast?.text.hasSuffix("lost: this stream keeps no archive") == true)
        #expect(simulation.status.badge == .shift)
        let late = simulation.drawn.filter { $0.time >= stream.start(1840) }
        #expect(late.first?.time == stream.start(1840))
        expectUnbroken(late)
    }

    // MARK: Media of its own kind

    @Test func showsBidirectionalFramesInTheirOrder() {
        var stream = stream
        stream.hasBFrames = true
        var simulation = Simulation(stream)
        simulation.start()
        simulation.run(20_000)
        expectUnbroken(Array(simulation.drawn.suffix(300)))
        #expect(simulation.status.badge == .live)
    }

    @Test func takesANewDecoderForANewCodecDescription() {
        var stream = stream
        stream.codecChange = 1003
        var simulation = paused(stream)
        simulation.send(.resume)
        simulation.run(10_000)
        #expect(simulation.resets == 2)
        expectUnbroken(simulation.drawn.filter(\.isExact))
    }

    @Test func leavesOutFramesBeforeTheFirstKeyFrame() {
        var stream = stream
        stream.keyless = [1799]
        var simulation = Simulation(stream)
        simulation.start()
        simulation.run(10_000)
        #expect(simulation.drawn.first?.frame.index == 10)
    }

    @Test func measuresTheDistanceOfASkewedProducerByTheServersClock() {
        var stream = stream
        stream.lag = 3 * 86_400_000
        var simulation = Simulation(stream)
        simulation.start()
        simulation.run(2000)
        #expect(simulation.status.isDistanceByServerClock)
    }

    // MARK: Rates

    @Test func runsBackwardsOverKeyFramesAndTurnsAgain() {
        var simulation = paused(at: 1000)
        simulation.send(.resume)
        simulation.send(.reverse)
        let from = simulation.drawn.count
        simulation.run(20_000)
        #expect(simulation.status.rate == -1)
        let back = simulation.drawn.dropFirst(from).map {
            $0.time.milliseconds - stream.start(1000).milliseconds
        }
        #expect(back.prefix(8) == [0, -2000, -4000, -6000, -8000, -10_000, -12_000, -14_000])
        simulation.send(.reverse)
        let turned = simulation.drawn.count
        simulation.run(3000)
        expectUnbroken(Array(simulation.drawn.dropFirst(turned)))
        #expect(simulation.status.rate == 1)
    }

    @Test func runsBackwardsOutOfLiveIntoTheArchive() {
        var simulation = Simulation(stream)
        simulation.start()
        simulation.run(20_000)
        simulation.send(.setRate(-4))
        simulation.run(20_000)
        #expect(simulation.status.badge == .archive)
        let times = simulation.drawn.suffix(20).map(\.time.milliseconds)
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 - $1 == 2000 })
    }

    @Test func stopsAtTheOldestMediaBackwards() {
        var simulation = Simulation(
            stream,
            settings: PlayerSettings(opening: .time(stream.start(1003)), retentionHours: 1)
        )
        simulation.oldest = 1000
        simulation.start()
        simulation.run(500)
        simulation.send(.setRate(-2))
        simulation.run(10_000)
        #expect(simulation.status.isPaused)
        #expect(simulation.status.position == stream.start(1000))
        #expect(simulation.status.toast?.text == "oldest media kept")
    }

    @Test(arguments: [2.0, 12.0])
    func becomesLiveWhereAFastRateReachesTheEdge(decodeTime: Double) {
        var simulation = Simulation(
            stream,
            settings: PlayerSettings(opening: .time(stream.start(1700)))
        )
        simulation.decodeTime = decodeTime
        simulation.start()
        simulation.run(1000)
        for _ in 0..<4 { simulation.send(.faster) }
        #expect(simulation.status.rate == 16)
        simulation.run(5000)
        // A frame is due every 2.5 ms.
        #expect(simulation.status.isKeyFramesOnly == (decodeTime > 2.5))
        simulation.run(20_000)
        #expect(simulation.status.rate == 1)
        #expect(simulation.status.badge == .live)
        #expect(!simulation.status.isKeyFramesOnly)
        expectUnbroken(Array(simulation.drawn.suffix(200)))
    }

    @Test(arguments: [0.25, 0.5, 2, 4])
    func playsAtARate(rate: Double) {
        var simulation = paused()
        simulation.send(.setRate(rate))
        simulation.send(.resume)
        let from = offset(simulation) ?? 0
        simulation.run(4000)
        let moved = Double((offset(simulation) ?? 0) - from)
        #expect(abs(moved - 4000 * rate) <= 80 * max(1, rate))
    }
}
