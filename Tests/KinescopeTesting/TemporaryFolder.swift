public import Foundation

/// A folder of a test's own, gone with the last reference to it.
public final class TemporaryFolder: Sendable {
    /// Where it is.
    public let url: URL

    /// Makes an empty folder.
    ///
    /// - Throws: what the file system says.
    public init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "kinescope-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    }

    deinit {
        // What cannot be removed is left to the system; a test must not fail by it.
        try? FileManager.default.removeItem(at: url)
    }

    /// Where it is, as a path.
    public var path: String { url.path }

    /// Path of something inside.
    public func path(_ name: String) -> String {
        url.appending(path: name).path
    }

    /// Writes a file.
    ///
    /// - Returns: its path.
    public func write(_ bytes: [UInt8], to name: String) throws -> String {
        try Data(bytes).write(to: url.appending(path: name))
        return path(name)
    }

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
