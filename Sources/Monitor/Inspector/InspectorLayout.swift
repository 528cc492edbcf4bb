package import TerminalScreen

/// Places of the inspector's parts.
///
/// ```
/// below 120 columns    title, table, tabs, pane, footer
/// from 120 on          title, table | tabs and pane, footer
/// ```
package struct InspectorLayout: Sendable, Hashable {
    /// True where table and pane stand side by side.
    package let isWide: Bool
    /// Headings of the table.
    package let header: Int
    /// Lines of the table.
    package let table: Range<Int>
    /// The row of the tabs.
    package let tabRow: Int
    /// First column of the tabs.
    package let tabColumn: Int
    /// The pane.
    package let pane: ScreenRectangle
    /// The last row.
    package let footer: Int

    /// Columns of the table where the pane stands beside it.
    static let tableColumns = 62

    /// Lays the parts out.
    package init(size: ScreenSize) {
        isWide = size.columns >= 120
        header = 1
        footer = size.rows - 1
        if isWide {
            table = 2..<max(2, footer)
            (tabRow, tabColumn) = (1, Self.tableColumns + 2)
            pane = ScreenRectangle(
                row: 2,
                column: Self.tableColumns + 2,
                rows: max(0, footer - 2),
                columns: size.columns - Self.tableColumns - 3
            )
        } else {
            let height = max(1, (size.rows - 4) / 2)
            table = 2..<2 + height
            (tabRow, tabColumn) = (2 + height, 3)
            pane = ScreenRectangle(
                row: 3 + height,
                column: 0,
                rows: max(0, footer - 3 - height),
                columns: size.columns
            )
        }
    }

    /// Columns of the tabs.
    func tabs(selected: InspectorScreen.Pane?)
        -> [(pane: InspectorScreen.Pane, text: String, columns: Range<Int>)]
    {
        var column = tabColumn
        return InspectorScreen.Pane.allCases.map { pane in
            let plain = "\(pane.rawValue) \(pane.title)"
            let text = pane == selected ? "[\(plain)]" : plain
            defer { column += text.count + 2 }
            return (pane, text, column..<column + text.count)
        }
    }
}
