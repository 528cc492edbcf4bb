import Foundation
import GRDB
import KinesisVideo
import Synchronization

/// Where every archived fragment lies, in an SQLite file.
///
/// A cache: the segment files hold all of it, and what the index lacks is read from them at the start. So a
/// commit need not survive a power failure (`synchronous = NORMAL`), it must only never be half there (WAL).
///
/// Numbers are stored as text of 47 digits, which sorts as they do. Each segment has a row with the bounds of
/// what is inside, so that a search for a time can leave out whole segments.
final class FragmentIndex: Sendable {
    /// A fragment's row.
    struct Entry: Sendable, Hashable {
        var info: FragmentInfo
        /// Sequence number of the segment file.
        var segment: Int64
        /// Where the chunk begins in it.
        var offset: Int
        var headerLength: Int
        var frameCount: Int
    }

    /// What is known of a segment file.
    struct Segment: Sendable, Hashable {
        var stream: Int64
        var sequence: Int64
        /// Bytes of the file that the index covers.
        var length: Int
        var fragments: Int
        var latestServerTimestamp: Timestamp
        var firstNumber: String
        var lastNumber: String
    }

    static let fileName = "index.sqlite"
    let database: DatabasePool
    private let isClosed = Atomic(false)
    static let schemaVersion = 1

    /// Opens the index in `folder`, or begins an empty one where there is none that can be read.
    static func open(in folder: Folder, readers: Int) throws -> FragmentIndex {
        let path = folder.file(fileName)
        // From here on the file changes; a seal that came back after a power failure would call that damage.
        try IndexSeal.remove(from: folder)
        // SQLite trusts what it finds in there and makes it anew where it is missing.
        try folder.unlink(fileName + "-shm")
        do {
            return try FragmentIndex(path: path, readers: readers)
        } catch let error as DatabaseError where isDamage(error) {
            for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
            return try FragmentIndex(path: path, readers: readers)
        }
    }

    private static func isDamage(_ error: DatabaseError) -> Bool {
        [.SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_SCHEMA, .SQLITE_MISMATCH].contains(error.resultCode)
    }

    /// Opens an index, or begins an empty one.
    init(path: String, readers: Int) throws {
        var configuration = Configuration()
        configuration.maximumReaderCount = readers + 1
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = NORMAL") }
        database = try DatabasePool(path: path, configuration: configuration)
        try database.write { database in
            let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            if version == Self.schemaVersion { return }
            // Another version's index is rebuilt like a missing one.
            guard version == 0 else { throw DatabaseError(resultCode: .SQLITE_SCHEMA) }
            try database.execute(sql: Self.schema)
        }
    }

    /// Ends all use of the index in `folder` and seals it.
    func close(in folder: Folder) throws {
        // SQLite does not survive a call on a connection that has been closed.
        guard !isClosed.exchange(true, ordering: .sequentiallyConsistent) else { return }
        // Which connection closes last is not known, and a reading one would leave the log behind.
        try database.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        try database.close()
        for suffix in ["-wal", "-shm"] { try folder.unlink(Self.fileName + suffix) }
        try IndexSeal.write(in: folder)
    }

    private static let schema = """
        CREATE TABLE stream (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
        CREATE TABLE segment (
            stream INTEGER NOT NULL, sequence INTEGER NOT NULL, length INTEGER NOT NULL,
            fragments INTEGER NOT NULL, bytes INTEGER NOT NULL,
            firstNumber TEXT NOT NULL, lastNumber TEXT NOT NULL,
            earliestServer INTEGER NOT NULL, latestServer INTEGER NOT NULL,
            earliestProducer INTEGER NOT NULL, latestProducer INTEGER NOT NULL,
            longest INTEGER NOT NULL,
            PRIMARY KEY (stream, sequence)
        ) WITHOUT ROWID;
        CREATE TABLE fragment (
            stream INTEGER NOT NULL, number TEXT NOT NULL, server INTEGER NOT NULL, producer INTEGER NOT NULL,
            length INTEGER NOT NULL, size INTEGER NOT NULL, segment INTEGER NOT NULL, offset INTEGER NOT NULL,
            header INTEGER NOT NULL, frames INTEGER NOT NULL,
            PRIMARY KEY (stream, number)
        ) WITHOUT ROWID;
        CREATE INDEX fragmentByServer ON fragment (stream, server);
        CREATE INDEX fragmentByProducer ON fragment (stream, producer, server);
        PRAGMA user_version = \(schemaVersion);
        """
}

extension FragmentIndex.Entry {
    /// The columns of `fragment` that an entry is read from, in this order.
    static let columns = "number, server, producer, size, length, segment, offset, header, frames"

    init(row: Row) throws {
        guard let number = FragmentNumber(row[0] as String) else {
            throw DatabaseError(
                resultCode: .SQLITE_CORRUPT,
                message: "a fragment number of other than digits"
            )
        }
        let metadata = FragmentMetadata(
            number: number,
            serverTimestamp: Timestamp(milliseconds: row[1]),
            producerTimestamp: Timestamp(milliseconds: row[2])
        )
        info = FragmentInfo(metadata: metadata, size: row[3], length: row[4])
        segment = row[5]
        offset = row[6]
        headerLength = row[7]
        frameCount = row[8]
    }
}

extension FragmentNumber {
    /// The number as the index sorts it.
    ///
    /// More than 47 digits come after everything: no number here has them.
    var indexKey: String {
        description.utf8.count > Self.writtenDigits ? "~" : padded
    }
}

extension StoreError {
    /// Takes a failure of the index.
    init(_ error: DatabaseError, path: String) {
        let kind: Kind =
            switch error.resultCode {
            case .SQLITE_FULL: .noSpace
            case .SQLITE_READONLY, .SQLITE_PERM: .readOnly
            default: .inputOutput
            }
        self.init(kind, path: path)
    }
}
