import KinesisVideo
import Playback
import Testing

/// Calls that fall silent, and refusals, in virtual time.
@Suite struct PlayerFaultTests {
    private let stream = SampleStream()

    @Test func aConnectionThatFallsSilentInsideOfAFragmentIsTriedAgain() {
        var simulation = Simulation(stream)
        simulation.start()
        simulation.run(5800)
        simulation.isSilent = true
        simulation.run(5900)
        #expect(simulation.status.fault == nil)
        // The last frames before the silence were on their way for up to a second.
        simulation.run(1000)
        if case .retry = simulation.status.badge {} else { Issue.record("\(simulation.status.badge)") }
        #expect(simulation.status.fault == "no data for 6 s")
        #expect(simulation.status.outage?.attempt == 1)
        simulation.isSilent = false
        simulation.run(40_000)
        #expect(simulation.status.badge == .live)
        #expect(simulation.status.fault == nil && simulation.status.outage == nil)
        #expect(simulation.status.toast?.text.hasPrefix("resumed after #…") == true)
        #expect(simulation.liveCalls == 2)
    }

    @Test func aCameraMayRestBetweenTwoFragments() {
        var stream = stream
        stream.hasFrameDelivery = false
        var simulation = Simulation(stream)
        simulation.start()
        simulation.run(5800)
        simulation.isSilent = true
        simulation.run(30_000)
        #expect(simulation.liveCalls == 1)
        #expect(simulation.status.fault == nil)
    }

    @Test func aFetchThatFallsSilentIsMadeAgain() {
        var simulation = Simulation(stream)
        simulation.start()
        simulation.run(3000)
        simulation.isSilent = true
        simulation.send(.seek(to: stream.start(1000)))
        simulation.run(9000)
        #expect(simulation.fetchCalls == 1)
        simulation.isSilent = false
        simulation.run(4000)
        #expect(simulation.fetchCalls > 1)
        #expect(simulation.drawn.contains { $0.time == stream.start(1000) && $0.isExact })
    }

    @Test func retryingNowOpensTheConnectionAnewWithNothingTwice() {
        var simulation = Simulation(stream)
        simulation.start()
        simulation.run(5800)
        simulation.send(.retryNow)
        #expect(simulation.liveCalls == 2)
        simulation.run(10_000)
        #expect(simulation.status.badge == .live)
        let times = simulation.drawn.map(\.time.milliseconds).filter { $0 > stream.start(1801).milliseconds }
        #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 == 40 })
    }

    @Test func followsTheArchiveWhereGetMediaIsDenied() {
        var simulation = Simulation(stream)
        simulation.liveRefusal = .denied
        simulation.start()
        simulation.run(30_000)
        #expect(simulation.status.badge == .archive)
        #expect((simulation.status.distance ?? .max) < 10_000)
        #expect(simulation.status.isFollowingArchive)
        #expect(simulation.status.fault == "AccessDenied")
        #expect(simulation.liveCalls == 1)
    }

    @Test func theDistanceGoesOnWhileAPauseOutgrowsTheMemory() {
        let settings = PlayerSettings(memory: 600_000, retentionHours: 0)
        var simulation = Simulation(stream, settings: settings)
        simulation.start()
        simulation.run(6000)
        simulation.send(.pause)
        simulation.run(60_000)
        let before = simulation.status.distance ?? 0
        simulation.run(10_000)
        let passed = (simulation.status.distance ?? 0) - before
        #expect((9900...10_100).contains(passed))
    }
}
