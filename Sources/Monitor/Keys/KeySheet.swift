/// The tables of keys and commands as documents, so that no page can say anything else.
package struct KeySheet: Sendable {
    private let keymap: Keymap
    private let palette: Palette

    /// Takes the tables.
    package init(keymap: Keymap = .standard, palette: Palette = .standard) {
        self.keymap = keymap
        self.palette = palette
    }

    /// One line of a table: keys or a command, and the words for it.
    package struct Line: Sendable, Hashable {
        /// What is pressed or typed.
        package var keys: String
        /// What it does.
        package var words: String
    }

    /// The tables, in the order of the screens: a heading, and the lines under it.
    package var tables: [(title: String, lines: [Line])] {
        let screens = KeymapEntry.Scope.allCases.map { scope in
            (
                scope.rawValue,
                keymap.entries.filter { $0.scope == scope }.map { Line(keys: $0.label, words: $0.words) }
            )
        }
        let commands = palette.entries.map { entry in
            Line(keys: entry.usage, words: entry.words + (entry.scope.map { " (\($0.rawValue))" } ?? ""))
        }
        return screens + [("Commands", commands)]
    }

    /// For a terminal.
    package var text: String {
        tables.map { title, lines in
            let width = lines.map(\.keys.count).max() ?? 0
            let rows = lines.map { line in
                "  " + line.keys + String(repeating: " ", count: width - line.keys.count + 2) + line.words
            }
            return ([title] + rows).joined(separator: "\n")
        }.joined(separator: "\n\n")
    }

    /// For a page of the documentation: a heading of the second level and a table each.
    package var markdown: String {
        tables.map { title, lines in
            let heading = title == "Commands" ? ["Typed after `:`."] : []
            let rows = lines.map { "| \(Self.escaped($0.keys, isCode: true)) | \(Self.escaped($0.words)) |" }
            let parts =
                ["## \(title)"] + heading + [
                    (["| keys | what they do |", "|---|---|"] + rows).joined(separator: "\n")
                ]
            return parts.joined(separator: "\n\n")
        }.joined(separator: "\n\n") + "\n"
    }

    private static func escaped(_ text: String, isCode: Bool = false) -> String {
        let text = text.replacing("|", with: "\\|")
        return isCode ? "`\(text)`" : text
    }
}
