import Foundation

/// The files of this package, as they lie on the disk.
enum Checkout {
    /// The folder of `Package.swift`.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// A file or folder by its path from the root.
    static func url(_ path: String) -> URL { root.appending(path: path) }

    /// The text of a file.
    static func text(_ path: String) throws -> String {
        try String(contentsOf: url(path), encoding: .utf8)
    }

    /// Everything below a folder, as paths from the root.
    static func paths(below folder: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: url(folder).path).sorted().map {
            "\(folder)/\($0)"
        }
    }

    /// True where the path leads to a file or a folder.
    static func exists(_ url: URL) -> Bool { FileManager.default.fileExists(atPath: url.path) }
}
