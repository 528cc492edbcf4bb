import Foundation
import KinescopeTesting
import KinesisVideo
import KinesisVideoProducer
import Matroska
import Testing

/// Fragments on disk: what is kept, what goes, and what a crash leaves.
@Suite struct SpoolTests {
    private static func fragment(_ time: Int64, frames: Int = 3, size: Int = 40) -> [StreamUpload.Part] {
        [.fragmentStart(timestamp: UInt64(time))]
            + (0..<frames).map {
                .frame(ProducerBody.frame(1, time + Int64($0) * 40, isKey: $0 == 0, size: size))
            }
    }

    private static func files(_ folder: TemporaryFolder) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path("spool"))
            .filter { $0.hasSuffix(".fragment") }.sorted()
    }

    private static func fill(_ spool: FragmentSpool, _ times: [Int64]) async throws -> [FragmentSpool.Number]
    {
        _ = try await spool.append(.tracks([ProducerBody.video]))
        var numbers: [FragmentSpool.Number] = []
        for time in times {
            for part in fragment(time) {
                let number = try await spool.append(part)
                if case .fragmentStart = part, let number { numbers.append(number) }
            }
        }
        await spool.endFragment()
        return numbers
    }

    @Test func whatIsLeftComesBackInOrderWithItsTracks() async throws {
        let folder = try TemporaryFolder()
        do {
            let spool = try FragmentSpool(folder: folder.path("spool"), capacity: 1 << 20)
            let numbers = try await Self.fill(spool, [0, 1000, 2000])
            await spool.remove(numbers[1])
            #expect(await spool.waiting == 0)
        }
        let spool = try await FragmentSpool.reopened(folder.path("spool"), capacity: 1 << 20)
        #expect(await spool.waiting == 2)
        for time: Int64 in [0, 2000] {
            let found = try #require(await spool.takeOldest())
            #expect(found.fragment.parts == [.tracks([ProducerBody.video])] + Self.fragment(time))
            #expect(!found.fragment.isTorn)
            await spool.remove(found.number)
        }
        #expect(await spool.takeOldest() == nil)
        #expect(try Self.files(folder).isEmpty)
        #expect(await spool.bytes == 0)
    }

    @Test func aSecondProducerIsRefused() throws {
        let folder = try TemporaryFolder()
        let spool = try FragmentSpool(folder: folder.path("spool"), capacity: 1 << 20)
        #expect(throws: SpoolError.self) {
            try FragmentSpool(folder: folder.path("spool"), capacity: 1 << 20)
        }
        withExtendedLifetime(spool) {}
    }

    /// A file that was cut off anywhere gives the whole frames ahead of that, and never anything else.
    @Test func everyCutGivesTheWholeFramesAheadOfIt() async throws {
        let folder = try TemporaryFolder()
        let spool = try FragmentSpool(folder: folder.path("spool"), capacity: 1 << 20)
        _ = try await Self.fill(spool, [0])
        let name = try #require(try Self.files(folder).first)
        let file = [UInt8](try Data(contentsOf: folder.url.appending(path: "spool/\(name)")))
        let whole = SpooledFragment(file: file).parts
        var counts: [Int] = []
        for length in 0...file.count {
            let cut = SpooledFragment(file: Array(file[..<length]))
            #expect(Array(whole.prefix(cut.parts.count)) == cut.parts)
            counts.append(cut.parts.count)
            if length < file.count {
                // Space that the file system gave and never filled.
                let hole = Array(file[..<length]) + [UInt8](repeating: 0, count: file.count - length)
                let parts = SpooledFragment(file: hole).parts
                #expect(Array(whole.prefix(parts.count)) == parts)
            }
        }
        #expect(counts == counts.sorted() && Set(counts) == [0, 3, 4, 5])
    }

    @Test func aFullSpoolLosesTheOldestThatNobodySendsAndSaysSo() async throws {
        let folder = try TemporaryFolder()
        do {
            let spool = try FragmentSpool(folder: folder.path("spool"), capacity: 1 << 20)
            _ = try await Self.fill(spool, [0, 1000, 2000])
        }
        let bytes = try Self.files(folder).reduce(0) { sum, name in
            let path = folder.url.appending(path: "spool/\(name)").path
            return sum + (try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0)
        }
        let spool = try await FragmentSpool.reopened(folder.path("spool"), capacity: bytes)
        let sending = try #require(await spool.takeOldest())
        _ = try await Self.fill(spool, [3000])
        let drops = await spool.takeDrops()
        #expect(drops == [UploadWindow.Drop(timecode: 1000, frames: 3, reason: .spoolFull)])
        await spool.putBack(sending.number)
        #expect(await spool.takeOldest()?.number == sending.number)
        #expect(try Self.files(folder).count == 3)
    }

    @Test func theIndexCountsBytesAndGivesTheOldestFirst() {
        var index = SpoolIndex(capacity: 100, found: [(7, 40), (3, 40)])
        #expect(index.waiting == 2 && index.bytes == 80)
        let number = index.begin()
        #expect(number == 8 && index.waiting == 2)
        #expect(index.grow(number, by: 20) == [])
        #expect(index.grow(number, by: 1) == [3])
        #expect(index.bytes == 61 && index.takeOldest() == 7 && index.takeOldest() == nil)
        // What is being sent, and what is being made, stays.
        #expect(index.grow(number, by: 100) == [])
        index.putBack(7)
        #expect(index.grow(number, by: 1) == [7])
        index.remove(number)
        #expect(index.bytes == 0)
    }
}
