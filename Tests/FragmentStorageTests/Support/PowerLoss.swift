import Foundation

/// What a disk may hold after the power failed: all that was synced, and of the rest any part in any order.
struct PowerLoss {
    private enum Change {
        case write(offset: Int, [UInt8])
        case truncate(Int)
    }

    private struct File {
        var durable: [UInt8] = []
        var pending: [Change] = []
    }

    private struct Names {
        var durable: [String: RecordedDisk.Node] = [:]
        var pending: [(inout [String: RecordedDisk.Node]) -> Void] = []
    }

    /// Bytes that reach the disk all at once.
    private static let sector = 512

    private var files: [RecordedDisk.Node: File] = [:]
    private var folders: [RecordedDisk.Node: Names] = [0: Names()]

    /// Plays the events up to the failure.
    init(after events: ArraySlice<RecordedDisk.Event>) {
        for event in events { play(event) }
    }

    private mutating func play(_ event: RecordedDisk.Event) {
        switch event {
        case .write(let node, let offset, let bytes):
            files[node, default: File()].pending.append(.write(offset: offset, bytes))
        case .truncate(let node, let length):
            files[node, default: File()].pending.append(.truncate(length))
        case .synchronize(let node):
            if var file = files[node] {
                for change in file.pending { Self.apply(change, to: &file.durable) }
                file.pending = []
                files[node] = file
            }
            if var names = folders[node] {
                for change in names.pending { change(&names.durable) }
                names.pending = []
                folders[node] = names
            }
        case .set(let name, let folder, let node, let isFolder):
            if isFolder {
                folders[node] = folders[node] ?? Names()
            } else {
                files[node] = files[node] ?? File()
            }
            folders[folder]?.pending.append { $0[name] = node }
        case .remove(let name, let folder):
            folders[folder]?.pending.append { $0[name] = nil }
        case .rename(let name, let newName, let folder, let node):
            folders[folder]?.pending.append { names in
                if names[name] == node { names[name] = nil }
                names[newName] = node
            }
        }
    }

    /// Writes what is left into an empty folder.
    ///
    /// - Parameters:
    ///   - path: the folder.
    ///   - generator: decides which unsynced changes got to the disk.
    /// - Throws: what the file system says.
    func write(to path: String, using generator: inout some RandomNumberGenerator) throws {
        // From everything lost to everything there.
        let shares: [Double] = [0, 0.3, 0.7, 1]
        let share = shares.randomElement(using: &generator) ?? 0.5
        try write(folder: 0, to: path, share, &generator)
    }

    private func write(
        folder: RecordedDisk.Node,
        to path: String,
        _ share: Double,
        _ generator: inout some RandomNumberGenerator
    ) throws {
        guard let folder = folders[folder] else { return }
        var names = folder.durable
        for change in folder.pending where Double.random(in: 0..<1, using: &generator) < share {
            change(&names)
        }
        for (name, node) in names.sorted(by: { $0.key < $1.key }) {
            let path = "\(path)/\(name)"
            if folders[node] != nil {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
                try write(folder: node, to: path, share, &generator)
            } else {
                try Data(contents(files[node] ?? File(), share, &generator)).write(to: URL(filePath: path))
            }
        }
    }

    private func contents(
        _ file: File,
        _ share: Double,
        _ generator: inout some RandomNumberGenerator
    ) -> [UInt8] {
        var bytes = file.durable
        for change in file.pending {
            switch change {
            case .truncate:
                if Double.random(in: 0..<1, using: &generator) < share { Self.apply(change, to: &bytes) }
            case .write(let offset, let new):
                // A write is torn at the borders of sectors; sectors that are missing in between read as zeros.
                var start = offset
                while start < offset + new.count {
                    let end = min((start / Self.sector + 1) * Self.sector, offset + new.count)
                    if Double.random(in: 0..<1, using: &generator) < share {
                        let part = Array(new[start - offset..<end - offset])
                        Self.apply(.write(offset: start, part), to: &bytes)
                    }
                    start = end
                }
            }
        }
        return bytes
    }

    private static func apply(_ change: Change, to bytes: inout [UInt8]) {
        switch change {
        case .truncate(let length):
            bytes = Array(bytes.prefix(length)) + [UInt8](repeating: 0, count: max(0, length - bytes.count))
        case .write(let offset, let new):
            let missing = offset + new.count - bytes.count
            if missing > 0 { bytes += [UInt8](repeating: 0, count: missing) }
            bytes.replaceSubrange(offset..<offset + new.count, with: new)
        }
    }
}

/// Random numbers that are the same in every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// Source: SplitMix64, Steele, Lea and Flood 2014.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
