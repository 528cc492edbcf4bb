import KinesisVideo

/// The one table of commands: the `:` prompt, `watch -c` and keys of one's own read it.
package struct Palette: Sendable {
    /// The commands, in the order in which they are listed.
    package let entries: [PaletteEntry]

    /// Takes a table.
    package init(entries: [PaletteEntry]) {
        self.entries = entries
    }

    /// One row of the list above the prompt.
    package struct Row: Sendable, Hashable {
        /// What is shown: a command with its arguments, or what an argument may be.
        package var text: String
        /// What a command does; empty for an argument.
        package var words: String
        /// The key that does the same.
        package var keys: String
        /// The line that `Tab` makes of what was typed.
        package var completion: String
        /// True where that line can be run as it is.
        package var isComplete: Bool
    }

    /// What the list is made for.
    package struct Surroundings: Sendable, Hashable {
        /// The screen.
        package var scope: KeymapEntry.Scope
        /// Names of the streams.
        package var streams: [String]
        /// Names of the themes.
        package var themes: [String]
        /// Names of the services.
        package var endpoints: [String] = []
        /// The keys.
        package var keymap: Keymap
        /// True where nothing may be changed.
        package var isReadOnly: Bool

        /// Describes surroundings.
        package init(
            scope: KeymapEntry.Scope,
            streams: [String],
            themes: [String],
            keymap: Keymap,
            isReadOnly: Bool
        ) {
            self.scope = scope
            self.streams = streams
            self.themes = themes
            self.keymap = keymap
            self.isReadOnly = isReadOnly
        }
    }

    /// Reads a line.
    ///
    /// - Throws: `PaletteEntry.Failure` for a name that is none, and for arguments that it does not take.
    package func command(_ line: some StringProtocol) throws(PaletteEntry.Failure) -> MonitorCommand {
        let words = line.split(separator: " ").map { Substring($0) }
        guard let name = words.first else { throw PaletteEntry.Failure(description: "type a command") }
        guard let entry = entries.first(where: { $0.name == name }) else {
            throw PaletteEntry.Failure(description: "there is no command '\(name)'")
        }
        return try entry.read(Array(words.dropFirst()))
    }

    /// The rows for what has been typed, the best first.
    package func rows(for line: String, in surroundings: Surroundings) -> [Row] {
        let offered = entries.filter { entry in
            entry.scope.map { $0 == surroundings.scope } ?? true
                && !(entry.isChange && surroundings.isReadOnly)
        }
        if let space = line.firstIndex(of: " "),
            let entry = offered.first(where: { $0.name == line[..<space] })
        {
            return arguments(of: entry, typed: String(line[space...].dropFirst()), surroundings)
        }
        return FuzzyMatch.sorted(offered, by: line, name: \.name).map { row($0, surroundings) }
    }

    private func row(_ entry: PaletteEntry, _ surroundings: Surroundings) -> Row {
        let keys = entry.sample.flatMap { surroundings.keymap.label(of: $0, in: surroundings.scope) }
        return Row(
            text: entry.usage,
            words: entry.words,
            keys: keys ?? "",
            completion: entry.arguments.isEmpty ? entry.name : entry.name + " ",
            isComplete: entry.standsAlone
        )
    }

    /// While an argument is typed: what it may be, else the command itself.
    private func arguments(of entry: PaletteEntry, typed: String, _ surroundings: Surroundings) -> [Row] {
        let candidates =
            switch entry.completion {
            case .nothing: [String]()
            case .streams: surroundings.streams
            case .themes: surroundings.themes
            case .endpoints: surroundings.endpoints
            case .words(let words): words
            }
        guard !typed.contains(" "), !candidates.isEmpty else {
            var row = row(entry, surroundings)
            row.completion = "\(entry.name) \(typed)"
            return [row]
        }
        let isWhole = (try? entry.read([Substring(candidates[0])])) != nil
        return FuzzyMatch.sorted(candidates, by: typed, name: \.self).map { candidate in
            let completion = "\(entry.name) \(candidate)" + (isWhole ? "" : " ")
            return Row(text: candidate, words: "", keys: "", completion: completion, isComplete: isWhole)
        }
    }
}
