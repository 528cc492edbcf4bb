import Glibc
import KinesisVideo

/// Reads everything in a store's folder and compares it with its checksums, and the index with the files.
///
/// ```
/// DIR/streams/<id>/stream.json     its own checksum
/// DIR/streams/<id>/segments/*.mkv  chunk and record checksums: every byte belongs to one of them
/// DIR/index.sqlite                 its seal, SQLite's own check, and each row against the segment files
/// DIR/trash, DIR/quarantine        not read
/// ```
///
/// Nothing is changed. Nobody else may use the folder meanwhile; the caller sees to that.
public struct StoreCheck: Sendable {
    /// What is not as it should be, in the order in which it was read.
    public package(set) var findings: [StoreFinding] = []
    /// Streams whose record is whole.
    public internal(set) var streams = 0
    /// Segment files read.
    public internal(set) var segments = 0
    /// Whole fragments found.
    public internal(set) var fragments = 0
    /// Bytes read from segment files.
    public internal(set) var bytes = 0

    /// True where nothing but leftovers was found.
    public var isSound: Bool { !findings.contains { $0.kind == .damage } }

    /// Checks the folder of a store.
    ///
    /// Costs a read of every file; holds one segment file in memory at a time.
    ///
    /// - Throws: ``StoreError`` where the folder or a file cannot be read at all.
    public static func run(directory: String) throws -> StoreCheck {
        let root = Folder(path: directory, calls: MachineCalls())
        var check = StoreCheck()
        let index = try IndexComparison(root, into: &check)
        try check.checkStreams(root.folder("streams"), index)
        try index.finish(into: &check, trash: root.has("trash") ? root.folder("trash").names() : [])
        try check.checkRoot(root)
        return check
    }
}

extension StoreCheck {
    private static let knownNames: Set<String> = [
        "streams", "trash", "quarantine", "service.lock", FragmentIndex.fileName,
        FragmentIndex.fileName + "-wal", FragmentIndex.fileName + "-shm", IndexSeal.name,
    ]

    private mutating func checkRoot(_ root: Folder) throws {
        for name in try root.names().sorted() where !Self.knownNames.contains(name) {
            reportUnknown(name)
        }
        guard root.has("trash") else { return }
        for name in try root.folder("trash").names().sorted() {
            report(
                .leftover,
                "trash/\(name)",
                seen: "a deleted stream that is not removed yet",
                wanted: "nothing"
            )
        }
    }

    private mutating func checkStreams(_ folder: Folder, _ index: IndexComparison) throws {
        guard folder.has("") else {
            return report(.damage, "streams", seen: "no folder", wanted: "a folder of streams")
        }
        var owners: [String: String] = [:]
        for name in try folder.names().sorted() {
            guard let id = StreamID(name) else {
                reportUnknown("streams/\(name)")
                continue
            }
            let place = StreamPlace(id: id, folder: folder.folder(name), path: "streams/\(name)")
            guard let file = try checkRecord(place) else { continue }
            streams += 1
            if let other = owners.updateValue(name, forKey: file.record.info.streamName) {
                report(
                    .damage,
                    "\(place.path)/\(StreamFile.name)",
                    seen: "the name '\(file.record.info.streamName)', which streams/\(other) has too",
                    wanted: "a name of its own",
                    advice: "move one of the two folders away"
                )
            }
            try checkSegments(place, index)
        }
    }

    /// Where a stream's files are.
    struct StreamPlace {
        var id: StreamID
        var folder: Folder
        /// The folder's path below the store's.
        var path: String
    }

    private mutating func checkRecord(_ place: StreamPlace) throws -> StreamFile? {
        let known: Set<String> = [StreamFile.name, "segments"]
        for name in try place.folder.names().sorted() where !known.contains(name) {
            reportUnknown("\(place.path)/\(name)")
        }
        let path = "\(place.path)/\(StreamFile.name)"
        guard place.folder.has(StreamFile.name) else {
            let hasMedia =
                try place.folder.has("segments") && !place.folder.folder("segments").names().isEmpty
            report(
                hasMedia ? .damage : .leftover,
                path,
                seen: hasMedia
                    ? "no file beside \(place.path)/segments" : "a stream whose creation was cut short",
                wanted: "the stream's record"
            )
            return nil
        }
        do {
            return try StreamFile.read(from: place.folder)
        } catch let defect as StreamFile.Defect {
            report(.damage, path, at: defect.offset, seen: defect.seen, wanted: defect.wanted)
            return nil
        }
    }

    private mutating func checkSegments(_ place: StreamPlace, _ index: IndexComparison) throws {
        let folder = place.folder.folder("segments")
        guard place.folder.has("segments") else {
            return report(
                .damage,
                "\(place.path)/segments",
                seen: "no folder",
                wanted: "a folder of segments"
            )
        }
        for name in try folder.names().sorted() {
            let path = "\(place.path)/segments/\(name)"
            guard let sequence = SegmentFile.sequence(name) else {
                reportUnknown(path)
                continue
            }
            let survey = try SegmentSurvey(sequence, in: folder, of: place.id)
            segments += 1
            fragments += survey.scan.fragments.count
            bytes += survey.length
            findings += survey.findings(path, listedBytes: index.listedBytes(place.id, sequence))
            try index.compare(survey, of: place.id, path, into: &self)
        }
    }

    private mutating func reportUnknown(_ path: String) {
        report(
            .leftover,
            path,
            seen: "a name that the store does not use",
            wanted: "nothing",
            advice: path.hasSuffix(".new")
                ? "nothing: it is overwritten when it is needed" : "move it away where it is not yours"
        )
    }

    mutating func report(
        _ kind: StoreFinding.Kind,
        _ file: String,
        at offset: Int? = nil,
        seen: String,
        wanted: String,
        advice: String? = nil
    ) {
        findings.append(
            StoreFinding(kind, file, at: offset, seen: seen, wanted: wanted, advice: advice)
        )
    }
}
