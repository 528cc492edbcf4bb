import TerminalScreen

/// The keys of a screen, out of the key table.
struct HelpView {
    let keymap: Keymap
    let scope: KeymapEntry.Scope
    let filter: String
    private let glyphs: Glyphs

    init(_ state: MonitorState, filter: String) {
        keymap = state.configuration.keymap
        scope = state.scope
        glyphs = state.configuration.glyphs
        self.filter = filter
    }

    /// Where the overlay lies; the filter does not change it, so that it stands still while one types.
    func area(in size: ScreenSize) -> ScreenRectangle {
        let columns = min(OverlayFrame.columns, size.columns)
        return OverlayFrame.centred(rows: lines(columns: columns, filter: "").count + 1, in: size)
    }

    /// The last line that scrolling can bring to the top.
    func lastScroll(in size: ScreenSize) -> Int {
        let area = area(in: size)
        return max(0, lines(columns: area.size.columns, filter: filter).count - area.size.rows + 1)
    }

    func draw(scroll: Int, theme: Theme, in buffer: inout ScreenBuffer) {
        let frame = OverlayFrame(area(in: buffer.size), theme: theme)
        let lines = lines(columns: frame.area.size.columns, filter: filter)
        let shown = lines.dropFirst(scroll).prefix(frame.area.size.rows - 1)
        let hint = filter.isEmpty ? "type to filter" : "filter: \(filter)"
        let range =
            shown.count < lines.count ? " · \(scroll + 1)–\(scroll + shown.count) of \(lines.count)" : ""
        frame.draw(title: "Help · \(scope.rawValue)", right: hint + range, in: &buffer)
        if lines.isEmpty { frame.put("no key does that", row: 1, column: 1, role: .dim, in: &buffer) }
        for (index, line) in shown.enumerated() {
            for part in line {
                frame.put(part.text, row: index + 1, column: part.column, role: part.role, in: &buffer)
            }
        }
    }

    private typealias Part = (column: Int, text: String, role: Theme.Role)

    /// Where the words of a line stand.
    private var wordsColumn: Int {
        guard glyphs == .ascii else { return 12 }
        return 4 + (keymap.entries(in: scope).map { glyphs.keys($0.label).count }.max() ?? 8)
    }

    /// Two columns where there is room for them, sections kept whole.
    private func lines(columns: Int, filter: String) -> [[Part]] {
        let sections = sections(filter)
        // Names of keys in ASCII are too long for half of the overlay.
        guard columns >= 72, glyphs == .unicode else { return sections.flatMap { $0 } }
        let half = (sections.reduce(0) { $0 + $1.count } + 1) / 2
        var (left, right): ([[Part]], [[Part]]) = ([], [])
        for section in sections {
            if left.count < half { left += section } else { right += section }
        }
        // What is too long for its column does not run into the other one.
        func fitted(_ line: [Part], shift: Int) -> [Part] {
            line.map { ($0.column + shift, $0.text.shortened(to: 38 - $0.column), $0.role) }
        }
        return (0..<max(left.count, right.count)).map { index in
            (index < left.count ? fitted(left[index], shift: 0) : [])
                + (index < right.count ? fitted(right[index], shift: 39) : [])
        }
    }

    private func sections(_ filter: String) -> [[[Part]]] {
        let wanted = filter.lowercased()
        let wordsColumn = wordsColumn
        var sections: [(title: String, lines: [[Part]])] = []
        for entry in keymap.entries(in: scope) {
            let keys = glyphs.keys(entry.label)
            let text = "\(keys) \(entry.words)".lowercased()
            guard wanted.isEmpty || text.contains(wanted) else { continue }
            let line: [Part] = [(2, keys, .accent), (wordsColumn, entry.words, .text)]
            if let index = sections.firstIndex(where: { $0.title == entry.section }) {
                sections[index].lines.append(line)
            } else {
                sections.append((entry.section, [[(1, entry.section, .dim)], line]))
            }
        }
        return sections.map(\.lines)
    }
}

/// The help while it is open.
package struct HelpScreen: Sendable, Hashable {
    /// First line shown.
    package internal(set) var scroll = 0
    /// What lines must hold.
    package internal(set) var filter = ""
}
