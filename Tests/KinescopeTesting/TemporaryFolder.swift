public import Foundation

/// A folder of a test's own, gone with the last reference to it.
public final class TemporaryFolder: Sendable {
    /// Where it is.
    public let url: URL

    /// Makes an empty folder.
    public init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "kinescope-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    }

    deinit {
        // What cannot be removed is left to the system; a test must not fail by it.
        try? FileManager.default.removeItem(at: url)
    }

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
}
