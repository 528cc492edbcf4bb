import TerminalScreen

/// The line shown for a while, at the right and over whatever lies there.
struct ToastView {
    let state: MonitorState
    let theme: Theme

    /// The row above the footer, or above a list that stands on it: what is typed and what is selected stay in sight.
    private func row(in size: ScreenSize) -> Int {
        guard !state.isTooSmall else { return size.rows - 2 }
        if let sheet = state.tagSheet { return max(0, TagSheetView.area(of: sheet, in: size).row - 1) }
        guard state.prompt?.purpose == .command else { return size.rows - 2 }
        return max(0, PaletteView.area(in: size).row - 1)
    }

    /// Draws it; the cells that it takes, nil where there is none.
    func draw(in buffer: inout ScreenBuffer) -> ScreenRectangle? {
        guard let toast = state.toast else { return nil }
        let text = toast.isError ? " ✕ \(toast.text) " : " \(toast.text) "
        let style = theme[toast.isError ? .error : .accent].adding(.reverse)
        let row = row(in: buffer.size)
        let width = min(text.count, buffer.size.columns - 1)
        let column = buffer.size.columns - 1 - width
        buffer.put(text, row: row, column: column, style: style, limit: width)
        return ScreenRectangle(row: row, column: column, rows: 1, columns: width)
    }
}
