import Glibc
import KinesisVideo
public import Logging
import NIOCore

/// Sets damaged parts of a store aside and makes the index anew; nothing is deleted.
///
/// ```
/// DIR/quarantine/<n>/streams/<id>                        a stream whose record is damaged
/// DIR/quarantine/<n>/streams/<id>/segments/<file>.mkv    a damaged segment as it was
/// DIR/quarantine/<n>/index.sqlite                        the index as it was
/// ```
///
/// Whole fragments of a damaged segment stay in a file of the same name. A repair that is cut short can be started again.
public struct StoreRepair: Sendable {
    /// What was moved, each with its new place below the store's folder.
    public private(set) var moves: [(from: String, to: String)] = []

    private let root: Folder
    private let quarantine: Folder
    private let logger: Logger

    /// Repairs the folder of a store that nobody else uses.
    ///
    /// - Throws: ``StoreError`` where something cannot be moved or written.
    public static func run(directory: String, logger: Logger) throws -> StoreRepair {
        var repair = try StoreRepair(Folder(path: directory, calls: MachineCalls()), logger)
        let streams = repair.root.folder("streams")
        try streams.create()
        var kept: [StreamID] = []
        for name in try streams.names().sorted() {
            guard let id = StreamID(name) else { continue }
            if try repair.repair(id, in: streams) { kept.append(id) }
        }
        try repair.rebuildIndex(of: kept)
        return repair
    }

    private init(_ root: Folder, _ logger: Logger) throws {
        self.root = root
        self.logger = logger
        let folder = root.folder("quarantine")
        let last = folder.has("") ? try folder.names().compactMap { Int($0) }.max() : nil
        quarantine = folder.folder(String((last ?? 0) + 1))
    }

    /// Sets aside what is damaged of a stream.
    ///
    /// - Returns: true where the stream stays.
    private mutating func repair(_ id: StreamID, in streams: Folder) throws -> Bool {
        let folder = streams.folder(id.description)
        do {
            guard folder.has(StreamFile.name) else {
                try setAside(id.description, in: streams, as: "streams")
                return false
            }
            _ = try StreamFile.read(from: folder)
        } catch is StreamFile.Defect {
            try setAside(id.description, in: streams, as: "streams")
            return false
        }
        let segments = folder.folder("segments")
        try segments.create()
        for name in try segments.names().sorted() {
            guard let sequence = SegmentFile.sequence(name) else { continue }
            let survey = try SegmentSurvey(sequence, in: segments, of: id)
            if !survey.gaps.isEmpty { try keepWhole(survey, name, in: segments, of: id) }
        }
        return true
    }

    /// Puts a file with the whole fragments in the place of a damaged one.
    private mutating func keepWhole(
        _ survey: SegmentSurvey,
        _ name: String,
        in segments: Folder,
        of id: StreamID
    ) throws {
        let place = "streams/\(id)/segments"
        guard !survey.scan.fragments.isEmpty else { return try setAside(name, in: segments, as: place) }
        let aside = quarantine.folder(place)
        try aside.create()
        // A second name, so that at no moment the media is without one.
        try segments.link(name, as: aside.file(name))
        try aside.synchronize()
        var whole = ByteBuffer()
        for found in survey.scan.fragments {
            let length = found.record.info.size + ArchiveRecord.size
            if var part = survey.bytes.getSlice(at: survey.bytes.readerIndex + found.offset, length: length) {
                whole.writeBuffer(&part)
            }
        }
        try segments.replace(name, with: whole)
        moves.append(("\(place)/\(name)", below(aside.file(name))))
    }

    private mutating func setAside(_ name: String, in folder: Folder, as place: String) throws {
        let aside = quarantine.folder(place)
        try aside.create()
        try folder.rename(name, to: aside.file(name))
        try aside.synchronize()
        try folder.synchronize()
        moves.append((below(folder.file(name)), below(aside.file(name))))
    }

    private mutating func rebuildIndex(of streams: [StreamID]) throws {
        for name in [IndexSeal.name] + ["-shm", "-wal", ""].map({ FragmentIndex.fileName + $0 })
        where root.has(name) {
            try quarantine.create()
            try root.rename(name, to: quarantine.file(name))
            moves.append((name, below(quarantine.file(name))))
        }
        try root.synchronize()
        let index = try FragmentIndex.open(in: root, readers: 1)
        for id in streams {
            _ = try SegmentRecovery(
                stream: id,
                key: try index.key(of: id),
                folder: root.folder("streams").folder(id.description).folder("segments"),
                index: index,
                logger: logger
            ).run(known: [])
        }
        try index.close(in: root)
    }

    /// A path below the store's folder.
    private func below(_ path: String) -> String {
        String(path.dropFirst(root.path.count + 1))
    }
}
