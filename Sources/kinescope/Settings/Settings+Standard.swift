import Foundation
import Monitor

extension Settings {
    /// Path of the file: `$XDG_CONFIG_HOME/kinescope/config.toml`.
    static var path: String { XDGFolder.config.path("config.toml") }

    /// What file, environment and flags say.
    ///
    /// - Parameter flags: values of flags that were given, by the key of the setting.
    /// - Returns: the settings, with a warning on each thing that means nothing.
    /// - Throws: CommandFailure `usage` for a file that is no TOML and for a flag with a value that is none.
    static func current(flags: [(flag: String, key: String, value: String?)] = []) throws -> Settings {
        var settings = Settings()
        if let text = try? String(contentsOfFile: path, encoding: .utf8) {
            do {
                try settings.take(file: text, path: path)
            } catch {
                throw CommandFailure(.usage, "cannot read the settings: \(error)")
            }
        }
        settings.take(environment: ProcessInfo.processInfo.environment)
        for (flag, key, value) in flags {
            guard let value, let setting = Setting.named(key) else { continue }
            let count = settings.warnings.count
            settings.set(setting, to: value, origin: .flag(flag))
            if settings.warnings.count > count {
                throw CommandFailure(.usage, "\(flag) is '\(value)', wanted \(setting.kind.words)")
            }
        }
        return settings
    }
}
