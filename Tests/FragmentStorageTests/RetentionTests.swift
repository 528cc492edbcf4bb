import Foundation
import FragmentStorage
import KinescopeTesting
import KinesisVideo
import NIOCore
import Testing

struct RetentionTests {
    /// A stream with one hour of retention and a fragment every ten minutes, two to a segment.
    private func filled(archiveBytes: Int? = nil) async throws -> (StoreFixture, [FragmentInfo]) {
        var configuration = StoreConfiguration()
        configuration.segmentBytes = 500
        configuration.archiveBytes = archiveBytes
        let fixture = try await StoreFixture(retentionHours: 1, configuration: configuration)
        let connection = try await fixture.stream.openConnection()
        var infos: [FragmentInfo] = []
        for _ in 0..<6 {
            infos.append(try await connection.archive())
            fixture.clock.advance(milliseconds: 600_000)
        }
        return (fixture, infos)
    }

    @Test func fragmentsPastTheRetentionAreNotServedThoughTheirSegmentIsThere() async throws {
        let (fixture, infos) = try await filled()
        // An hour after the first fragment it is still kept, a millisecond later it is not.
        #expect(try await fixture.stream.everything() == infos)
        fixture.clock.advance(milliseconds: 1)
        #expect(try await fixture.stream.everything() == Array(infos[1...]))
        #expect(try await fixture.stream.chunk(infos[0].number) == nil)
        #expect(try await fixture.stream.openCursor(.earliest).numbers(1) == [infos[1].number])
        #expect(try await fixture.store.sweep() == 0)
        #expect(try fixture.folder.files(ending: ".mkv").count == 3)
        #expect(fixture.stream.statistics().firstFragment?.number == infos[1].number.padded)
        await fixture.store.close()
    }

    @Test func aSegmentGoesWhenAllInItIsPastTheRetention() async throws {
        let (fixture, infos) = try await filled()
        fixture.clock.advance(milliseconds: 600_001)
        #expect(try await fixture.store.sweep() == 1)
        #expect(try fixture.folder.files(ending: ".mkv").count == 2)
        #expect(try await fixture.stream.everything() == Array(infos[2...]))
        #expect(fixture.stream.statistics().storedFragments == 4)
        #expect(fixture.stream.statistics().storedBytes == infos[2...].reduce(0) { $0 + $1.size })
        fixture.clock.advance(milliseconds: 7_200_000)
        #expect(try await fixture.store.sweep() == 2)
        #expect(try fixture.folder.files(ending: ".mkv").isEmpty)
        #expect(fixture.stream.statistics().storedFragments == 0)
        let added = try await fixture.stream.openConnection().archive()
        #expect(try await fixture.stream.everything() == [added])
        await fixture.store.close()
    }

    @Test func aSweepSurvivesAReopen() async throws {
        let (fixture, infos) = try await filled()
        fixture.clock.advance(milliseconds: 600_001)
        try await fixture.store.sweep()
        await fixture.store.close()
        let store = try await StoreFixture.open(fixture.folder, clock: fixture.clock)
        #expect(try await store.stream(named: "camera")?.everything() == Array(infos[2...]))
        await store.close()
    }

    @Test func loweringHidesAtOnceAndRaisingBringsNothingBack() async throws {
        let (fixture, infos) = try await filled()
        let stream = fixture.stream
        try await stream.updateRecord { $0.info.dataRetentionInHours = 5 }
        fixture.clock.advance(milliseconds: 1_800_001)
        #expect(try await stream.everything() == infos)
        try await stream.updateRecord { $0.info.dataRetentionInHours = 1 }
        #expect(try await stream.everything() == Array(infos[4...]))
        try await stream.updateRecord { $0.info.dataRetentionInHours = 5 }
        #expect(try await stream.everything() == Array(infos[4...]))
        try await stream.updateRecord { $0.info.dataRetentionInHours = 0 }
        #expect(try await stream.everything().isEmpty)
        #expect(try await fixture.store.sweep() == 3)
        try await stream.updateRecord { $0.info.dataRetentionInHours = 5 }
        #expect(try await stream.everything().isEmpty)
        await fixture.store.close()
    }

    @Test func aLimitOfBytesRemovesTheOldestSegments() async throws {
        let (fixture, infos) = try await filled(archiveBytes: 1_500)
        #expect(try await fixture.store.sweep() == 1)
        #expect(try await fixture.stream.everything() == Array(infos[2...]))
        await fixture.store.close()
    }

    @Test func aLimitOfBytesOfAStreamLeavesTheOthersAlone() async throws {
        var configuration = StoreConfiguration()
        configuration.segmentBytes = 500
        configuration.streamBytes = ["camera": 1_500]
        let fixture = try await StoreFixture(configuration: configuration)
        let connection = try await fixture.stream.openConnection()
        let other = try await fixture.store.createStream(.sample("other"))
        let otherConnection = try await other.openConnection()
        var (infos, others): ([FragmentInfo], [FragmentInfo]) = ([], [])
        for _ in 0..<6 {
            infos.append(try await connection.archive())
            others.append(try await otherConnection.archive())
            fixture.clock.advance(milliseconds: 1_000)
        }
        #expect(fixture.store.exceedsLimits)
        #expect(try await fixture.store.sweep() == 1)
        #expect(!fixture.store.exceedsLimits)
        #expect(try await fixture.stream.everything() == Array(infos[2...]))
        #expect(try await other.everything() == others)
        let files = try fixture.folder.files(ending: ".mkv").map {
            try Data(contentsOf: URL(filePath: $0)).count
        }
        let bytes = files.reduce(0, +)
        let chunks = [fixture.stream, other].compactMap { $0.statistics().storedBytes }.reduce(0, +)
        #expect(bytes == chunks + 10 * 96)
        await fixture.store.close()
    }

    @Test func segmentsAreSmallWhereLittleMayBeKept() async throws {
        var configuration = StoreConfiguration()
        configuration.archiveBytes = 20_000_000
        let fixture = try await StoreFixture(configuration: configuration)
        let connection = try await fixture.stream.openConnection()
        for _ in 0..<25 { try await connection.archive(size: 1_000_000) }
        #expect(try await fixture.store.sweep() > 0)
        // A segment is a sixteenth of what may be kept, plus the fragment that filled it.
        let kept = try #require(fixture.stream.statistics().storedBytes)
        #expect(kept < 20_000_000)
        #expect(kept > 17_000_000)
        await fixture.store.close()
    }

    @Test func aReaderInsideARemovedSegmentReadsOn() async throws {
        var configuration = StoreConfiguration()
        configuration.liveWindow = -1
        let fixture = try await StoreFixture(retentionHours: 1, configuration: configuration)
        let connection = try await fixture.stream.openConnection()
        var infos: [FragmentInfo] = []
        for _ in 0..<3 { infos.append(try await connection.archive()) }
        let cursor = try fixture.stream.openCursor(.earliest)
        #expect(try await cursor.numbers(1) == [infos[0].number])
        fixture.clock.advance(milliseconds: 3_600_001)
        #expect(try await fixture.store.sweep() == 1)
        let next = try await cursor.chunks(2)
        #expect(next.map(\.info) == Array(infos[1...]))
        await fixture.store.close()
    }
}

struct ImportTests {
    private func chunk(_ metadata: FragmentMetadata) -> StoredChunk {
        StoredChunk(
            metadata: metadata,
            length: 1_800,
            headerLength: 4,
            frameCount: 10,
            parts: [ByteBuffer(string: "head"), ByteBuffer(repeating: metadata.number.fill, count: 100)]
        )
    }

    private func times(_ index: Int) -> (Timestamp, Timestamp) {
        let base = Timestamp(milliseconds: 1_699_999_000_000 + Int64(index) * 2_000)
        return (base.advanced(byMilliseconds: 300), base)
    }

    @Test func materialImportedNewestFirstIsInTheOrderOfTime() async throws {
        let fixture = try await StoreFixture(importCapacity: 1_000)
        let stream = fixture.stream
        let live = try await stream.openConnection().archive(producer: 1_700_000_000_000)
        let range = try await stream.reserveImport(count: 60)
        for batch in stride(from: 50, through: 0, by: -10) {
            try await stream.importFragments(
                (batch..<batch + 10).map { index in
                    let (server, producer) = times(index)
                    return chunk(
                        range.metadata(at: index, serverTimestamp: server, producerTimestamp: producer)
                    )
                }
            )
        }
        let listed = try await stream.everything()
        #expect(listed.count == 61)
        #expect(listed.last == live)
        #expect(listed.map(\.number) == listed.map(\.number).sorted())
        #expect(listed.map(\.serverTimestamp) == listed.map(\.serverTimestamp).sorted())
        #expect(try await stream.openCursor(.earliest).numbers(61) == listed.map(\.number))
        #expect(stream.statistics().firstFragment?.number == listed[0].number.padded)
        // Not through the live buffer.
        #expect(stream.statistics().bufferBytes == live.size)
        await fixture.store.close()
    }

    @Test func aReaderGetsWhatIsImportedAheadOfIt() async throws {
        let fixture = try await StoreFixture(importCapacity: 1_000)
        let stream = fixture.stream
        let range = try await stream.reserveImport(count: 3)
        let metadata = (0..<3).map { index in
            range.metadata(at: index, serverTimestamp: times(index).0, producerTimestamp: times(index).1)
        }
        try await stream.importFragments([chunk(metadata[0]), chunk(metadata[2])])
        let cursor = try stream.openCursor(.earliest)
        #expect(try await cursor.numbers(1) == [metadata[0].number])
        try await stream.importFragments([chunk(metadata[1])])
        #expect(try await cursor.numbers(2) == [metadata[1].number, metadata[2].number])
        await fixture.store.close()
    }

    @Test func aReaderOfWhatComesNextGetsNothingThatIsImported() async throws {
        let fixture = try await StoreFixture(importCapacity: 1_000)
        let stream = fixture.stream
        let range = try await stream.reserveImport(count: 2)
        let metadata = (0..<2).map { index in
            range.metadata(at: index, serverTimestamp: times(index).0, producerTimestamp: times(index).1)
        }
        let early = try stream.openCursor(.now)
        try await stream.importFragments([chunk(metadata[0])])
        let late = try stream.openCursor(.now)
        try await stream.importFragments([chunk(metadata[1])])
        let live = try await stream.openConnection().archive(producer: 1_700_000_000_000)
        #expect(try await early.numbers(1) == [live.number])
        #expect(try await late.numbers(1) == [live.number])
        await fixture.store.close()
    }

    @Test func importedMediaOfTheLastMinutesIsMeasuredAsIfItHadComeThen() async throws {
        let fixture = try await StoreFixture(importCapacity: 1_000)
        let now = fixture.clock.now.milliseconds / 1_000 * 1_000
        let range = try await fixture.stream.reserveImport(count: 200)
        var imported = 0
        for first in [190, 180, 0] {
            let chunks = (first..<first + 5).map { index in
                let time = Timestamp(milliseconds: now - Int64(200 - index) * 2_000)
                return chunk(range.metadata(at: index, serverTimestamp: time, producerTimestamp: time))
            }
            try await fixture.stream.importFragments(chunks)
            if first > 0 { imported += chunks.reduce(0) { $0 + $1.info.size } }
        }
        let figures = fixture.stream.statistics()
        #expect(figures.bytesPerSecond.reduce(0, +) == imported)
        // From the oldest one on that lies in the window up to now: 5 fragments of 2 s, a pause as long, 5 more.
        #expect(figures.bytesPerSecond.prefix(10).allSatisfy { $0 > 0 })
        #expect(figures.bytesPerSecond.dropFirst(10).prefix(10).allSatisfy { $0 == 0 })
        #expect(figures.bytesPerSecond.dropFirst(20).prefix(10).allSatisfy { $0 > 0 })
        #expect(figures.lastReceived == Timestamp(milliseconds: now - 6 * 2_000))
        await fixture.store.close()
    }

    @Test func laterImportsLieBelowEarlierOnesAlsoAfterAReopen() async throws {
        let fixture = try await StoreFixture(importCapacity: 1_000)
        let (server, producer) = times(0)
        let first = try await fixture.stream.reserveImport(count: 10)
        await fixture.store.close()
        let store = try await StoreFixture.open(fixture.folder, clock: fixture.clock)
        let second = try await #require(store.stream(named: "camera")).reserveImport(count: 10)
        let lowest = first.metadata(at: 0, serverTimestamp: server, producerTimestamp: producer)
        let highest = second.metadata(at: 9, serverTimestamp: server, producerTimestamp: producer)
        #expect(highest.number < lowest.number)
        await store.close()
    }

    @Test func numbersOutsideOfAReservedRangeAreRefused() async throws {
        let fixture = try await StoreFixture(importCapacity: 10)
        await #expect(throws: StoreError.self) { try await fixture.stream.reserveImport(count: 1_001) }
        let metadata = FragmentMetadata(
            number: FragmentNumber(counter: 5, serverMilliseconds: 1, random: 0),
            serverTimestamp: Timestamp(milliseconds: 1),
            producerTimestamp: Timestamp(milliseconds: 1)
        )
        await #expect(throws: StoreError.self) { try await fixture.stream.importFragments([chunk(metadata)]) }
        await fixture.store.close()
    }
}
