import Foundation
import KinesisVideo
import Logging
import Synchronization

/// Writes log lines to a file, because the terminal belongs to the screens.
struct FileLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .info
    private let file: LogFile

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
        let pairs = all.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        file.write("\(systemClock().rfc3339) \(event.level) \(event.message)\(pairs)")
    }
}

/// A file that lines are appended to; begun anew once it has 8 MiB.
final class LogFile: Sendable {
    private static let limit: off_t = 8 << 20
    private let descriptor: Mutex<Int32>

    init?(_ path: String) {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        self.descriptor = Mutex(descriptor)
    }

    deinit {
        descriptor.withLock { _ = close($0) }
    }

    func write(_ line: String) {
        let bytes = Array((PrintableText.visible(line) + "\n").utf8)
        descriptor.withLock { descriptor in
            if lseek(descriptor, 0, SEEK_END) > Self.limit { ftruncate(descriptor, 0) }
            _ = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
        }
    }
}
