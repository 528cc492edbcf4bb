import Foundation
import Matroska

/// Keeps fragments on disk until the service has them safely.
///
/// ```
/// DIR/lock                            held as long as a producer uses the folder
/// DIR/00000000000000000042.fragment   one fragment: records of a Matroska document
/// ```
/// A frame is on disk before it is sent. A fragment's file is removed when it is PERSISTED, so what is left when a
/// producer starts is what the service may not have: after an outage, a crash or a restart of the machine. The last
/// file of a producer that was killed ends where it was cut off; its whole frames count. Files are synced soon after their
/// fragment ends: a power failure costs the fragment under way, and what a slow disk has not taken by then.
public actor FragmentSpool {
    /// Counts the fragments of a folder.
    package typealias Number = UInt64

    /// Fragments that wait to be sent by whoever comes next.
    public var waiting: Int { index.waiting }
    /// Bytes of all files.
    public var bytes: Int { index.bytes }

    private let folder: URL
    private let lock: SpoolLock
    private var index: SpoolIndex
    private var tracks: [TrackEntry] = []
    private var open: (number: Number, file: SpoolFile, writer: SegmentWriter, timestamp: UInt64)?
    private var drops: [UploadWindow.Drop] = []
    private let sync = SpoolSync()

    /// Opens a folder, made where there is none.
    ///
    /// - Parameters:
    ///   - folder: its path; of one stream and one producer at a time.
    ///   - capacity: bytes that its files may have; the oldest go where there are more.
    /// - Throws: SpoolError where it cannot be made, or another producer uses it.
    public init(folder: String, capacity: Int) throws(SpoolError) {
        let url = URL(filePath: folder, directoryHint: .isDirectory)
        self.folder = url
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            throw SpoolError("cannot make the spool \(folder): \(error.localizedDescription)")
        }
        lock = try SpoolLock(path: url.appending(path: "lock").path)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        let found = names.compactMap { name -> (number: Number, bytes: Int)? in
            guard name.hasSuffix(Self.suffix), let number = Number(name.dropLast(Self.suffix.count)) else {
                return nil
            }
            let path = url.appending(path: name).path
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            return (number, attributes?[.size] as? Int ?? 0)
        }
        index = SpoolIndex(capacity: capacity, found: found)
    }

    private static let suffix = ".fragment"

    private func path(_ number: Number) -> String {
        let digits = String(number)
        let name = String(repeating: "0", count: max(0, 20 - digits.count)) + digits + Self.suffix
        return folder.appending(path: name).path
    }

    // MARK: Writing

    /// Writes a part.
    ///
    /// - Returns: the number of the fragment that it begins or belongs to; nil ahead of the first.
    /// - Throws: SpoolError where the disk does not take it.
    package func append(_ part: StreamUpload.Part) throws(SpoolError) -> Number? {
        switch part {
        case .tracks(let tracks):
            self.tracks = tracks
            return nil
        case .fragmentStart:
            endFragment()
            let number = index.begin()
            let file = try SpoolFile(path: path(number))
            open = (number, file, SegmentWriter(tracks: tracks, uid: []), 0)
            try write(.tracks(tracks))
            try write(part)
        case .frame, .metadata: try write(part)
        case .endOfFragment:
            let number = open?.number
            endFragment()
            return number
        }
        return open?.number
    }

    private func write(_ part: StreamUpload.Part) throws(SpoolError) {
        guard let (number, file, writer, timestamp) = open else { return }
        var time = timestamp
        // A frame too far from its fragment's start could not be sent either: its connection says so.
        guard let bytes = try? writer.bytes(of: part, base: 0, timestamp: &time) else { return }
        open?.timestamp = time
        let record = SpoolRecord.encode(bytes)
        try file.write(record)
        for gone in index.grow(number, by: record.count) { drop(gone) }
    }

    /// Ends the fragment that is being made; its file is synced soon after.
    package func endFragment() {
        open?.file.finish(sync)
        open = nil
    }

    /// Why files cannot be synced, told once.
    package func takeFailure() -> SpoolError? { sync.takeFailure() }

    private func drop(_ number: Number) {
        let parts = SpooledFragment(file: contents(number)).parts
        note(number, parts, .spoolFull)
        unlink(path(number))
    }

    private func note(_ number: Number, _ parts: [StreamUpload.Part], _ reason: DropReason) {
        var drop = UploadWindow.Drop(timecode: 0, frames: 0, reason: reason)
        for part in parts {
            switch part {
            case .fragmentStart(let timestamp): drop.timecode = timestamp
            case .frame: drop.frames += 1
            case .tracks, .metadata, .endOfFragment: break
            }
        }
        drops.append(drop)
    }

    /// What has been left out since the last call.
    package func takeDrops() -> [UploadWindow.Drop] {
        defer { drops = [] }
        return drops
    }

    // MARK: Leaving

    /// Removes a fragment that the service has, or that it will never take.
    package func remove(_ number: Number) {
        if open?.number == number { endFragment() }
        index.remove(number)
        unlink(path(number))
    }

    /// Leaves a fragment to whoever sends what waits.
    package func putBack(_ number: Number) {
        index.putBack(number)
    }

    /// Takes the oldest fragment that waits; removes files on the way that hold nothing.
    package func takeOldest() -> (number: Number, fragment: SpooledFragment)? {
        while let number = index.takeOldest() {
            let fragment = SpooledFragment(file: contents(number))
            if !fragment.parts.isEmpty { return (number, fragment) }
            remove(number)
        }
        return nil
    }

    private func contents(_ number: Number) -> [UInt8] {
        (try? [UInt8](Data(contentsOf: URL(filePath: path(number))))) ?? []
    }
}
