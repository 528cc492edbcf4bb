import Foundation

/// A folder of its own for each test, removed with the last reference.
public final class TemporaryFolder: Sendable {
    /// The folder.
    public let path: String

    /// Creates an empty folder.
    ///
    /// - Throws: what the file system says.
    public init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent(
            "kinescope-\(UUID().uuidString)"
        )
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The files below the folder whose names end so, by path.
    public func files(ending suffix: String) throws -> [String] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: path)
        return names.filter { $0.hasSuffix(suffix) }.sorted().map { "\(path)/\($0)" }
    }

    /// A second folder with the same contents.
    ///
    /// - Returns: the copy, removed on its own.
    /// - Throws: what the file system says.
    public func copy() throws -> TemporaryFolder {
        let copy = try TemporaryFolder()
        try FileManager.default.removeItem(atPath: copy.path)
        try FileManager.default.copyItem(atPath: path, toPath: copy.path)
        return copy
    }
}
