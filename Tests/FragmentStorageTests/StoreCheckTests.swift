import Foundation
import FragmentStorage
import KinescopeTesting
import KinesisVideo
import Logging
import NIOCore
import Testing

struct StoreCheckTests {
    private let clock = ManualClock()

    /// A closed store with two streams, one of them with two segments.
    private func filled() async throws -> (TemporaryFolder, [FragmentInfo]) {
        let folder = try TemporaryFolder()
        var configuration = StoreConfiguration()
        configuration.segmentFragments = 3
        let store = try await StoreFixture.open(folder, clock: clock, configuration: configuration)
        let connection = try await store.createStream(.sample("camera")).openConnection()
        var infos: [FragmentInfo] = []
        for _ in 0..<5 { infos.append(try await connection.archive(size: 30)) }
        _ = try await store.createStream(.sample("other")).openConnection().archive(size: 20)
        await store.close()
        return (folder, infos)
    }

    /// What a kill leaves: a copy of a folder whose store is still open.
    private func killed() async throws -> TemporaryFolder {
        let fixture = try await StoreFixture()
        let connection = try await fixture.stream.openConnection()
        for _ in 0..<5 { try await connection.archive(size: 30) }
        let copy = try fixture.folder.copy()
        await fixture.store.close()
        return copy
    }

    private func flip(_ path: String, _ offset: Int, _ bit: UInt8) throws {
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes[offset] ^= bit
        try bytes.write(to: URL(filePath: path))
    }

    @Test func aStoreThatWasClosedIsSound() async throws {
        let (folder, _) = try await filled()
        let check = try StoreCheck.run(directory: folder.path)
        #expect(check.findings.isEmpty)
        #expect((check.streams, check.segments, check.fragments) == (2, 3, 6))
        #expect(check.isSound)
    }

    @Test func aStoreThatWasKilledHasLeftoversOnly() async throws {
        let folder = try await killed()
        let check = try StoreCheck.run(directory: folder.path)
        #expect(check.isSound)
        #expect(Set(check.findings.map(\.file)) == ["index.checksum", "index.sqlite-wal"])
        #expect(check.fragments == 5)
    }

    @Test func anEmptyFolderIsDamagedAndAMissingOneIsAnError() async throws {
        let folder = try TemporaryFolder()
        #expect(try !StoreCheck.run(directory: folder.path).isSound)
        #expect(throws: StoreError.self) { try StoreCheck.run(directory: folder.path("none")) }
    }

    /// Bytes changed a run; `KINESCOPE_FLIPS` asks for more, 0 for every byte of every file.
    private static let flips =
        ProcessInfo.processInfo.environment["KINESCOPE_FLIPS"].flatMap { Int($0) } ?? 150

    @Test(arguments: [".mkv", "stream.json", "index.sqlite", "index.checksum"])
    func everyChangedByteIsFound(suffix: String) async throws {
        let (folder, _) = try await filled()
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        for path in try folder.files(ending: suffix) {
            let whole = try Data(contentsOf: URL(filePath: path))
            var offsets = Array(whole.indices)
            if Self.flips > 0 { offsets = Array(offsets.shuffled(using: &generator).prefix(Self.flips)) }
            for offset in offsets {
                let bit = UInt8(1) << UInt8.random(in: 0..<8, using: &generator)
                try flip(path, offset, bit)
                let check = try StoreCheck.run(directory: folder.path)
                let name = String(path.dropFirst(folder.path.count + 1))
                #expect(!check.isSound, "bit \(bit) of byte \(offset) of \(name), seed \(seed)")
                let files = check.findings.filter { $0.kind == .damage }.map(\.file)
                #expect(files.contains(name) || suffix == "index.checksum", "\(files) in place of \(name)")
                try whole.write(to: URL(filePath: path))
            }
        }
        #expect(try StoreCheck.run(directory: folder.path).isSound)
    }

    @Test func everyChangedByteOfTheIndexLogIsFound() async throws {
        let folder = try await killed()
        let path = try #require(try folder.files(ending: "-wal").first)
        let whole = try Data(contentsOf: URL(filePath: path))
        var generator = SeededGenerator(seed: 7)
        // The salts of the last frame make it one of an earlier round: what it said is then read from the segments.
        for offset in (0..<whole.count - 4_120).shuffled(using: &generator).prefix(max(Self.flips, 150)) {
            try flip(path, offset, 0x40)
            #expect(try !StoreCheck.run(directory: folder.path).isSound, "byte \(offset)")
            try whole.write(to: URL(filePath: path))
        }
    }

    @Test func aKillWhileTheIndexLogIsOverwrittenIsNoDamage() async throws {
        let folder = try await killed()
        let path = try #require(try folder.files(ending: "-wal").first)
        var log = WriteAheadLog([UInt8](try Data(contentsOf: URL(filePath: path))))
        let stale = log.lastFrame
        log.beginRound(1)
        // Header of this round, page of the one before; behind it a frame that nobody has overwritten yet.
        log.bytes.replaceSubrange(
            log.bytes.count - 4_096..<log.bytes.count,
            with: stale.suffix(4_096).reversed()
        )
        log.bytes += stale
        try Data(log.bytes).write(to: URL(filePath: path))
        let check = try StoreCheck.run(directory: folder.path)
        #expect(check.isSound, "\(check.findings)")
        #expect(check.findings.contains { $0.file.hasSuffix("-wal") && $0.seen.contains("not whole") })

        // One frame earlier it would have had to be whole.
        try flip(path, log.bytes.count - 2 * stale.count - 100, 0x10)
        #expect(try !StoreCheck.run(directory: folder.path).isSound)
    }

    @Test func aFindingTellsFileOffsetAndBothValues() async throws {
        let (folder, infos) = try await filled()
        let segment = try #require(try largestSegment(folder))
        try flip(segment, infos[0].size + 96 + 2, 0x01)
        let findings = try StoreCheck.run(directory: folder.path).findings.filter {
            $0.file.hasSuffix(".mkv")
        }
        let finding = try #require(findings.first)
        #expect(findings.count == 1)
        #expect(finding.kind == .damage)
        #expect(finding.file == String(segment.dropFirst(folder.path.count + 1)))
        #expect(finding.offset == infos[0].size + 96)
        #expect(finding.seen.contains("fragment \(infos[1].number) with CRC-32 "))
        #expect(finding.wanted.count == 8)
    }

    private func largestSegment(_ folder: TemporaryFolder) throws -> String? {
        try folder.files(ending: ".mkv").max {
            try Data(contentsOf: URL(filePath: $0)).count < Data(contentsOf: URL(filePath: $1)).count
        }
    }

    @Test func aSegmentThatIsMissingOrTooShortIsFound() async throws {
        let (folder, _) = try await filled()
        let segment = try #require(try largestSegment(folder))
        let whole = try Data(contentsOf: URL(filePath: segment))
        for length in [0, 1, whole.count / 2, whole.count - 1] {
            try whole.prefix(length).write(to: URL(filePath: segment))
            #expect(try !StoreCheck.run(directory: folder.path).isSound, "\(length) bytes left")
        }
        try FileManager.default.removeItem(atPath: segment)
        #expect(try !StoreCheck.run(directory: folder.path).isSound)
    }

    @Test func bytesBehindTheLastFragmentOfAClosedStoreAreATornWrite() async throws {
        let (folder, _) = try await filled()
        let segment = try #require(try largestSegment(folder))
        try (Data(contentsOf: URL(filePath: segment)) + Data(repeating: 1, count: 50)).write(
            to: URL(filePath: segment)
        )
        let findings = try StoreCheck.run(directory: folder.path).findings
        #expect(findings.map(\.kind) == [.leftover])
        #expect(findings.first?.seen.hasPrefix("50 bytes") == true)
    }

    // MARK: - Repair

    private func repair(_ folder: TemporaryFolder) throws -> StoreRepair {
        try StoreRepair.run(
            directory: folder.path,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    @Test func aRepairKeepsWhatIsWholeAndSetsTheRestAside() async throws {
        let (folder, infos) = try await filled()
        let segment = try #require(try largestSegment(folder))
        try flip(segment, infos[0].size + 96 + 2, 0x01)
        let damaged = try Data(contentsOf: URL(filePath: segment))
        let repair = try repair(folder)
        let move = try #require(repair.moves.first { $0.from.hasSuffix(".mkv") })
        #expect(try Data(contentsOf: URL(filePath: folder.path(move.to))) == damaged)
        #expect(try StoreCheck.run(directory: folder.path).findings.isEmpty)
        let store = try await StoreFixture.open(folder, clock: clock)
        #expect(
            try await store.stream(named: "camera")?.everything() == [infos[0]] + infos[2...]
        )
        #expect(try await store.stream(named: "other")?.everything().count == 1)
        await store.close()
    }

    @Test func aRepairSetsAStreamAsideWhoseRecordIsDamaged() async throws {
        let (folder, _) = try await filled()
        let record = try #require(try folder.files(ending: "stream.json").first)
        try flip(record, 40, 0x02)
        let store = try await StoreFixture.open(folder, clock: clock)
        #expect(store.streams.count == 1)
        await store.close()
        #expect(try !StoreCheck.run(directory: folder.path).isSound)
        let count = try folder.files(ending: ".mkv").count
        _ = try repair(folder)
        #expect(try StoreCheck.run(directory: folder.path).findings.isEmpty)
        #expect(try folder.files(ending: ".mkv").count == count)
    }

    @Test func aRepairMakesADamagedIndexAnew() async throws {
        let (folder, infos) = try await filled()
        try flip(folder.path("index.sqlite"), 4_100, 0xFF)
        let repair = try repair(folder)
        #expect(repair.moves.contains { $0.from == "index.sqlite" && $0.to == "quarantine/1/index.sqlite" })
        #expect(try StoreCheck.run(directory: folder.path).findings.isEmpty)
        let store = try await StoreFixture.open(folder, clock: clock)
        #expect(try await store.stream(named: "camera")?.everything() == infos)
        await store.close()
        try flip(folder.path("index.sqlite"), 4_100, 0xFF)
        #expect(try self.repair(folder).moves.contains { $0.to == "quarantine/2/index.sqlite" })
    }

    @Test func mediaWithoutARecordIsNeverRemoved() async throws {
        let (folder, _) = try await filled()
        let count = try folder.files(ending: ".mkv").count
        for record in try folder.files(ending: "stream.json") {
            try FileManager.default.removeItem(atPath: record)
        }
        let store = try await StoreFixture.open(folder, clock: clock)
        #expect(store.streams.isEmpty)
        await store.close()
        #expect(try !StoreCheck.run(directory: folder.path).isSound)
        #expect(try folder.files(ending: ".mkv").count == count)
    }

    // MARK: - Worked examples of the format page

    @Test func aStreamRecordOfTheFirstFormatIsRead() async throws {
        let (folder, infos) = try await filled()
        for path in try folder.files(ending: "stream.json") {
            let text = try String(contentsOfFile: path, encoding: .utf8)
            let lines = text.split(separator: "\n").filter {
                !$0.contains("\"checksum\"") && !$0.contains("\"format\"")
            }
            try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
        }
        let store = try await StoreFixture.open(folder, clock: clock)
        #expect(try await store.stream(named: "camera")?.everything() == infos)
        await store.close()
    }

    @Test func theSealOfAnIndexReadsAsThePageSays() async throws {
        let (folder, _) = try await filled()
        let index = try Data(contentsOf: URL(filePath: folder.path("index.sqlite")))
        let seal = try String(contentsOfFile: folder.path("index.checksum"), encoding: .utf8)
        #expect(seal.hasPrefix("index 1\nbytes \(index.count)\ncrc32 "))
        #expect(seal.utf8.count == "index 1\nbytes \(index.count)\ncrc32 01234567\n".utf8.count)
    }
}
