import FragmentStorage
import KinescopeTesting
import KinesisVideo
import Testing

struct StatisticsTests {
    @Test func figuresAreThoseOfWhatWasSent() async throws {
        let fixture = try await StoreFixture()
        let connection = try await fixture.stream.openConnection()
        var infos: [FragmentInfo] = []
        for index in 0..<40 {
            infos.append(try await connection.archive(producer: Int64(index) * 2_000, size: 1_000))
            fixture.clock.advance(milliseconds: 2_000)
        }
        let figures = fixture.store.statistics()
        #expect(figures.now == fixture.clock.now)
        let stream = try #require(figures.streams.first)
        #expect(stream.name == "camera")
        #expect(stream.bytesPerSecond == (0..<80).map { $0 % 2 == 0 ? 1_000 : 0 })
        #expect(stream.fragmentsPerSecond == 0.5)
        #expect(stream.meanFragmentMilliseconds == 2_000)
        #expect(stream.meanFragmentBytes == Double(infos[0].size))
        #expect(stream.lastReceived == infos.last?.serverTimestamp)
        #expect(stream.lastFragment == infos.last.map { .init($0.metadata) })
        #expect(stream.firstFragment == infos.first.map { .init($0.metadata) })
        #expect(stream.storedFragments == 40)
        #expect(stream.storedBytes == infos.reduce(0) { $0 + $1.size })
        #expect(stream.persistMilliseconds == 0)
        #expect(stream.readers == 0)
        await fixture.store.close()
    }

    @Test func gapsAreCountedOnceSomebodyHasAsked() async throws {
        let fixture = try await StoreFixture()
        let connection = try await fixture.stream.openConnection()
        // 900 ms and 25 frames last 937 ms; a step backwards is no gap.
        for start in [0, 1_000, 2_000, 8_000, 9_000, 20_000, 19_000] as [Int64] {
            try await connection.archive(producer: start)
            fixture.clock.advance(milliseconds: 1_000)
        }
        // Nobody has asked.
        try await fixture.store.surveyGaps()
        #expect(fixture.store.statistics().streams.first?.gaps == nil)
        try await fixture.store.surveyGaps()
        #expect(fixture.stream.statistics().gaps == 2)
        #expect(fixture.stream.statistics().longestGapMilliseconds == 10_063)
        await fixture.store.close()
    }

    @Test func nothingReceivedIsUnknownNotZero() async throws {
        let fixture = try await StoreFixture()
        let stream = fixture.stream.statistics()
        #expect(stream.bytesPerSecond.isEmpty)
        #expect(stream.meanFragmentMilliseconds == nil)
        #expect(stream.meanFragmentBytes == nil)
        #expect(stream.lastReceived == nil)
        #expect(stream.firstFragment == nil)
        #expect(stream.persistMilliseconds == nil)
        await fixture.store.close()
    }

    @Test func theWindowHoldsThreeHundredSecondsAndForgetsIdleOnes() async throws {
        let fixture = try await StoreFixture(retentionHours: 0)
        let connection = try await fixture.stream.openConnection()
        for _ in 0..<400 {
            try await connection.send(size: 10)
            fixture.clock.advance(milliseconds: 1_000)
        }
        #expect(fixture.stream.statistics().bytesPerSecond == Array(repeating: 10, count: 300))
        fixture.clock.advance(milliseconds: 299_000)
        #expect(fixture.stream.statistics().bytesPerSecond == [10] + Array(repeating: 0, count: 299))
        fixture.clock.advance(milliseconds: 10_000_000)
        #expect(fixture.stream.statistics().bytesPerSecond == Array(repeating: 0, count: 300))
        fixture.clock.advance(milliseconds: -20_000_000)
        try await connection.send(size: 10)
        #expect(fixture.stream.statistics().fragmentsPerSecond == 0)
        await fixture.store.close()
    }

    @Test func mediaOfTheTimeBeforeAReopenIsCounted() async throws {
        let fixture = try await StoreFixture()
        let info = try await fixture.stream.openConnection().archive()
        await fixture.store.close()
        let store = try await StoreFixture.open(fixture.folder, clock: fixture.clock)
        let stream = try #require(store.stream(named: "camera")?.statistics())
        #expect(stream.storedFragments == 1)
        #expect(stream.storedBytes == info.size)
        #expect(stream.lastFragment == .init(info.metadata))
        // When it came is known as the server timestamp of what is kept.
        #expect(stream.lastReceived == info.serverTimestamp)
        await store.close()
    }
}
