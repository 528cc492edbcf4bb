import Foundation
import FragmentStorage
import KinescopeTesting
import KinesisVideo
import NIOCore
import Testing

struct PersistenceTests {
    /// A folder with `count` archived fragments of a closed store.
    private func filled(_ count: Int, clock: ManualClock) async throws -> (TemporaryFolder, [FragmentInfo]) {
        let folder = try TemporaryFolder()
        let store = try await StoreFixture.open(folder, clock: clock)
        let connection = try await store.createStream(.sample("camera")).openConnection()
        var infos: [FragmentInfo] = []
        for index in 0..<count {
            clock.advance(milliseconds: 1000)
            infos.append(try await connection.archive(producer: Int64(index) * 1000, size: 100 + index))
        }
        await store.close()
        return (folder, infos)
    }

    @Test func everythingPersistedIsThereAfterAReopen() async throws {
        let clock = ManualClock()
        let (folder, infos) = try await filled(5, clock: clock)
        let store = try await StoreFixture.open(folder, clock: clock)
        let stream = try #require(store.stream(named: "camera"))
        #expect(try await stream.everything() == infos)
        for info in infos {
            let chunk = try #require(try await stream.chunk(info.number))
            #expect(chunk.info == info)
            #expect(chunk.frameCount == 25)
            #expect(chunk.headerLength == 6)
            #expect(chunk.bytes.readableBytes == info.size)
            let bytes = Array(chunk.bytes.readableBytesView)
            #expect(bytes.starts(with: "headertags \(info.number.padded)".utf8))
            #expect(bytes.last == info.number.fill)
        }
        await store.close()
    }

    @Test func aMissingIndexIsRebuiltEqual() async throws {
        let clock = ManualClock()
        let (folder, infos) = try await filled(20, clock: clock)
        try folder.removeIndex()
        let store = try await StoreFixture.open(folder, clock: clock)
        let stream = try #require(store.stream(named: "camera"))
        #expect(try await stream.everything() == infos)
        #expect(stream.statistics().storedBytes == infos.reduce(0) { $0 + $1.size })
        await store.close()
    }

    @Test func anIndexThatIsNoDatabaseIsRebuilt() async throws {
        let clock = ManualClock()
        let (folder, infos) = try await filled(3, clock: clock)
        try folder.removeIndex()
        let garbage = Data(repeating: 0x55, count: 8192)
        try garbage.write(to: URL(fileURLWithPath: "\(folder.path)/index.sqlite"))
        let store = try await StoreFixture.open(folder, clock: clock)
        #expect(try await store.stream(named: "camera")?.everything() == infos)
        await store.close()
    }

    @Test func aTornTailLosesTheLastFragmentOnlyWhereverItIsTorn() async throws {
        let clock = ManualClock()
        let (folder, infos) = try await filled(3, clock: clock)
        try folder.removeIndex()
        let segment = try #require(try folder.files(ending: ".mkv").first)
        let whole = try Data(contentsOf: URL(fileURLWithPath: segment))
        let lastBegin = whole.count - infos[2].size - 96
        for length in lastBegin..<whole.count {
            try folder.removeIndex()
            try whole[..<length].write(to: URL(fileURLWithPath: segment))
            let store = try await StoreFixture.open(folder, clock: clock)
            let stream = try #require(store.stream(named: "camera"))
            #expect(
                try await stream.everything() == Array(infos[..<2]),
                "cut to \(length) of \(whole.count) bytes"
            )
            await store.close()
            #expect(try Data(contentsOf: URL(fileURLWithPath: segment)).count == lastBegin)
        }
    }

    @Test func fragmentsGoOnBehindATornTail() async throws {
        let clock = ManualClock()
        let (folder, infos) = try await filled(2, clock: clock)
        let segment = try #require(try folder.files(ending: ".mkv").first)
        let handle = try #require(FileHandle(forWritingAtPath: segment))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(repeating: 0xEC, count: 1000))
        try handle.close()
        let store = try await StoreFixture.open(folder, clock: clock)
        let stream = try #require(store.stream(named: "camera"))
        let added = try await stream.openConnection().archive()
        #expect(try await stream.everything() == infos + [added])
        await store.close()
    }

    @Test(arguments: [0, 7, 50, 120, 160, 161, 187, 221])
    func aFlippedByteCostsItsOwnFragmentOnly(offset: Int) async throws {
        let clock = ManualClock()
        let (folder, infos) = try await filled(3, clock: clock)
        try folder.removeIndex()
        let segment = try #require(try folder.files(ending: ".mkv").first)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: segment))
        let second = infos[0].size + 96
        #expect(offset < infos[1].size + 96)
        bytes[second + offset] ^= 0x10
        try bytes.write(to: URL(fileURLWithPath: segment))
        let store = try await StoreFixture.open(folder, clock: clock)
        let stream = try #require(store.stream(named: "camera"))
        #expect(try await stream.everything() == [infos[0], infos[2]])
        await store.close()
    }

    @Test func recordsInsideMediaPassForNone() async throws {
        // The bytes of another stream's file, records included, sent as media.
        let clock = ManualClock()
        let (foreign, _) = try await filled(2, clock: clock)
        let segment = try #require(try foreign.files(ending: ".mkv").first)
        let media = try Data(contentsOf: URL(fileURLWithPath: segment))
        let fixture = try await StoreFixture()
        let connection = try await fixture.stream.openConnection()
        let fragment = try await connection.beginFragment()
        fragment.announce()
        fragment.append(.init(bytes: media))
        let receipt = try fragment.complete(length: 1, frameCount: 1)
        try await receipt.persisted()
        await fixture.store.close()
        try fixture.folder.removeIndex()
        let store = try await StoreFixture.open(fixture.folder, clock: fixture.clock)
        #expect(try await store.stream(named: "camera")?.everything() == [receipt.info])
        await store.close()
    }

    @Test func theWorkedExampleOfARecordStandsInTheFile() async throws {
        let clock = ManualClock()
        let (folder, infos) = try await filled(1, clock: clock)
        let segment = try #require(try folder.files(ending: ".mkv").first)
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: segment)))
        let record = Array(bytes[infos[0].size...])
        #expect(record.count == 96)
        #expect(Array(record[..<10]) == [0xEC, 0xDE] + Array("kinescop".utf8))
        #expect(Array(record[28..<48]) == infos[0].number.bytes)
        #expect(record[72..<80].reduce(0) { $0 << 8 | Int($1) } == infos[0].size)
        #expect(Array(record[80..<84]) == [0, 0, 0, 6])
        #expect(Array(record[84..<88]) == [0, 0, 0, 25])
    }
}

struct FragmentNumberTests {
    @Test func numbersGrowOverReopens() async throws {
        let fixture = try await StoreFixture(retentionHours: 0)
        var folder = fixture.folder
        var last = FragmentNumber("0")
        for _ in 0..<4 {
            let store = try await StoreFixture.open(folder, clock: fixture.clock)
            let connection = try await #require(store.stream(named: "camera")).openConnection()
            for _ in 0..<30 {
                let number = try await connection.send().info.number
                #expect(try number > #require(last))
                last = number
            }
            // The copy is what a kill leaves behind: nothing of this store is closed yet.
            folder = try folder.copy()
            await store.close()
        }
        await fixture.store.close()
    }

    @Test func aConnectionBeginsBehindTheNextThousand() async throws {
        let fixture = try await StoreFixture()
        var counters: [UInt64?] = []
        for _ in 0..<3 {
            let connection = try await fixture.stream.openConnection()
            for _ in 0..<3 { counters.append(try await connection.send().info.number.counter) }
        }
        #expect(counters == [1, 2, 3, 1001, 1002, 1003, 2001, 2002, 2003])
        await fixture.store.close()
    }

    @Test func connectionsOfAStreamShareTheCounter() async throws {
        let fixture = try await StoreFixture()
        let (first, second) = try await (fixture.stream.openConnection(), fixture.stream.openConnection())
        #expect(fixture.stream.connectionCount == 2)
        var numbers: [FragmentNumber] = []
        for _ in 0..<5 {
            numbers.append(try await first.send().info.number)
            numbers.append(try await second.send().info.number)
        }
        #expect(numbers == numbers.sorted())
        first.close()
        first.close()
        #expect(fixture.stream.connectionCount == 1)
        await fixture.store.close()
    }

    @Test func moreFragmentsThanAreReservedAtATimeGetNumbers() async throws {
        let fixture = try await StoreFixture(retentionHours: 0)
        for _ in 0..<25 {
            _ = try await fixture.stream.openConnection().send()
        }
        let connection = try await fixture.stream.openConnection()
        #expect(try await connection.send().info.number.counter == 25_001)
        await fixture.store.close()
    }
}
