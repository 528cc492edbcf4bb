import GRDB
import KinesisVideo

/// What one segment file gained in one batch.
struct SegmentGain: Sendable {
    var stream: Int64
    var sequence: Int64
    /// Length of the file with the gain.
    var length: Int
    var entries: [FragmentIndex.Entry]
}

extension FragmentIndex {
    /// The key of stream `id`, made where there is none.
    func key(of id: StreamID) throws -> Int64 {
        try database.write { database in
            try database.execute(
                sql: "INSERT OR IGNORE INTO stream (id) VALUES (?)",
                arguments: [id.description]
            )
            let key = try Int64.fetchOne(
                database,
                sql: "SELECT key FROM stream WHERE id = ?",
                arguments: [id.description]
            )
            guard let key else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "no key of \(id)")
            }
            return key
        }
    }

    /// Adds fragments, all in one transaction.
    func add(_ gains: [SegmentGain]) throws(StoreError) {
        do {
            try database.write { database in
                for gain in gains {
                    for entry in gain.entries { try Self.insert(entry, stream: gain.stream, into: database) }
                    try Self.extend(gain, in: database)
                }
            }
        } catch {
            throw storeError(error)
        }
    }

    private static func insert(_ entry: Entry, stream: Int64, into database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO fragment
                (stream, number, server, producer, length, size, segment, offset, header, frames)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
        try statement.execute(arguments: [
            stream, entry.info.number.indexKey, entry.info.serverTimestamp.milliseconds,
            entry.info.producerTimestamp.milliseconds, entry.info.length, entry.info.size, entry.segment,
            entry.offset, entry.headerLength, entry.frameCount,
        ])
    }

    private static func extend(_ gain: SegmentGain, in database: Database) throws {
        let numbers = gain.entries.map(\.info.number)
        let servers = gain.entries.map(\.info.serverTimestamp.milliseconds)
        let producers = gain.entries.map(\.info.producerTimestamp.milliseconds)
        // A gain without entries only moves the length: a file that was cut, or that holds nothing whole.
        guard let first = numbers.min(), let last = numbers.max() else {
            try database.execute(
                sql: "UPDATE segment SET length = ? WHERE stream = ? AND sequence = ?",
                arguments: [gain.length, gain.stream, gain.sequence]
            )
            return
        }
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO segment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (stream, sequence) DO UPDATE SET
                    length = excluded.length, fragments = fragments + excluded.fragments,
                    bytes = bytes + excluded.bytes,
                    firstNumber = min(firstNumber, excluded.firstNumber),
                    lastNumber = max(lastNumber, excluded.lastNumber),
                    earliestServer = min(earliestServer, excluded.earliestServer),
                    latestServer = max(latestServer, excluded.latestServer),
                    earliestProducer = min(earliestProducer, excluded.earliestProducer),
                    latestProducer = max(latestProducer, excluded.latestProducer),
                    longest = max(longest, excluded.longest)
                """
        )
        try statement.execute(arguments: [
            gain.stream, gain.sequence, gain.length, gain.entries.count,
            gain.entries.reduce(0) { $0 + $1.info.size }, first.indexKey, last.indexKey, servers.min(),
            servers.max(), producers.min(), producers.max(), gain.entries.map(\.info.length).max(),
        ])
    }

    /// Forgets one segment file with its fragments; durable when it returns.
    ///
    /// The numbers of removed files may be given out again after a restart. A row that came back after a power
    /// failure would then tell of another file.
    func remove(_ segment: Segment) throws(StoreError) {
        do {
            try writeDurably { database in
                try database.execute(
                    sql: "DELETE FROM fragment WHERE stream = ? AND number BETWEEN ? AND ? AND segment = ?",
                    arguments: [segment.stream, segment.firstNumber, segment.lastNumber, segment.sequence]
                )
                try database.execute(
                    sql: "DELETE FROM segment WHERE stream = ? AND sequence = ?",
                    arguments: [segment.stream, segment.sequence]
                )
            }
        } catch {
            throw storeError(error)
        }
    }

    /// Forgets a stream with all its fragments.
    func removeStream(_ key: Int64) throws(StoreError) {
        do {
            try database.write { database in
                for table in ["fragment", "segment"] {
                    try database.execute(sql: "DELETE FROM \(table) WHERE stream = ?", arguments: [key])
                }
                try database.execute(sql: "DELETE FROM stream WHERE key = ?", arguments: [key])
            }
        } catch {
            throw storeError(error)
        }
    }

    private func writeDurably(_ body: (Database) throws -> Void) throws {
        try database.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
            // Fails only where nothing else would succeed; the next removal sets it again.
            defer { try? database.execute(sql: "PRAGMA synchronous = NORMAL") }
            try database.inTransaction {
                try body(database)
                return .commit
            }
        }
    }

    func storeError(_ error: any Error) -> StoreError {
        switch error {
        case let error as StoreError: error
        case let error as DatabaseError: StoreError(error, path: database.path)
        default: StoreError(.inputOutput, path: database.path)
        }
    }
}
