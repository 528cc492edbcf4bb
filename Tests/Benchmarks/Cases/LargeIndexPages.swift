import Foundation
import FragmentStorage
import GRDB
import Glibc
import KinescopeTesting
import KinesisVideo

/// ListFragments of 1,000 out of small and large archives, beside a bare query of the same rows and their JSON.
///
/// The index is made by SQL and the segment files are holes of the right length, since nothing of them is read.
/// `KINESCOPE_INDEX_ROWS` sets the size of the large one.
enum LargeIndexPages {
    private static let clock = ContinuousClock()
    private static let rowsPerSegment = 4_096
    private static let small = 100_000
    private static let large =
        ProcessInfo.processInfo.environment["KINESCOPE_INDEX_ROWS"].flatMap { Int($0) } ?? 1_000_000

    static func run() async throws {
        let few = try await measure(small)
        let many = try await measure(large)
        show("\(large) rows to \(small) rows", "time ratio \(figure(many / few))")
    }

    /// Milliseconds of the median page.
    private static func measure(_ rows: Int) async throws -> Double {
        var median = 0.0
        try await MeasuredStore.with(retentionHours: 87_600) { measured in
            await measured.store.close()
            let index = try measured.folder.files(ending: "index.sqlite")[0]
            let database = try DatabaseQueue(path: index)
            try fill(database, rows, measured)
            let begin = clock.now
            let store = try await MeasuredStore.open(measured.folder)
            show("\(rows) rows, start", "\(figure(begin.duration(to: clock.now).seconds * 1e3)) ms")
            guard let stream = store.stream(named: MeasuredStore.streamName) else {
                preconditionFailure("the stream is gone")
            }
            median = try await compare(stream, database, rows)
            await store.close()
        }
        return median
    }

    private static func compare(_ stream: StoredStream, _ database: DatabaseQueue, _ rows: Int) async throws
        -> Double
    {
        let encoder = JSONEncoder()
        var (pages, bare): ([Double], [Double]) = ([], [])
        for index in 0..<200 {
            let start = Int64(index) * Int64(rows - 2_000) / 200 * 1_000
            let selector = FragmentSelector(
                clock: .producer,
                start: Timestamp(milliseconds: start),
                end: Timestamp(milliseconds: start + 86_400_000)
            )
            let begin = clock.now
            let page = try await stream.listFragments(selector, limit: 1_000)
            _ = try encoder.encode(ListFragments.Output(fragments: page, nextToken: nil))
            let middle = clock.now
            let rows = try await database.read { try Self.rows($0, from: start) }
            _ = try encoder.encode(rows)
            let end = clock.now
            precondition(page.count == 1_000 && rows.count == 1_000, "a page is not full")
            guard index >= 20 else { continue }
            pages.append(begin.duration(to: middle).seconds * 1e3)
            bare.append(middle.duration(to: end).seconds * 1e3)
        }
        show(
            "\(rows) rows, pages of 1000 as JSON",
            "\(Series(pages).tail) ms, bare query and JSON \(Series(bare).tail) ms, time ratio "
                + figure(Series(pages).median / Series(bare).median)
        )
        return Series(pages).median
    }

    /// A row of the answer.
    private struct BareRow: Encodable {
        var FragmentNumber: String
        var FragmentSizeInBytes: Int
        var ProducerTimestamp: Double
        var ServerTimestamp: Double
        var FragmentLengthInMilliseconds: Int
    }

    private static func rows(_ database: Database, from start: Int64) throws -> [BareRow] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT number, size, producer, server, length FROM fragment
                WHERE stream = 1 AND producer BETWEEN ? AND ? ORDER BY producer LIMIT 1000
                """
        )
        return try Array(
            Row.fetchCursor(statement, arguments: [start, start + 86_400_000]).map { row in
                BareRow(
                    FragmentNumber: row[0],
                    FragmentSizeInBytes: row[1],
                    ProducerTimestamp: Double(row[2] as Int64) / 1000,
                    ServerTimestamp: Double(row[3] as Int64) / 1000,
                    FragmentLengthInMilliseconds: row[4]
                )
            }
        )
    }

    /// A fragment a second of 1,000 bytes, the last of them now.
    private static func fill(_ database: DatabaseQueue, _ rows: Int, _ measured: MeasuredStore) throws {
        let origin = MeasuredStore.now().milliseconds - Int64(rows) * 1_000
        try database.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = OFF")
            try database.inTransaction {
                // 47 digits that sort by the row.
                try database.execute(
                    sql: """
                        WITH RECURSIVE row(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM row WHERE n + 1 < :rows)
                        INSERT INTO fragment
                        SELECT 1, '91343852333181' || printf('%033d', n), :origin + n * 1000, n * 1000, 900, 904,
                            n / :size + 1, n % :size * 1000, 200, 25 FROM row
                        """,
                    arguments: ["rows": rows, "origin": origin, "size": rowsPerSegment]
                )
                try database.execute(
                    sql: """
                        INSERT INTO segment
                        SELECT stream, segment, count(*) * 1000, count(*), sum(size), min(number), max(number),
                            min(server), max(server), min(producer), max(producer), max(length)
                        FROM fragment GROUP BY stream, segment
                        """
                )
                return .commit
            }
        }
        let folder = try measured.folder.files(ending: "segments")[0]
        for first in stride(from: 0, to: rows, by: rowsPerSegment) {
            let digits = String(first / rowsPerSegment + 1)
            let name = String(repeating: "0", count: 10 - digits.count) + digits + ".mkv"
            let file = open("\(folder)/\(name)", O_WRONLY | O_CREAT, 0o644)
            ftruncate(file, off_t(min(rowsPerSegment, rows - first) * 1_000))
            close(file)
        }
    }
}
