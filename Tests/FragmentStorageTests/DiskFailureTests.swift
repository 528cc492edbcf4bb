import Foundation
import FragmentStorage
import Glibc
import KinescopeTesting
import KinesisVideo
import NIOCore
import Testing

struct DiskFailureTests {
    @Test func aFolderThatCannotBeWrittenFailsItsFragmentsAndNoOthers() async throws {
        let fixture = try await StoreFixture()
        let segments = try #require(
            try FileManager.default.subpathsOfDirectory(atPath: fixture.folder.path).first {
                $0.hasSuffix("segments")
            }
        )
        let path = "\(fixture.folder.path)/\(segments)"
        let other = try await fixture.store.createStream(.sample("other")).openConnection()
        let connection = try await fixture.stream.openConnection()
        let cursor = try fixture.stream.openCursor(.earliest)

        try FileManager.default.removeItem(atPath: path)
        try Data().write(to: URL(fileURLWithPath: path))
        let receipt = try await connection.send()
        let error = await #expect(throws: StoreError.self) { try await receipt.persisted() }
        #expect(error?.kind == .inputOutput)
        #expect(error?.errno == ENOTDIR)
        #expect(error?.path?.hasPrefix(path) == true)
        try await other.archive()
        // It had been received, so live readers have it all the same.
        #expect(try await cursor.numbers(1) == [receipt.info.number])
        #expect(try await fixture.stream.everything().isEmpty)

        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let second = try await connection.archive()
        #expect(try await fixture.stream.everything() == [second])
        await fixture.store.close()
    }

    @Test(.enabled(if: SmallDisk.isAvailable, "file systems cannot be mounted here"))
    func aFullDiskFailsWhatDoesNotFitAndTheStoreGoesOnWhenThereIsRoom() async throws {
        let disk = try SmallDisk(megabytes: 4)
        let clock = ManualClock()
        let store = try await StoreFixture.open(disk.folder, clock: clock)
        let stream = try await store.createStream(.sample("camera"))
        let connection = try await stream.openConnection()
        let filler = "\(disk.folder.path)/filler"
        try Data(repeating: 1, count: 1 << 20).write(to: URL(fileURLWithPath: filler))

        var kept: [FragmentInfo] = []
        var failures: [StoreError] = []
        for _ in 0..<60 {
            do {
                kept.append(try await connection.archive(size: 100_000))
            } catch let error as StoreError {
                failures.append(error)
            }
        }
        #expect(!kept.isEmpty)
        #expect(!failures.isEmpty)
        #expect(failures.allSatisfy { $0.kind == .noSpace })
        #expect(try await stream.everything() == kept)

        try FileManager.default.removeItem(atPath: filler)
        kept.append(try await connection.archive(size: 50_000))
        #expect(try await stream.everything() == kept)
        await store.close()

        try disk.folder.removeIndex()
        let reopened = try await StoreFixture.open(disk.folder, clock: clock)
        let found = try #require(reopened.stream(named: "camera"))
        #expect(try await found.everything() == kept)
        for info in kept { #expect(try await found.chunk(info.number)?.bytes.readableBytes == info.size) }
        await reopened.close()
    }
}
