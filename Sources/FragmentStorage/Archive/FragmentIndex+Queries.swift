import GRDB
import KinesisVideo

extension FragmentClock {
    /// The column of `fragment` that holds this clock.
    fileprivate var column: String { self == .server ? "server" : "producer" }
    /// The column of `segment` with the latest moment of this clock.
    fileprivate var latestColumn: String { self == .server ? "latestServer" : "latestProducer" }
}

/// What a reader of one stream's archive may see.
struct ArchiveView: Sendable {
    /// The stream's key in the index.
    var stream: Int64
    /// Fragments with an earlier server timestamp are past the retention.
    var edge: Timestamp
}

extension FragmentIndex {
    /// Matches up to which a page is sorted out of the clock's own index.
    private static let sortedMatches = 1_000

    /// A page of the fragments that start in the selector's range, in the order of their numbers.
    ///
    /// Few matches come from the clock's index and are sorted. Where there are many, the numbers themselves
    /// are walked, beginning at the first segment that reaches the range: clocks and numbers grow together
    /// but for clocks that were set back, so hardly anything is walked in vain.
    func page(_ view: ArchiveView, in selector: FragmentSelector, after: FragmentNumber?, limit: Int) throws
        -> [Entry]
    {
        try database.read { database in
            let column = selector.clock.column
            let range = """
                stream = :stream AND \(column) BETWEEN :start AND :end AND server >= :edge AND number > :after
                """
            let bounds: StatementArguments = [
                "stream": view.stream, "edge": view.edge.milliseconds, "start": selector.start.milliseconds,
                "end": selector.end.milliseconds, "after": after?.indexKey ?? "",
            ]
            let count =
                "SELECT count(*) FROM (SELECT 1 FROM fragment WHERE \(range) LIMIT \(Self.sortedMatches))"
            let matches = try Int.fetchOne(database.cachedStatement(sql: count), arguments: bounds) ?? 0
            // A unary plus keeps SQLite from using the index on that column, or that bound to begin the walk.
            let condition =
                matches < Self.sortedMatches
                ? """
                stream = :stream AND number IN
                    (SELECT number FROM fragment WHERE \(range) ORDER BY +number LIMIT :limit)
                """
                : """
                stream = :stream AND +\(column) BETWEEN :start AND :end AND +server >= :edge
                AND +number > :after AND number >= max(:after, coalesce((SELECT min(firstNumber) FROM segment
                    WHERE stream = :stream AND \(selector.clock.latestColumn) >= :start), '~'))
                """
            return try Self.entries(
                database,
                where: "\(condition) ORDER BY number LIMIT :limit",
                arguments: bounds + ["limit": limit]
            )
        }
    }

    /// The next fragments in the order of their numbers, from `bound` on and below `limit`.
    func run(_ view: ArchiveView, from bound: NumberBound, below end: FragmentNumber?, limit: Int) throws
        -> [Entry]
    {
        try database.read { database in
            try Self.entries(
                database,
                where: """
                    stream = :stream AND number \(bound.isIncluded ? ">=" : ">") :bound AND number < :end
                    AND +server >= :edge ORDER BY number LIMIT :limit
                    """,
                arguments: [
                    "stream": view.stream, "bound": bound.number?.indexKey ?? "",
                    "end": end?.indexKey ?? "~~",
                    "edge": view.edge.milliseconds, "limit": limit,
                ]
            )
        }
    }

    /// The newest fragments, newest first.
    func newest(_ view: ArchiveView, limit: Int) throws -> [Entry] {
        try database.read { database in
            try Self.entries(
                database,
                where: "stream = :stream AND +server >= :edge ORDER BY number DESC LIMIT :limit",
                arguments: ["stream": view.stream, "edge": view.edge.milliseconds, "limit": limit]
            )
        }
    }

    /// One fragment by its number.
    func entry(_ view: ArchiveView, number: FragmentNumber) throws -> Entry? {
        try database.read { database in
            try Self.entries(
                database,
                where: "stream = :stream AND number = :number AND server >= :edge",
                arguments: [
                    "stream": view.stream, "number": number.indexKey, "edge": view.edge.milliseconds,
                ]
            ).first
        }
    }

    /// The fragment that covers `moment`: by the server's clock the last one, by the producer's the first.
    func covering(_ view: ArchiveView, clock: FragmentClock, moment: Timestamp) throws -> Entry? {
        let column = clock.column
        return try database.read { database in
            try Self.entries(
                database,
                where: """
                    stream = :stream AND +server >= :edge AND \(column) <= :moment AND \(column) >= :moment
                    - coalesce((SELECT max(longest) FROM segment WHERE stream = :stream), 0)
                    AND (\(column) = :moment OR \(column) + length > :moment)
                    ORDER BY +number \(clock == .server ? "DESC" : "ASC") LIMIT 1
                    """,
                arguments: [
                    "stream": view.stream, "edge": view.edge.milliseconds, "moment": moment.milliseconds,
                ]
            ).first
        }
    }

    /// The lowest-numbered fragment that starts at `moment` or later.
    func firstStarting(_ view: ArchiveView, clock: FragmentClock, atOrAfter moment: Timestamp) throws
        -> Entry?
    {
        try database.read { database in
            try Self.entries(
                database,
                where: """
                    stream = :stream AND +\(clock.column) >= :moment AND +server >= :edge
                    AND number >= coalesce((SELECT min(firstNumber) FROM segment
                        WHERE stream = :stream AND \(clock.latestColumn) >= :moment), '~')
                    ORDER BY number LIMIT 1
                    """,
                arguments: [
                    "stream": view.stream, "edge": view.edge.milliseconds, "moment": moment.milliseconds,
                ]
            ).first
        }
    }

    /// All segments, by stream and sequence.
    func segments() throws -> [Segment] {
        try database.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT stream, sequence, length, fragments, latestServer, firstNumber, lastNumber
                    FROM segment ORDER BY stream, sequence
                    """
            ).map { row in
                Segment(
                    stream: row[0],
                    sequence: row[1],
                    length: row[2],
                    fragments: row[3],
                    latestServerTimestamp: Timestamp(milliseconds: row[4]),
                    firstNumber: row[5],
                    lastNumber: row[6]
                )
            }
        }
    }

    /// The streams' ids by their keys.
    func streams() throws -> [Int64: String] {
        try database.read { database in
            let rows = try Row.fetchAll(database, sql: "SELECT key, id FROM stream")
            return Dictionary(rows.map { ($0[0], $0[1]) }) { first, _ in first }
        }
    }

    /// Fragments and bytes of one stream's archive, with its first and last fragment.
    func figures(_ view: ArchiveView) throws -> ArchiveFigures {
        let sums = try database.read { database in
            try Row.fetchOne(
                database,
                sql: """
                    SELECT coalesce(sum(fragments), 0), coalesce(sum(bytes), 0), coalesce(sum(length), 0)
                    FROM segment WHERE stream = ?
                    """,
                arguments: [view.stream]
            )
        }
        return ArchiveFigures(
            fragments: sums?[0] ?? 0,
            bytes: sums?[1] ?? 0,
            fileBytes: sums?[2] ?? 0,
            first: try run(view, from: .beginning, below: nil, limit: 1).first?.info.metadata,
            last: try newest(view, limit: 1).first?.info.metadata
        )
    }

    /// Counts the gaps of one stream's archive between fragments that follow each other in number.
    ///
    /// Cost: one walk over all fragments, some half a microsecond each.
    func gaps(_ view: ArchiveView) throws -> ArchiveGaps {
        // What a fragment lasts: to its last block, and one frame more; a single frame counts for a second, as frames
        // of a second apart still make one recording on a timeline.
        let sql = """
            WITH neighbour AS (
                SELECT CASE WHEN frames > 1 THEN length + length / (frames - 1) ELSE 1000 END AS duration,
                    lead(producer) OVER (ORDER BY number) - producer AS distance
                FROM fragment WHERE stream = ? AND server >= ?
            )
            SELECT count(*), coalesce(max(distance - duration), 0) FROM neighbour
            WHERE distance > 0 AND 2 * distance > 3 * duration
            """
        let row = try database.read { database in
            try Row.fetchOne(
                database.cachedStatement(sql: sql),
                arguments: [view.stream, view.edge.milliseconds]
            )
        }
        return ArchiveGaps(count: row?[0] ?? 0, longest: row?[1] ?? 0)
    }

    private static func entries(
        _ database: Database,
        where condition: String,
        arguments: StatementArguments
    ) throws -> [Entry] {
        let statement = try database.cachedStatement(
            sql: "SELECT \(Entry.columns) FROM fragment WHERE \(condition)"
        )
        // A cursor lends its rows; fetching them all would copy each.
        return try Array(Row.fetchCursor(statement, arguments: arguments).map(Entry.init(row:)))
    }
}
