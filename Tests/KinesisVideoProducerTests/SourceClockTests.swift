import KinesisVideoProducer
import Testing

/// A camera's times on the clock of the day.
@Suite struct SourceClockTests {
    /// Places frames given as (camera's time, moment) in seconds.
    private static func place(_ clock: inout SourceClock, _ frames: [(Int, Int)]) -> [Int64] {
        frames.map { time, now in
            let moment = Duration.seconds(time)
            let (shown, decoded) = clock.place(presentation: moment, decode: moment, now: .seconds(now))
            #expect(shown == decoded)
            return Int64((shown / .milliseconds(1)).rounded())
        }
    }

    @Test func theCamerasOwnDistancesCount() {
        var clock = SourceClock()
        // The third comes late, and is shown when it was meant.
        #expect(
            Self.place(&clock, [(500, 1000), (501, 1001), (502, 1009)]) == [1_000_000, 1_001_000, 1_002_000]
        )
    }

    @Test(arguments: [100, 9000])
    func aCameraThatIsTooFarOffIsSetAnew(time: Int) {
        var clock = SourceClock()
        #expect(
            Self.place(&clock, [(500, 1000), (time, 1001), (time + 1, 1002)]) == [
                1_000_000, 1_001_000, 1_002_000,
            ]
        )
    }

    @Test func aCameraThatIsOpenedAgainNeverGoesBack() {
        var clock = SourceClock()
        // It ran ahead of the clock before it broke.
        #expect(Self.place(&clock, [(0, 1000), (8, 1001)]) == [1_000_000, 1_008_000])
        clock.restart()
        #expect(Self.place(&clock, [(0, 1002), (1, 1003)]) == [1_008_001, 1_009_001])
    }

    @Test func reorderedPicturesKeepTheirDistanceFromDecoding() {
        var clock = SourceClock()
        let first = clock.place(presentation: .milliseconds(80), decode: .zero, now: .seconds(1000))
        #expect(first.decode == .seconds(1000) && first.presentation == .milliseconds(1_000_080))
    }
}
