import FragmentStorage
import Glibc
import KinescopeTesting
import KinesisVideo

/// Pages of a stream with 100,000 fragments, and what such a store takes to open.
enum ListFragmentsPages {
    private static let count = 100_000
    private static let clock = ContinuousClock()

    static func run() async throws {
        try await MeasuredStore.with(retentionHours: 24) { measured in
            let connection = try await measured.stream.openConnection()
            let filling = try await Cost.of { try await connection.archive(count, size: 1_000) }
            connection.close()
            show("fragments of 1 kB persisted", "\(figure(Double(count) / filling.wall.seconds))/s")
            await measured.store.close()
            try await reopen(measured, "start with an index")
            for file in try measured.folder.files(ending: "") where file.contains("index.sqlite") {
                precondition(unlink(file) == 0, "the index cannot be removed")
            }
            try await reopen(measured, "start without, all segments read")
        }
    }

    private static func reopen(_ measured: MeasuredStore, _ label: String) async throws {
        let begin = clock.now
        let store = try await MeasuredStore.open(measured.folder)
        show(label, "\(figure(begin.duration(to: clock.now).seconds * 1e3)) ms")
        guard let stream = store.stream(named: MeasuredStore.streamName) else {
            preconditionFailure("the stream is gone")
        }
        for (title, seconds, limit) in [
            ("10 minutes", 600, 100), ("a day", 86_400, 100), ("a day", 86_400, 1_000),
        ] {
            let times = try await pages(stream, seconds: seconds, limit: limit)
            show("pages of \(limit) out of \(title)", "\(times.tail) ms")
        }
        await store.close()
    }

    /// Milliseconds of 200 pages that begin all over the archive, by the producer's clock.
    private static func pages(_ stream: StoredStream, seconds: Int, limit: Int) async throws -> Series {
        var times: [Double] = []
        for index in 0..<200 {
            let start = Int64(index) * Int64(count) * 1000 / 220
            let selector = FragmentSelector(
                clock: .producer,
                start: Timestamp(milliseconds: start),
                end: Timestamp(milliseconds: start + Int64(seconds) * 1000)
            )
            let begin = clock.now
            let page = try await stream.listFragments(selector, limit: limit)
            times.append(begin.duration(to: clock.now).seconds * 1e3)
            precondition(page.count == limit, "the page has \(page.count) fragments")
        }
        return Series(times)
    }
}
