import TOMLKit
import TerminalScreen

extension Settings {
    /// A file that is no TOML.
    package struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
        /// One line: what is wrong and where.
        package var description: String
    }

    /// Takes the text of a `config.toml`.
    ///
    /// - Parameters:
    ///   - text: The file.
    ///   - path: Its path, for origins and warnings.
    /// - Throws: `Failure` where it is no TOML; an unknown key or value is only a warning.
    package mutating func take(file text: String, path: String) throws(Failure) {
        let document: TOMLTable
        do {
            document = try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            throw Failure(description: "\(path):\(error.source.begin.line): \(error.description)")
        } catch {
            throw Failure(description: "\(path): \(error)")
        }
        var reader = Reader(lines: TOMLLines(text), path: path)
        for (key, value) in document {
            switch (key, value.table) {
            case ("endpoints", let table?): reader.readEndpoints(table, into: &self)
            case ("keys", let table?): reader.readKeys(table, into: &self)
            default: reader.read([key], value, into: &self)
            }
        }
    }

    private struct Reader {
        let lines: TOMLLines
        let path: String

        private func origin(_ keys: [String]) -> Origin { .file(path, line: lines.line(of: keys)) }

        private func warn(_ keys: [String], _ message: String, in settings: inout Settings) {
            settings.warnings.append("\(origin(keys)): \(message)")
        }

        mutating func read(_ keys: [String], _ value: any TOMLValueConvertible, into settings: inout Settings)
        {
            if let table = value.table {
                for (key, value) in table { read(keys + [key], value, into: &settings) }
                return
            }
            let name = keys.joined(separator: ".")
            guard let setting = Setting.named(name) else {
                return warn(keys, "unknown key '\(name)'", in: &settings)
            }
            settings.set(setting, to: Self.text(value), origin: origin(keys))
        }

        mutating func readEndpoints(_ table: TOMLTable, into settings: inout Settings) {
            for (name, value) in table {
                var endpoint = NamedEndpoint()
                for (key, value) in value.table ?? TOMLTable() {
                    switch key {
                    case "url": endpoint.url = value.string
                    case "region": endpoint.region = value.string
                    case "profile": endpoint.profile = value.string
                    default:
                        warn(
                            ["endpoints", name, key],
                            "unknown key 'endpoints.\(name).\(key)' (there are url, region, profile)",
                            in: &settings
                        )
                    }
                }
                settings.endpoints[name] = endpoint
            }
        }

        /// `[keys.player]`: `"Ctrl-Right" = "seek +30"`; an empty command takes the key away.
        mutating func readKeys(_ table: TOMLTable, into settings: inout Settings) {
            for (name, value) in table {
                guard
                    let scope = KeymapEntry.Scope.allCases.first(where: { $0.rawValue.lowercased() == name })
                else {
                    let names = KeymapEntry.Scope.allCases.map { $0.rawValue.lowercased() }
                    let list = names.joined(separator: ", ")
                    warn(["keys", name], "there is no screen '\(name)' (there are \(list))", in: &settings)
                    continue
                }
                for (keys, command) in value.table ?? TOMLTable() {
                    bind(keys, command.string ?? "", in: scope, path: ["keys", name, keys], &settings)
                }
            }
        }

        private func bind(
            _ keys: String,
            _ command: String,
            in scope: KeymapEntry.Scope,
            path: [String],
            _ settings: inout Settings
        ) {
            guard let presses = KeyName.presses(keys) else {
                return warn(path, "'\(keys)' is no key such as x, Ctrl-X, F5 or Shift-Left", in: &settings)
            }
            if command.isEmpty { return settings.keymap.unbind(presses, in: scope) }
            do {
                let parsed = try Palette.standard.command(command)
                settings.keymap.bind(presses, to: parsed, label: keys, words: command, in: scope)
            } catch {
                warn(path, "\(error)", in: &settings)
            }
        }

        private static func text(_ value: any TOMLValueConvertible) -> String {
            if let text = value.string { return text }
            if let number = value.int { return String(number) }
            if let flag = value.bool { return String(flag) }
            return String(describing: value)
        }
    }
}
