import TerminalScreen

/// The commands that fit what is being typed, above the footer row in which it is typed.
struct PaletteView {
    let state: MonitorState
    let theme: Theme

    /// Rows of the list, without its heading.
    private static let height = 10

    /// Where the list lies.
    static func area(in size: ScreenSize) -> ScreenRectangle {
        let columns = min(OverlayFrame.columns, size.columns)
        let rows = min(height + 1, size.rows - 2)
        return ScreenRectangle(
            row: size.rows - 1 - rows,
            column: (size.columns - columns) / 2,
            rows: rows,
            columns: columns
        )
    }

    /// The first row that is shown: the selected one stays in sight.
    private func first(of count: Int, height: Int) -> Int {
        max(0, min(state.paletteSelection - height + 1, count - height))
    }

    /// The row under a click; nil beside the list.
    func row(at event: MouseEvent) -> Int? {
        let area = Self.area(in: state.size)
        let (count, height) = (state.paletteRows.count, area.size.rows - 1)
        let line = event.row - area.row - 1
        guard area.contains(row: event.row, column: event.column), line >= 0 else { return nil }
        let index = first(of: count, height: height) + line
        return index < count ? index : nil
    }

    func draw(in buffer: inout ScreenBuffer) {
        let frame = OverlayFrame(Self.area(in: buffer.size), theme: theme)
        let rows = state.paletteRows
        frame.draw(title: "Command", right: "Tab completes · Enter runs · Esc closes", in: &buffer)
        guard !rows.isEmpty else {
            frame.put("no command fits", row: 1, column: 2, role: .warning, in: &buffer)
            return
        }
        let height = frame.area.size.rows - 1
        let first = first(of: rows.count, height: height)
        for (index, row) in rows.dropFirst(first).prefix(height).enumerated() {
            let line = index + 1
            frame.put(row.text, row: line, column: 2, role: .text, limit: 26, in: &buffer)
            let keys = state.configuration.glyphs.keys(row.keys)
            let column = frame.area.size.columns - keys.unicodeScalars.count - 1
            frame.put(row.words, row: line, column: 29, role: .dim, limit: max(0, column - 30), in: &buffer)
            frame.put(keys, row: line, column: column, role: .accent, in: &buffer)
            if first + index == state.paletteSelection { frame.select(row: line, in: &buffer) }
        }
    }
}
