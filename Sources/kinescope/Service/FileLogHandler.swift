import Foundation
import KinesisVideo
import Logging
import Synchronization

/// Writes a line for each event: time, level, message, then `name=value` for what belongs to it, by name.
///
/// ```
/// 2025-11-22T14:03:22.480Z info listStreams duration=1ms operation=listStreams request=0a3f... status=200
/// ```
/// A value with a space, a quote or an equals sign stands in quotes, as a JSON string.
struct FileLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .info
    private let file: LogFile

    /// The log of a service that has no terminal to draw on.
    static func standardError() -> any LogHandler { FileLogHandler(file: .standardError) }

    /// The log of the embedded service: `$XDG_STATE_HOME/kinescope/service.log`.
    static func standard() -> any LogHandler {
        guard let file = LogFile(XDGFolder.state.path("service.log")) else { return SwiftLogNoOpLogHandler() }
        return FileLogHandler(file: file)
    }

    init(file: LogFile) {
        self.file = file
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        let pairs = all.sorted { $0.key < $1.key }.map { " \($0.key)=\(Self.quoted("\($0.value)"))" }
            .joined()
        file.write("\(systemClock().rfc3339) \(event.level) \(event.message)\(pairs)")
    }
}

extension FileLogHandler {
    private static func quoted(_ value: String) -> String {
        guard value.isEmpty || value.contains(where: { $0 == " " || $0 == "\"" || $0 == "=" || $0 == "\n" })
        else { return value }
        let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            .replacing("\n", with: "\\n")
        return "\"\(escaped)\""
    }
}

/// A file that lines are appended to; begun anew once it has 8 MiB.
final class LogFile: Sendable {
    /// Standard error, which is never cut.
    static let standardError = LogFile(descriptor: dup(STDERR_FILENO), limit: .max)

    private let limit: off_t
    private let descriptor: Mutex<Int32>

    private init(descriptor: Int32, limit: off_t) {
        self.descriptor = Mutex(descriptor)
        self.limit = limit
    }

    convenience init?(_ path: String) {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        self.init(descriptor: descriptor, limit: 8 << 20)
    }

    deinit {
        descriptor.withLock { _ = close($0) }
    }

    func write(_ line: String) {
        let bytes = Array((PrintableText.visible(line) + "\n").utf8)
        descriptor.withLock { descriptor in
            if limit < .max, lseek(descriptor, 0, SEEK_END) > limit { ftruncate(descriptor, 0) }
            _ = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
        }
    }
}
