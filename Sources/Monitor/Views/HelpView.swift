import TerminalScreen

/// The keys of a screen, out of the key table.
struct HelpView {
    let state: MonitorState
    let theme: Theme

    /// Where the overlay lies.
    static func area(scope: KeymapEntry.Scope, keymap: Keymap, size: ScreenSize) -> ScreenRectangle {
        let columns = min(76, size.columns)
        let rows = min(20, size.rows - 2, lines(scope, keymap, columns: columns).count + 1)
        return ScreenRectangle(
            row: (size.rows - rows) / 2,
            column: (size.columns - columns) / 2,
            rows: rows,
            columns: columns
        )
    }

    /// The last line that scrolling can bring to the top.
    static func lastScroll(scope: KeymapEntry.Scope, keymap: Keymap, size: ScreenSize) -> Int {
        let area = area(scope: scope, keymap: keymap, size: size)
        return max(0, lines(scope, keymap, columns: area.size.columns).count - area.size.rows + 1)
    }

    func draw(scroll: Int, in buffer: inout ScreenBuffer) {
        let keymap = state.configuration.keymap
        let area = Self.area(scope: state.scope, keymap: keymap, size: buffer.size)
        let background = theme[.panel].background
        buffer.fill(area, with: ScreenCell(" ", style: Style(background: background)))
        func put(_ text: String, row: Int, column: Int, role: Theme.Role) {
            var style = theme[role]
            style.background = style.background ?? background
            let limit = area.size.columns - column
            buffer.put(text, row: area.row + row, column: area.column + column, style: style, limit: limit)
        }
        put(String(repeating: "─", count: area.size.columns), row: 0, column: 0, role: .border)
        put(" Help · \(state.scope.rawValue) ", row: 0, column: 2, role: .focus)
        let lines = Self.lines(state.scope, keymap, columns: area.size.columns)
        let shown = lines.dropFirst(scroll).prefix(area.size.rows - 1)
        if shown.count < lines.count {
            let range = " \(scroll + 1)–\(scroll + shown.count) of \(lines.count) "
            put(range, row: 0, column: area.size.columns - range.count - 1, role: .dim)
        }
        for (index, line) in shown.enumerated() {
            for part in line { put(part.text, row: index + 1, column: part.column, role: part.role) }
        }
    }

    private typealias Part = (column: Int, text: String, role: Theme.Role)

    /// Two columns where there is room for them, sections kept whole.
    private static func lines(_ scope: KeymapEntry.Scope, _ keymap: Keymap, columns: Int) -> [[Part]] {
        let sections = sections(scope, keymap)
        guard columns >= 72 else { return sections.flatMap { $0 } }
        let half = sections.reduce(0) { $0 + $1.count } / 2
        var (left, right): ([[Part]], [[Part]]) = ([], [])
        for section in sections {
            if left.count < half { left += section } else { right += section }
        }
        return (0..<max(left.count, right.count)).map { index in
            let shifted = index < right.count ? right[index].map { ($0.column + 39, $0.text, $0.role) } : []
            return (index < left.count ? left[index] : []) + shifted
        }
    }

    private static func sections(_ scope: KeymapEntry.Scope, _ keymap: Keymap) -> [[[Part]]] {
        var sections: [(title: String, lines: [[Part]])] = []
        for entry in keymap.entries(in: scope) {
            let line: [Part] = [(2, entry.label, .accent), (12, entry.words, .text)]
            if let index = sections.firstIndex(where: { $0.title == entry.section }) {
                sections[index].lines.append(line)
            } else {
                sections.append((entry.section, [[(1, entry.section, .dim)], line]))
            }
        }
        return sections.map(\.lines)
    }
}
