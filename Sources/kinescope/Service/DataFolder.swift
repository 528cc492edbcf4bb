import Foundation

/// A folder that one service at a time keeps its data in.
///
/// The holder keeps an exclusive lock on the file `service.lock` and writes its URL into it; the kernel releases the
/// lock when the process ends, however it ends.
final class DataFolder: Sendable {
    /// The folder.
    let path: String
    private let descriptor: Int32

    /// Where the embedded service keeps its data: `$XDG_DATA_HOME/kinescope/default`.
    static var standard: String {
        XDGFolder.data.path("default")
    }

    /// Takes the folder, creating it and its parents.
    ///
    /// - Returns: nil where another process holds it.
    static func take(_ path: String) throws -> DataFolder? {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let file = lockFile(in: path)
        let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure(.failed, "cannot open \(file): \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        return DataFolder(path: path, descriptor: descriptor)
    }

    /// URL of the service that holds the folder; nil while it starts.
    static func holder(of path: String) -> String? {
        let text = (try? String(contentsOfFile: lockFile(in: path), encoding: .utf8)) ?? ""
        let url = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return url.isEmpty ? nil : url
    }

    private init(path: String, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
        ftruncate(descriptor, 0)
    }

    deinit {
        // The file stays: removing it would let two processes lock two files of the same name.
        ftruncate(descriptor, 0)
        close(descriptor)
    }

    /// Tells others where the service listens.
    func publish(_ url: String) {
        ftruncate(descriptor, 0)
        _ = Array((url + "\n").utf8).withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    private static func lockFile(in path: String) -> String {
        path + "/service.lock"
    }
}

/// Folders of the XDG base directory specification, each with this program's own folder inside.
enum XDGFolder: String {
    case data = "XDG_DATA_HOME"
    case state = "XDG_STATE_HOME"
    case config = "XDG_CONFIG_HOME"

    /// Path of something inside this program's folder.
    func path(_ name: String) -> String {
        let environment = ProcessInfo.processInfo.environment
        let home = environment["HOME"] ?? NSHomeDirectory()
        let fallback =
            switch self {
            case .data: home + "/.local/share"
            case .state: home + "/.local/state"
            case .config: home + "/.config"
            }
        // A relative path is to be ignored, says the specification.
        let base = environment[rawValue].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? fallback
        return "\(base)/kinescope/\(name)"
    }
}
