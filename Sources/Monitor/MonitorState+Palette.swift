package import KinesisVideo
import Playback
import TerminalScreen

extension MonitorState {
    /// The rows above the prompt of a command; none while there is no such prompt.
    package var paletteRows: [Palette.Row] {
        guard let prompt, prompt.purpose == .command else { return [] }
        var surroundings = Palette.Surroundings(
            scope: scope,
            streams: streams.names,
            themes: configuration.themes,
            keymap: configuration.keymap,
            isReadOnly: configuration.isReadOnly
        )
        surroundings.endpoints = configuration.endpoints
        return Palette.standard.rows(for: prompt.text, in: surroundings)
    }

    /// The theme to be shown: while `theme NAME` is typed the one that is selected, else the one chosen last.
    ///
    /// Nil where none was chosen.
    package var wantedTheme: String? {
        guard let prompt, prompt.purpose == .command, prompt.text.hasPrefix("theme ") else { return theme }
        let rows = paletteRows
        guard rows.indices.contains(paletteSelection), rows[paletteSelection].isComplete else { return theme }
        return rows[paletteSelection].text
    }

    /// Keys that do in the palette what they do not in other prompts; nil for all others.
    mutating func typeInPalette(_ key: KeyPress) -> [MonitorAction]? {
        let rows = paletteRows
        switch key.key {
        case .up: paletteSelection = max(0, paletteSelection - 1)
        case .down: paletteSelection = max(0, min(paletteSelection + 1, rows.count - 1))
        case .tab:
            if rows.indices.contains(paletteSelection) {
                let completion = rows[paletteSelection].completion
                edit { $0 = completion }
            }
        case .enter: return commitPalette(rows)
        default: return nil
        }
        return []
    }

    private mutating func commitPalette(_ rows: [Palette.Row]) -> [MonitorAction] {
        guard let text = prompt?.text else { return [] }
        let row = rows.indices.contains(paletteSelection) ? rows[paletteSelection] : nil
        // The row that is selected stands for what was typed, unless something must follow it.
        let line = row?.isComplete == true ? row?.completion ?? text : text
        if let command = try? Palette.standard.command(line) {
            closePrompt()
            return run(command)
        }
        // An argument that is wrong stays for correction.
        guard let completion = row?.completion, completion != text else { return explain(text) }
        edit { $0 = completion }
        return []
    }

    private mutating func explain(_ line: String) -> [MonitorAction] {
        do {
            _ = try Palette.standard.command(line)
        } catch {
            show("\(error)", isError: true)
        }
        return []
    }

    /// Runs commands as they would be typed, with `;` between them.
    package mutating func run(line: String, at now: Timestamp) -> [MonitorAction] {
        self.now = now
        defer { settle() }
        var actions: [MonitorAction] = []
        for part in line.split(separator: ";") where !part.allSatisfy(\.isWhitespace) {
            do {
                actions += run(try Palette.standard.command(part))
            } catch {
                show("\(error)", isError: true)
            }
        }
        return actions
    }

    // MARK: Changes

    mutating func change(_ change: StreamChange) -> [MonitorAction] {
        guard !configuration.isReadOnly else {
            show("nothing is changed: read_only is set", isError: true)
            return []
        }
        return [.change(change)]
    }

    mutating func commitCreate(_ text: String) -> [MonitorAction] {
        do {
            let command = try Palette.standard.command("create \(text)")
            closePrompt()
            return run(command)
        } catch {
            show("\(error)", isError: true)
            return []
        }
    }

    mutating func commitDelete(of name: String, typed: String) -> [MonitorAction] {
        closePrompt()
        guard typed == name else {
            show("nothing is deleted: '\(typed)' is not '\(name)'")
            return []
        }
        return change(.delete(name: name))
    }

    // MARK: Tags

    mutating func openTags() -> [MonitorAction] {
        guard !configuration.isReadOnly else { return change(.untag(name: "", key: "")) }
        guard let name = streams.selection else { return [] }
        tagSheet = TagSheet(stream: name)
        prompt = Prompt(purpose: .tag(name), text: "")
        return [.askTags(name)]
    }

    /// Changes a tag; the prompt stays for the next one.
    mutating func commitTag(of name: String, typed: String) -> [MonitorAction] {
        guard let change = StreamChange.tagChange(typed, of: name) else {
            show("'\(typed)' is no change of a tag, wanted KEY=VALUE or -KEY", isError: true)
            return []
        }
        edit { $0 = "" }
        return self.change(change)
    }

    // MARK: Clipboard

    /// What identifies the selection: the ARN of a stream, or the command that plays this very place.
    mutating func copy() -> [MonitorAction] {
        let text: String
        if let inspector {
            guard let fragment = inspector.fragment else { return [] }
            text = fragment.fullName
        } else if let player {
            let time = player.playhead.map { " --at \($0.rfc3339)" } ?? ""
            text = "kinescope watch \(player.stream)\(time)"
        } else if let wall {
            let position = wall.tiles[wall.focused]?.status?.position
            text = "kinescope watch \(wall.focused)" + (position.map { " --at \($0.rfc3339)" } ?? "")
        } else if let row = streams.selection.flatMap({ streams.row(named: $0) }) {
            text = row.statistics.arn
        } else {
            return []
        }
        show("copied \(text)")
        return [.copy(text)]
    }
}
