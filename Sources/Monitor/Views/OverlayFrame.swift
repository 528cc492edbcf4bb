import TerminalScreen

/// A box over the screen: its ground, its heading, and text inside of it.
struct OverlayFrame {
    let area: ScreenRectangle
    let theme: Theme
    private let background: Style.Color?

    /// Columns of every overlay, where the screen has so many.
    static let columns = 76
    /// Rows of the highest.
    static let rows = 20

    init(_ area: ScreenRectangle, theme: Theme) {
        self.area = area
        self.theme = theme
        background = theme[.panel].background
    }

    /// A box of so many rows in the middle of a screen.
    static func centred(rows: Int, in size: ScreenSize) -> ScreenRectangle {
        let columns = min(columns, size.columns)
        let rows = min(rows, Self.rows, size.rows - 2)
        return ScreenRectangle(
            row: (size.rows - rows) / 2,
            column: (size.columns - columns) / 2,
            rows: rows,
            columns: columns
        )
    }

    /// Draws ground and heading.
    func draw(title: String, right: String = "", in buffer: inout ScreenBuffer) {
        buffer.fill(area, with: ScreenCell(" ", style: Style(background: background)))
        put(String(repeating: "─", count: area.size.columns), row: 0, column: 0, role: .border, in: &buffer)
        put(" \(title) ", row: 0, column: 2, role: .focus, in: &buffer)
        if !right.isEmpty {
            let column = area.size.columns - right.unicodeScalars.count - 3
            put(" \(right) ", row: 0, column: column, role: .dim, in: &buffer)
        }
    }

    /// Puts text inside; rows and columns count from the box's corner.
    @discardableResult
    func put(
        _ text: String,
        row: Int,
        column: Int,
        role: Theme.Role,
        limit: Int? = nil,
        in buffer: inout ScreenBuffer
    ) -> Int {
        guard row < area.size.rows else { return column }
        var style = theme[role]
        style.background = style.background ?? background
        let room = area.size.columns - column
        let end = buffer.put(
            text,
            row: area.row + row,
            column: area.column + column,
            style: style,
            limit: min(limit ?? room, room)
        )
        return end - area.column
    }

    /// Marks a row as the selected one.
    func select(row: Int, in buffer: inout ScreenBuffer) {
        let line = ScreenRectangle(
            row: area.row + row,
            column: area.column,
            rows: 1,
            columns: area.size.columns
        )
        buffer.restyle(line) { theme.selected($0) }
        put("▸", row: row, column: 0, role: .focus, in: &buffer)
    }
}
