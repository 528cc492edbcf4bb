import Foundation
import GRDB
import Glibc
import KinesisVideo
import NIOCore

/// The index of a store that nobody uses, held against the segment files.
///
/// Works on a copy, since SQLite writes into the folder of a database that it only reads.
final class IndexComparison {
    private struct SegmentID: Hashable {
        var stream: String
        var sequence: Int64
    }

    private var index: FragmentIndex?
    private var keys: [String: Int64] = [:]
    private var segments: [SegmentID: FragmentIndex.Segment] = [:]
    private var rows: [Int64: Int] = [:]
    private var matchedRows: [Int64: Int] = [:]
    /// Streams with damaged files, whose rows cannot be counted.
    private var uncountable: Set<Int64> = []
    private let copy: Folder

    /// Opens the index of the store in `root`; what cannot be read is reported once and not compared.
    init(_ root: Folder, into check: inout StoreCheck) throws {
        let name = "kinescope-check-\(UUID().uuidString)"
        copy = Folder(path: FileManager.default.temporaryDirectory.path + "/" + name, calls: root.calls)
        let file = FragmentIndex.fileName
        guard root.has(file) else {
            Self.reportMissing(root, &check)
            return
        }
        guard try Self.isUnbroken(root, &check) else { return }
        try Self.checkLog(root, &check)
        do {
            try copy.create()
            for suffix in ["", "-wal"] where root.has(file + suffix) {
                try FileManager.default.copyItem(
                    atPath: root.file(file + suffix),
                    toPath: copy.file(file + suffix)
                )
            }
            let index = try FragmentIndex(path: copy.file(file), readers: 1)
            try load(index)
            self.index = index
        } catch let error as DatabaseError {
            reportUnreadable(error, &check)
        }
    }

    /// Reports an index that SQLite refuses, which is not looked at any further.
    private func reportUnreadable(_ error: DatabaseError, _ check: inout StoreCheck) {
        try? index?.database.close()
        index = nil
        check.report(
            .damage,
            FragmentIndex.fileName,
            seen: "no index that can be read (\(error.message ?? "\(error.resultCode)"))",
            wanted: "an index of version \(FragmentIndex.schemaVersion)"
        )
    }

    deinit {
        // The copy is the system's to clear where it cannot be removed.
        try? index?.database.close()
        try? copy.remove()
    }

    private static func reportMissing(_ root: Folder, _ check: inout StoreCheck) {
        let isMissed = root.has(IndexSeal.name)
        check.report(
            isMissed ? .damage : .leftover,
            FragmentIndex.fileName,
            seen: "no file",
            wanted: isMissed ? "the index that \(IndexSeal.name) tells of" : "an index"
        )
    }

    /// False where the seal says that bytes have changed: what such an index says is not worth comparing.
    private static func isUnbroken(_ root: Folder, _ check: inout StoreCheck) throws -> Bool {
        guard root.has(IndexSeal.name) else {
            let size = try root.open(FragmentIndex.fileName, O_RDONLY).length()
            if size > IndexSeal.limit, !root.has(FragmentIndex.fileName + "-wal") { return true }
            check.report(
                .leftover,
                IndexSeal.name,
                seen: "no file: the service did not end in order",
                wanted: "length and checksum of \(FragmentIndex.fileName)"
            )
            return true
        }
        let seal = String(buffer: try root.contents(IndexSeal.name))
        let wanted = try IndexSeal.text(of: try root.open(FragmentIndex.fileName, O_RDONLY))
        if seal == wanted { return true }
        check.report(
            .damage,
            FragmentIndex.fileName,
            seen: "'\(Self.line(wanted))'",
            wanted: "'\(Self.line(seal))', says \(IndexSeal.name)"
        )
        return false
    }

    private static func line(_ text: String) -> String {
        text.split(separator: "\n").joined(separator: ", ")
    }

    private static func checkLog(_ root: Folder, _ check: inout StoreCheck) throws {
        let name = FragmentIndex.fileName + "-wal"
        guard root.has(name) else { return }
        if let offset = IndexLog(try root.contents(name)).damagedOffset {
            check.report(
                .damage,
                name,
                at: offset,
                seen: "a frame whose checksum is wrong",
                wanted: "the chain of frames up to the file's end"
            )
        } else {
            check.report(
                .leftover,
                name,
                seen: "changes of the index that are not in \(FragmentIndex.fileName) yet",
                wanted: "no file"
            )
        }
    }

    private func load(_ index: FragmentIndex) throws {
        let problems = try index.database.read { try String.fetchAll($0, sql: "PRAGMA integrity_check(5)") }
        guard problems == ["ok"] else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: problems.joined(separator: "; "))
        }
        for (key, id) in try index.streams() { keys[id] = key }
        let ids = Dictionary(keys.map { ($1, $0) }) { first, _ in first }
        for segment in try index.segments() {
            let id = ids[segment.stream] ?? "key \(segment.stream)"
            segments[SegmentID(stream: id, sequence: segment.sequence)] = segment
        }
        rows = try index.database.read { database in
            let counts = try Row.fetchAll(
                database,
                sql: "SELECT stream, count(*) FROM fragment GROUP BY stream"
            )
            return Dictionary(counts.map { ($0[0], $0[1]) }) { first, _ in first }
        }
    }
}

extension IndexComparison {
    /// Bytes of a segment file that the index covers; nil where it does not know the file.
    func listedBytes(_ stream: StreamID, _ sequence: Int64) -> Int? {
        segments[SegmentID(stream: stream.description, sequence: sequence)]?.length
    }

    /// Compares the rows of a segment with what the file holds.
    ///
    /// An index that turns out to be unreadable is reported once and not compared any further.
    func compare(
        _ survey: SegmentSurvey,
        of stream: StreamID,
        _ path: String,
        into check: inout StoreCheck
    ) throws {
        do {
            try compareRows(survey, of: stream, path, into: &check)
        } catch let error as DatabaseError {
            reportUnreadable(error, &check)
        }
    }

    private func compareRows(
        _ survey: SegmentSurvey,
        of stream: StreamID,
        _ path: String,
        into check: inout StoreCheck
    ) throws {
        guard let index else { return }
        let id = SegmentID(stream: stream.description, sequence: survey.sequence)
        let listed = segments.removeValue(forKey: id)
        let found = survey.scan.fragments.map { $0.entry(in: survey.sequence) }
        let unlisted = found.filter { $0.offset >= listed?.length ?? 0 }
        if !unlisted.isEmpty {
            check.report(
                .leftover,
                path,
                at: unlisted.first?.offset,
                seen: "\(unlisted.count) fragments that the index does not list yet",
                wanted: "all of them in the index"
            )
        }
        guard let listed, let key = keys[stream.description] else { return }
        if !survey.gaps.isEmpty { uncountable.insert(key) }
        let wanted = Array(found.dropLast(unlisted.count))
        let rows = try index.entries(of: survey.sequence, in: key, among: wanted)
        matchedRows[key, default: 0] += rows.count
        for entry in wanted where rows[entry.info.number] != entry {
            let row = rows[entry.info.number]
            check.report(
                .damage,
                FragmentIndex.fileName,
                seen: row.map { "row \($0)" } ?? "no row of fragment \(entry.info.number)",
                wanted: "\(entry), as in \(path)"
            )
        }
        // A file that is damaged holds less than the row counts; that has been reported with the file.
        guard survey.gaps.isEmpty, let bounds = try index.bounds(of: listed) else { return }
        let expected = SegmentBounds(wanted)
        if bounds != expected {
            check.report(
                .damage,
                FragmentIndex.fileName,
                seen: "segment \(survey.sequence) of \(stream) with \(bounds)",
                wanted: "\(expected), as in \(path)"
            )
        }
    }

    /// Reports what the index lists and no file holds.
    func finish(into check: inout StoreCheck, trash: [String]) throws {
        guard index != nil else { return }
        let streams = Set(
            check.findings.map(\.file).compactMap { $0.split(separator: "/").dropFirst().first }
        )
        for (id, segment) in segments.sorted(by: {
            ($0.key.stream, $0.key.sequence) < ($1.key.stream, $1.key.sequence)
        }) {
            // A stream in the trash, or one that was left out above, has been reported as a whole.
            guard !trash.contains(id.stream), !streams.contains(Substring(id.stream)) else { continue }
            check.report(
                .damage,
                "streams/\(id.stream)/segments/\(SegmentFile.name(id.sequence))",
                seen: "no file",
                wanted: "\(segment.length) bytes with \(segment.fragments) fragments, says the index"
            )
        }
        for (key, count) in rows
        where !uncountable.contains(key) && segments.values.allSatisfy({ $0.stream != key }) {
            let matched = matchedRows[key] ?? 0
            guard matched > 0, matched < count else { continue }
            check.report(
                .damage,
                FragmentIndex.fileName,
                seen: "\(count - matched) rows of stream \(key) that no segment file accounts for",
                wanted: "\(matched) rows"
            )
        }
    }
}

/// What the index keeps of a segment as a whole.
struct SegmentBounds: Hashable, CustomStringConvertible {
    var values: [String]

    init(row: Row) {
        values = row.databaseValues.map { $0.storage.value.map { "\($0)" } ?? "" }
    }

    init(_ entries: [FragmentIndex.Entry]) {
        let numbers = entries.map(\.info.number.indexKey)
        let servers = entries.map(\.info.serverTimestamp.milliseconds)
        let producers = entries.map(\.info.producerTimestamp.milliseconds)
        let sizes = entries.reduce(0) { $0 + $1.info.size }
        let times = [servers.min(), servers.max(), producers.min(), producers.max()]
        values =
            ["\(entries.count)", "\(sizes)", numbers.min() ?? "", numbers.max() ?? ""]
            + (times + [entries.map(\.info.length).max()]).map { $0.map { "\($0)" } ?? "" }
    }

    var description: String { values.joined(separator: " ") }
}

extension FragmentIndex {
    /// The rows of a segment, looked for where `entries` say that they are.
    fileprivate func entries(of segment: Int64, in stream: Int64, among entries: [Entry]) throws
        -> [FragmentNumber: Entry]
    {
        let numbers = entries.map(\.info.number)
        guard let first = numbers.min(), let last = numbers.max() else { return [:] }
        return try database.read { database in
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT \(Entry.columns) FROM fragment
                    WHERE stream = ? AND segment = ? AND number BETWEEN ? AND ?
                    """,
                arguments: [stream, segment, first.indexKey, last.indexKey]
            )
            var found: [FragmentNumber: Entry] = [:]
            while let row = try rows.next() {
                let entry = try Entry(row: row)
                found[entry.info.number] = entry
            }
            return found
        }
    }

    fileprivate func bounds(of segment: Segment) throws -> SegmentBounds? {
        try database.read { database in
            try Row.fetchOne(
                database,
                sql: """
                    SELECT fragments, bytes, firstNumber, lastNumber, earliestServer, latestServer,
                        earliestProducer, latestProducer, longest
                    FROM segment WHERE stream = ? AND sequence = ?
                    """,
                arguments: [segment.stream, segment.sequence]
            ).map(SegmentBounds.init(row:))
        }
    }
}
