import KinesisVideo
import KinesisVideoProducer
import Matroska
import Testing

/// Pressure, silence and idleness, by a clock of the test's own.
@Suite struct StreamHealthTests {
    private static let start = ContinuousClock.now

    private static func definition(_ change: (inout StreamDefinition) -> Void = { _ in }) -> StreamDefinition
    {
        var definition = StreamDefinition(name: "test", tracks: [.h264()])
        definition.storageBytes = 100_000_000
        change(&definition)
        return definition
    }

    @Test(arguments: [
        (UploadLoad(), [StreamHealth.Action]()),
        (UploadLoad(bytes: 95_000_000), []),
        (UploadLoad(bytes: 95_000_001), [.report(.storagePressure(free: 4_999_999))]),
        (UploadLoad(bytes: 100_000_001), [.report(.storagePressure(free: 0))]),
        (UploadLoad(held: .seconds(114)), []),
        (UploadLoad(held: .seconds(115)), [.report(.bufferPressure(left: .seconds(5)))]),
        (UploadLoad(unsent: .seconds(60)), []),
        (UploadLoad(unsent: .seconds(61)), [.report(.latencyPressure(.seconds(61)))]),
    ])
    func whatIsNearlyFullOrTooLateIsReported(load: UploadLoad, expected: [StreamHealth.Action]) {
        var health = StreamHealth(Self.definition())
        #expect(health.tookFrame(load, at: Self.start) == expected)
    }

    @Test func theSameReportComesOnceASecond() {
        var health = StreamHealth(Self.definition())
        let load = UploadLoad(unsent: .seconds(61))
        let counts = (0..<30).map { frame in
            health.tookFrame(load, at: Self.start + .milliseconds(frame * 100)).count
        }
        #expect(counts.reduce(0, +) == 3)
    }

    @Test func anOfflineProducerKnowsNoLatency() {
        var health = StreamHealth(Self.definition { $0.mode = .offline })
        #expect(health.tookFrame(UploadLoad(unsent: .seconds(1000)), at: Self.start) == [])
    }

    @Test func latencyThatStaysEndsTheConnectionAfterGraceAndVerification() {
        var health = StreamHealth(Self.definition())
        let late = UploadLoad(unsent: .seconds(70))
        var resets: [Int] = []
        for second in 0...200 {
            let now = Self.start + .seconds(second)
            // For a moment it gets better, and the wait begins anew.
            let load = second == 50 ? UploadLoad() : late
            health.took(Acknowledgement(.buffering), at: now)
            for case .reset in health.tookFrame(load, at: now) { resets.append(second) }
        }
        #expect(resets == [141])
    }

    @Test func silenceIsReportedAndEndsTheConnection() {
        var health = StreamHealth(Self.definition { $0.staleness = .seconds(10) })
        var (stale, resets) = ([Int](), [Int]())
        for second in 0...101 {
            for action in health.tookFrame(UploadLoad(), at: Self.start + .seconds(second)) {
                if case .report(.stale(let time)) = action { stale.append(Int(time / .seconds(1))) }
                if case .reset = action { resets.append(second) }
            }
        }
        #expect(stale.first == 11 && resets == [101])
        health.took(Acknowledgement(.buffering), at: Self.start + .seconds(102))
        #expect(health.tookFrame(UploadLoad(), at: Self.start + .seconds(103)) == [])
    }

    @Test func aFragmentIsEndedOnceWhenNoFrameHasComeForTwentySeconds() {
        var health = StreamHealth(Self.definition())
        _ = health.tookFrame(UploadLoad(), at: Self.start)
        let actions = stride(from: 5, through: 120, by: 5).map { second in
            health.tick(UploadLoad(), at: Self.start + .seconds(second))
        }
        #expect(actions.flatMap(\.self) == [.endFragment, .report(.idle(.seconds(20)))])
        #expect(actions[3].count == 2)
    }

    @Test(arguments: [true, false])
    func noFragmentIsEndedWhereThatIsNotWanted(byTime: Bool) {
        var health = StreamHealth(
            Self.definition {
                if byTime { $0.fragmentsAtKeyFrames = false } else { $0.endsIdleFragments = false }
            }
        )
        _ = health.tookFrame(UploadLoad(), at: Self.start)
        #expect(!health.tick(UploadLoad(), at: Self.start + .seconds(25)).contains(.endFragment))
    }
}
