import Foundation
import FragmentStorage
import KinescopeTesting
import KinesisVideo
import Testing

struct CatalogTests {
    @Test(arguments: ["..", ".", "-rf", "a.b", "A", String(repeating: "n", count: 256)])
    func anyLegalNameIsAStreamThatSurvivesAReopen(name: String) async throws {
        let fixture = try await StoreFixture()
        var record = StreamRecord.sample(name)
        record.tags = ["key": "välue"]
        record.settings = ["ImageGenerationConfiguration": #"{"Status":"ENABLED"}"#]
        let stream = try await fixture.store.createStream(record)
        let info = try await stream.openConnection().archive()
        await fixture.store.close()
        let store = try await StoreFixture.open(fixture.folder, clock: fixture.clock)
        let found = try #require(store.stream(named: name))
        #expect(store.stream(arn: record.info.streamARN) === found)
        #expect(found.record == record)
        #expect(try await found.everything() == [info])
        await store.close()
    }

    @Test func aNameIsTakenOnce() async throws {
        let fixture = try await StoreFixture()
        await #expect(throws: StoreError.self) { try await fixture.store.createStream(.sample("camera")) }
        let created = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<10 {
                group.addTask { (try? await fixture.store.createStream(.sample("same"))) != nil }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(created == 1)
        await fixture.store.close()
    }

    @Test func pagesOfStreamsGoByName() async throws {
        let fixture = try await StoreFixture()
        for name in ["b", "a2", "a1", "a3", "C"] { _ = try await fixture.store.createStream(.sample(name)) }
        let store = fixture.store
        #expect(store.streams.map(\.name) == ["C", "a1", "a2", "a3", "b", "camera"])
        #expect(store.streams(after: nil, prefix: "a", limit: 2).map(\.name) == ["a1", "a2"])
        #expect(store.streams(after: "a2", prefix: "a", limit: 2).map(\.name) == ["a3"])
        #expect(store.streams(after: "a9", limit: 9).map(\.name) == ["b", "camera"])
        await store.close()
    }

    @Test func aChangeIsThereAfterAReopenAndARefusedOneIsNot() async throws {
        let fixture = try await StoreFixture()
        try await fixture.stream.updateRecord { record in
            record.info.version = "2"
            record.info.streamName = "other"
        }
        await #expect(throws: Refusal.self) {
            try await fixture.stream.updateRecord { record in
                record.info.version = "3"
                throw Refusal()
            }
        }
        await fixture.store.close()
        let store = try await StoreFixture.open(fixture.folder, clock: fixture.clock)
        #expect(store.stream(named: "camera")?.record.info.version == "2")
        await store.close()
    }

    @Test func changesOfARecordFollowEachOther() async throws {
        let fixture = try await StoreFixture()
        let stream = fixture.stream
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<50 {
                group.addTask { try await stream.updateRecord { $0.tags["\(index)"] = "" } }
            }
            try await group.waitForAll()
        }
        #expect(stream.record.tags.count == 50)
        await fixture.store.close()
    }

    @Test func aDeletedStreamIsGoneWithItsDataAndItsNameIsFree() async throws {
        let fixture = try await StoreFixture()
        try await fixture.stream.openConnection().archive()
        try await fixture.store.deleteStream(fixture.stream)
        await #expect(throws: StoreError.self) { try await fixture.store.deleteStream(fixture.stream) }
        await #expect(throws: StoreError.self) { try await fixture.stream.updateRecord { _ in } }
        #expect(try fixture.folder.files(ending: ".mkv").isEmpty)
        let again = try await fixture.store.createStream(.sample("camera"))
        #expect(try await again.everything().isEmpty)
        await fixture.store.close()
        let store = try await StoreFixture.open(fixture.folder, clock: fixture.clock)
        #expect(store.streams.count == 1)
        await store.close()
    }

    @Test func aStreamMarkedAsDeletingEndsAtOnceAndIsRemovedByTheNextStart() async throws {
        let fixture = try await StoreFixture()
        let connection = try await fixture.stream.openConnection()
        try await connection.archive()
        let cursor = try fixture.stream.openCursor(.now)
        #expect(try await cursor.numbers(1).count == 1)
        async let event = cursor.next()
        try await fixture.stream.updateRecord { $0.info.status = .deleting }
        #expect(try await event == nil)
        await #expect(throws: StoreError.self) { try await connection.beginFragment() }
        await #expect(throws: StoreError.self) { try await fixture.stream.everything() }
        #expect(fixture.store.stream(named: "camera")?.record.info.status == .deleting)
        await fixture.store.close()
        let store = try await StoreFixture.open(fixture.folder, clock: fixture.clock)
        #expect(store.streams.isEmpty)
        #expect(try fixture.folder.files(ending: ".mkv").isEmpty)
        await store.close()
    }

    @Test func whatACrashLeavesOfCreationAndDeletionIsCleared() async throws {
        let fixture = try await StoreFixture()
        await fixture.store.close()
        let half = "\(fixture.folder.path)/streams/0123456789abcdef0123456789abcdef/segments"
        let rubbish = "\(fixture.folder.path)/trash/0123456789abcdef0123456789abcdee/segments"
        for path in [half, rubbish] {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        let store = try await StoreFixture.open(fixture.folder, clock: fixture.clock)
        #expect(store.streams.map(\.name) == ["camera"])
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: "\(fixture.folder.path)/streams").count == 1
        )
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(fixture.folder.path)/trash").isEmpty)
        await store.close()
    }

    @Test func oneDamagedRecordLeavesTheOtherStreams() async throws {
        let fixture = try await StoreFixture()
        let file = try #require(try fixture.folder.files(ending: "stream.json").first)
        _ = try await fixture.store.createStream(.sample("other"))
        await fixture.store.close()
        try Data("{".utf8).write(to: URL(fileURLWithPath: file))
        let store = try await StoreFixture.open(fixture.folder, clock: fixture.clock)
        #expect(store.streams.map(\.name) == ["other"])
        #expect(try Data(contentsOf: URL(fileURLWithPath: file)).count == 1)
        await store.close()
    }

    @Test func aClosedStoreRefusesWork() async throws {
        let fixture = try await StoreFixture()
        let connection = try await fixture.stream.openConnection()
        await fixture.store.close()
        await fixture.store.close()
        await #expect(throws: StoreError.self) { try await connection.beginFragment() }
        await #expect(throws: StoreError.self) { try await fixture.store.createStream(.sample("late")) }
        await #expect(throws: StoreError.self) { try await fixture.stream.everything() }
    }
}

private struct Refusal: Error {}
