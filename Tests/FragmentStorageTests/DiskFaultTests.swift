import Foundation
import FragmentStorage
import Glibc
import KinescopeTesting
import KinesisVideo
import Logging
import NIOCore
import Testing

/// System calls that fail, one kind at a time and at random.
struct DiskFaultTests {
    private static func open(
        _ folder: TemporaryFolder,
        _ disk: FaultyDisk,
        _ clock: ManualClock
    ) async throws -> FragmentStore {
        var configuration = StoreConfiguration()
        configuration.segmentFragments = 4
        return try await FragmentStore.open(
            directory: folder.path,
            configuration: configuration,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            clock: { clock.now },
            calls: disk
        )
    }

    /// What is in a folder, seen by a store that is opened for it.
    private static func contents(_ folder: TemporaryFolder, _ clock: ManualClock) async throws
        -> [String: [FragmentInfo]]
    {
        let store = try await StoreFixture.open(folder, clock: clock)
        var contents: [String: [FragmentInfo]] = [:]
        for stream in store.streams {
            let infos = try await stream.everything()
            for info in infos {
                let chunk = try #require(try await stream.chunk(info.number))
                #expect(chunk.bytes.readableBytesView.last == info.number.fill)
            }
            contents[stream.name] = infos
        }
        await store.close()
        return contents
    }

    @Test func aCreationThatFailsLeavesTheNameToOneStreamOnly() async throws {
        let (folder, disk, clock) = (try TemporaryFolder(), FaultyDisk(), ManualClock())
        let store = try await Self.open(folder, disk, clock)
        // The first time is for the new folder's name, the second for the stream that is in it.
        disk.fail { call, path in
            call == .synchronize && path.hasSuffix("/streams") && !disk.isOdd ? .error(EIO) : nil
        }
        let error = await #expect(throws: StoreError.self) {
            try await store.createStream(.sample("camera"))
        }
        #expect(error?.kind == .inputOutput)
        disk.fail(nil)
        let info = try await store.createStream(.sample("camera")).openConnection().archive()
        await store.close()
        let reopened = try await StoreFixture.open(folder, clock: clock)
        #expect(reopened.streams.count == 1)
        let found = try await reopened.streams.first?.everything()
        #expect(found == [info])
        await reopened.close()
    }

    @Test func aStreamIsGoneThoughItsDeletionIsNotDurableYet() async throws {
        let (folder, disk, clock) = (try TemporaryFolder(), FaultyDisk(), ManualClock())
        let store = try await Self.open(folder, disk, clock)
        let stream = try await store.createStream(.sample("camera"))
        disk.fail { $0 == .synchronize && $1.hasSuffix("/streams") ? .error(EIO) : nil }
        let first = await #expect(throws: StoreError.self) { try await store.deleteStream(stream) }
        #expect(first?.kind == .inputOutput)
        #expect(store.streams.isEmpty)
        let second = await #expect(throws: StoreError.self) { try await store.deleteStream(stream) }
        #expect(second?.kind == .streamDeleted)
        disk.fail(nil)
        _ = try await store.createStream(.sample("camera"))
        await store.close()
    }

    @Test(
        arguments: [FaultyDisk.Call.open, .write, .synchronizeData, .synchronize],
        [
            (ENOSPC, StoreError.Kind.noSpace), (EDQUOT, .noSpace), (EFBIG, .noSpace), (EROFS, .readOnly),
            (EIO, .inputOutput),
        ]
    )
    func aCallThatFailsFailsItsFragmentAndNoOther(
        call: FaultyDisk.Call,
        failure: (code: Int32, kind: StoreError.Kind)
    ) async throws {
        let (folder, disk, clock) = (try TemporaryFolder(), FaultyDisk(), ManualClock())
        let store = try await Self.open(folder, disk, clock)
        let stream = try await store.createStream(.sample("camera"))
        let segments = try #require(
            try FileManager.default.subpathsOfDirectory(atPath: folder.path).first {
                $0.hasSuffix("segments")
            }
        )
        let other = try await store.createStream(.sample("other")).openConnection()
        let connection = try await stream.openConnection()
        let cursor = try stream.openCursor(.earliest)

        disk.fail { $0 == call && $1.contains(segments) ? .error(failure.code) : nil }
        let receipt = try await connection.send()
        let error = await #expect(throws: StoreError.self) { try await receipt.persisted() }
        #expect(error?.kind == failure.kind)
        #expect(error?.errno == failure.code)
        var kept = [try await other.archive()]
        #expect(try await cursor.numbers(1) == [receipt.info.number])
        #expect(try await stream.everything().isEmpty)

        disk.fail(nil)
        let second = try await connection.archive()
        kept.append(try await other.archive())
        await store.close()
        #expect(try await Self.contents(folder, clock) == ["camera": [second], "other": kept])
    }

    @Test func writesThatAreCutShortAndInterruptedCallsAreGoneOnWith() async throws {
        let (folder, disk, clock) = (try TemporaryFolder(), FaultyDisk(), ManualClock())
        let store = try await Self.open(folder, disk, clock)
        disk.fail { [disk] call, _ in
            // Every other call is interrupted.
            if disk.isOdd { return .error(EINTR) }
            return call == .write ? .short(7) : nil
        }
        let stream = try await store.createStream(.sample("camera"))
        let connection = try await stream.openConnection()
        var kept: [FragmentInfo] = []
        for _ in 0..<10 { kept.append(try await connection.archive()) }
        #expect(disk.faults > 100)
        await store.close()
        #expect(try await Self.contents(folder, clock) == ["camera": kept])
    }

    @Test func aDiskThatTakesNothingRefusesTheFragmentNotTheConnection() async throws {
        let (folder, disk, clock) = (try TemporaryFolder(), FaultyDisk(), ManualClock())
        let store = try await Self.open(folder, disk, clock)
        let stream = try await store.createStream(.sample("camera", retentionHours: 0))
        disk.fail { _, _ in .error(ENOSPC) }
        // A connection begins at the next thousand, so those that are reserved are soon used up.
        let error = await #expect(throws: StoreError.self) {
            for _ in 0..<30 { _ = try await stream.openConnection().send() }
        }
        #expect(error?.kind == .noSpace)
        let connection = try await stream.openConnection()
        disk.fail(nil)
        _ = try await connection.send()
        await store.close()
    }

    @Test(arguments: [11, 12, 13, 14, 15, 16] as [UInt64])
    func whateverFailsNothingPersistedIsLost(seed: UInt64) async throws {
        let (folder, disk, clock) = (try TemporaryFolder(), FaultyDisk(), ManualClock())
        let store = try await Self.open(folder, disk, clock)
        var generator = SeededGenerator(seed: seed)
        var kept: [String: Set<FragmentInfo>] = ["a": [], "b": [], "c": []]
        for name in kept.keys.sorted() { _ = try await store.createStream(.sample(name)) }
        for round in 0..<60 {
            let calls = FaultyDisk.Call.allCases.filter { _ in Bool.random(using: &generator) }
            let code = [ENOSPC, EIO, EROFS, EINTR].randomElement(using: &generator) ?? EIO
            let period = Int.random(in: 2...9, using: &generator)
            disk.fail { [disk] call, _ in
                guard calls.contains(call), disk.isTurn(period) else { return nil }
                return call == .write && code == EINTR ? .short(5) : .error(code)
            }
            for name in kept.keys.sorted() {
                let connection = try await #require(store.stream(named: name)).openConnection()
                do {
                    let receipts = [try await connection.send(), try await connection.send(size: 900)]
                    for receipt in receipts {
                        try await receipt.persisted()
                        kept[name]?.insert(receipt.info)
                    }
                } catch is StoreError {
                    // What fails is refused; what is kept is looked at below.
                }
                connection.close()
            }
            guard round % 20 == 19 else { continue }
            disk.fail(nil)
            for name in kept.keys.sorted() {
                let stream = try #require(store.stream(named: name))
                kept[name]?.insert(try await stream.openConnection().archive())
                #expect(try await Set(stream.everything()).isSuperset(of: kept[name] ?? []), "seed \(seed)")
            }
        }
        disk.fail(nil)
        await store.close()
        let found = try await Self.contents(folder, clock)
        for (name, infos) in kept {
            #expect(Set(found[name] ?? []).isSuperset(of: infos), "seed \(seed), stream \(name)")
        }
        #expect(try StoreCheck.run(directory: folder.path).findings.isEmpty, "seed \(seed)")
    }
}
