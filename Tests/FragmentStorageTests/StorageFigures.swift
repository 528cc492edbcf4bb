import Foundation
import FragmentStorage
import Glibc
import KinesisVideo
import NIOCore
import Testing

/// Measures instead of checks: `KINESCOPE_FIGURES=1 swift test -c release --filter StorageFigures`.
@Suite(
    .serialized,
    .enabled(
        if: ProcessInfo.processInfo.environment["KINESCOPE_FIGURES"] != nil,
        "KINESCOPE_FIGURES is not set"
    )
)
struct StorageFigures {
    private static let chunkSize = 100_000

    @Test func persistedFragmentsBesideBareAppends() async throws {
        let count = 2_000
        for connections in [1, 8, 64] {
            let fixture = try await StoreFixture()
            let clock = ContinuousClock()
            let stored = try await clock.measure {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for index in 0..<connections {
                        group.addTask {
                            let stream = try await fixture.store.createStream(.sample("stream-\(index)"))
                            let connection = try await stream.openConnection()
                            for _ in 0..<count / connections {
                                try await connection.archive(size: Self.chunkSize)
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            await fixture.store.close()
            print(
                "\(connections) connections awaiting PERSISTED: \(rate(count, stored)) fragments/s of 100 kB"
            )
        }
        let fixture = try await StoreFixture()
        let connection = try await fixture.stream.openConnection()
        let queued = try await ContinuousClock().measure {
            var receipts: [FragmentReceipt] = []
            for _ in 0..<count { receipts.append(try await connection.send(size: Self.chunkSize)) }
            for receipt in receipts { try await receipt.persisted() }
        }
        await fixture.store.close()
        print("1 connection, PERSISTED awaited at the end: \(rate(count, queued)) fragments/s of 100 kB")
        for group in [1, 8, 64] {
            print(
                "bare append, fdatasync every \(group): \(rate(count, try bareAppend(count, group))) chunks/s"
            )
        }
    }

    private func bareAppend(_ count: Int, _ group: Int) throws -> Duration {
        let folder = try TemporaryFolder()
        let file = open("\(folder.path)/bare", O_WRONLY | O_CREAT, 0o644)
        defer { close(file) }
        let bytes = [UInt8](repeating: 7, count: Self.chunkSize)
        return ContinuousClock().measure {
            for index in 1...count {
                #expect(write(file, bytes, bytes.count) == bytes.count)
                if index % group == 0 { #expect(fdatasync(file) == 0) }
            }
        }
    }

    @Test func startAndListingWithAHundredThousandFragments() async throws {
        let fixture = try await StoreFixture()
        let connection = try await fixture.stream.openConnection()
        let filling = try await ContinuousClock().measure {
            var receipts: [FragmentReceipt] = []
            for index in 0..<100_000 {
                fixture.clock.advance(milliseconds: 500)
                receipts.append(try await connection.send(producer: Int64(index) * 500, size: 1_000))
            }
            for receipt in receipts { try await receipt.persisted() }
        }
        print("100,000 fragments of 1 kB persisted: \(rate(100_000, filling)) fragments/s")
        await fixture.store.close()
        try await reopen(fixture, "index there")
        try fixture.folder.removeIndex()
        try await reopen(fixture, "index rebuilt")
    }

    private func reopen(_ fixture: StoreFixture, _ name: String) async throws {
        let clock = ContinuousClock()
        let begin = clock.now
        let store = try await StoreFixture.open(fixture.folder, clock: fixture.clock)
        print("start with 100,000 fragments, \(name): \(begin.duration(to: clock.now))")
        let stream = try #require(store.stream(named: "camera"))
        let first = Timestamp(milliseconds: 1_700_000_000_000)
        for (title, seconds, limit) in [
            ("10 minutes", 600, 100), ("all", 50_000, 100), ("all", 50_000, 1_000),
        ] {
            let selectors = (0..<200).map { index in
                let start = first.advanced(byMilliseconds: Int64(index % 80) * 600_000)
                return FragmentSelector(
                    clock: .server,
                    start: start,
                    end: start.advanced(byMilliseconds: Int64(seconds) * 1_000)
                )
            }
            var times: [Duration] = []
            for selector in selectors {
                let begin = clock.now
                let page = try await stream.listFragments(selector, limit: limit)
                times.append(begin.duration(to: clock.now))
                #expect(page.count == limit)
            }
            times.sort()
            let together = try await clock.measure {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for selector in selectors {
                        group.addTask { _ = try await stream.listFragments(selector, limit: limit) }
                    }
                    try await group.waitForAll()
                }
            }
            print("page of \(limit) out of \(title): p50 \(times[100]), p99 \(times[198])")
            print("  200 callers at once: \(rate(200, together)) pages/s")
        }
        await store.close()
    }

    @Test func readersOfOneLiveStream() async throws {
        let fixture = try await StoreFixture()
        let stream = fixture.stream
        let (readers, count) = (500, 200)
        let duration = try await ContinuousClock().measure {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<readers {
                    let cursor = try stream.openCursor(.earliest)
                    group.addTask { _ = try await cursor.chunks(count) }
                }
                let connection = try await stream.openConnection()
                for _ in 0..<count { try await connection.archive(size: Self.chunkSize) }
                try await group.waitForAll()
            }
        }
        await fixture.store.close()
        print("\(readers) readers of one stream: \(rate(readers * count, duration)) chunks/s handed out")
    }

    private func rate(_ count: Int, _ duration: Duration) -> Int {
        Int(Double(count) / (duration / .seconds(1)))
    }
}
