import Foundation

/// A folder of its own for each test, removed with the last reference.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent(
            "fragments-\(UUID().uuidString)"
        )
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The files below the folder whose names end so, by path.
    func files(ending suffix: String) throws -> [String] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: path)
        return names.filter { $0.hasSuffix(suffix) }.sorted().map { "\(path)/\($0)" }
    }

    /// Removes the index, as a user may.
    func removeIndex() throws {
        for suffix in ["index.sqlite", "index.sqlite-wal", "index.sqlite-shm"] {
            for file in try files(ending: suffix) { try FileManager.default.removeItem(atPath: file) }
        }
    }

    /// A second folder with the same contents.
    func copy() throws -> TemporaryFolder {
        let copy = try TemporaryFolder()
        try FileManager.default.removeItem(atPath: copy.path)
        try FileManager.default.copyItem(atPath: path, toPath: copy.path)
        return copy
    }
}
