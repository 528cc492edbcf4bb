import Foundation
import FragmentStorage
import Matroska

/// A folder that one service at a time keeps its data in.
///
/// The holder keeps an exclusive lock on the file `service.lock` and writes its URL into it, with a checksum of that
/// line below it; the kernel releases the lock when the process ends, however it ends.
final class DataFolder: Sendable {
    private enum Purpose {
        /// To serve it: the lock's text tells where.
        case service
        /// To look at it: the lock's text stays.
        case examination
    }

    /// The folder.
    let path: String
    private let descriptor: Int32
    private let purpose: Purpose

    /// Where the embedded service keeps its data: `$XDG_DATA_HOME/kinescope/default`.
    static var standard: String {
        XDGFolder.data.path("default")
    }

    /// Takes the folder, creating it and its parents.
    ///
    /// - Returns: nil where another process holds it.
    static func take(_ path: String) throws -> DataFolder? {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return try lock(lockFile(in: path), O_RDWR | O_CREAT).map {
            DataFolder(path: path, descriptor: $0, purpose: .service)
        }
    }

    /// Keeps services from a folder without changing anything in it.
    ///
    /// - Returns: nil where another process holds it.
    /// - Throws: CommandFailure `notFound` where there is no such folder.
    static func hold(_ path: String) throws -> DataFolder? {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            throw CommandFailure(.notFound, "no folder '\(path)' (try the --data-dir that was served)")
        }
        // A folder that no service has used yet has no lock to take, and nobody who would hold it.
        let file = lockFile(in: path)
        let isUsed = FileManager.default.fileExists(atPath: file)
        return try lock(isUsed ? file : path, O_RDONLY).map {
            DataFolder(path: path, descriptor: $0, purpose: .examination)
        }
    }

    /// URL of the service that holds the folder; nil while it starts.
    static func holder(of path: String) -> String? {
        let text = (try? String(contentsOfFile: lockFile(in: path), encoding: .utf8)) ?? ""
        let url = text.split(separator: "\n").first.map { $0.trimmingCharacters(in: .whitespaces) } ?? ""
        return url.isEmpty ? nil : url
    }

    private static func lock(_ file: String, _ flags: Int32) throws -> Int32? {
        let descriptor = open(file, flags | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure(.failed, "cannot open \(file): \(String(cString: strerror(errno)))")
        }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return descriptor }
        close(descriptor)
        return nil
    }

    private init(path: String, descriptor: Int32, purpose: Purpose) {
        self.path = path
        self.descriptor = descriptor
        self.purpose = purpose
        if purpose == .service { ftruncate(descriptor, 0) }
    }

    deinit {
        // The file stays: removing it would let two processes lock two files of the same name.
        if purpose == .service { ftruncate(descriptor, 0) }
        // A program that is just being started may have a copy of the descriptor, and with it would keep the lock.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Tells others where the service listens.
    func publish(_ url: String) {
        ftruncate(descriptor, 0)
        _ = Array(Self.lockText(url).utf8).withUnsafeBytes {
            pwrite(descriptor, $0.baseAddress, $0.count, 0)
        }
    }

    private static func lockText(_ url: String) -> String {
        "\(url)\ncrc32 \(CRC32.checksum(of: Array(url.utf8).span).hexadecimal)\n"
    }

    private static func lockFile(in path: String) -> String {
        path + "/service.lock"
    }
}

// The lock of a folder that is looked at.
extension DataFolder {
    /// What the lock's text tells; nothing where the last service ended in order.
    var lockFindings: [StoreFinding] {
        let file = Self.lockFile(in: path)
        guard let data = FileManager.default.contents(atPath: file), !data.isEmpty else { return [] }
        let text = String(decoding: data, as: UTF8.self)
        let url = text.split(separator: "\n").first.map(String.init) ?? ""
        let isWhole = Data(Self.lockText(url).utf8) == data
        return [
            StoreFinding(
                isWhole ? .leftover : .damage,
                "service.lock",
                at: isWhole ? nil : 0,
                seen: "'\(text.prefix(100))'",
                wanted: isWhole
                    ? "an empty file: the service did not end in order" : "a URL and its checksum",
                advice: "nothing: the next start writes it anew"
            )
        ]
    }

    /// Makes the lock as a service leaves it that ends in order.
    func clearLock() throws {
        let file = Self.lockFile(in: path)
        guard FileManager.default.fileExists(atPath: file), truncate(file, 0) != 0 else { return }
        throw CommandFailure(.failed, "cannot write \(file): \(String(cString: strerror(errno)))")
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
