package import TerminalScreen

/// Places of the inspector's parts.
///
/// ```
/// below 120 columns    title, table, tabs, pane, footer
/// from 120 on          title, table | tabs and pane, footer
/// ```
///
/// While something fails lastingly, a row under the title says what.
package struct InspectorLayout: Sendable, Hashable {
    /// True where table and pane stand side by side.
    package let isWide: Bool
    /// What fails; nil while nothing does.
    package let fault: Int?
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

    /// Lines of two fragments side by side, below the row of their names.
    package var comparison: Range<Int> { header + 1..<max(header + 2, footer) }

    /// Columns of the table where the pane stands beside it.
    static let tableColumns = 62

    /// Lays the parts out.
    package init(size: ScreenSize, hasFault: Bool = false) {
        isWide = size.columns >= 120
        fault = hasFault ? 1 : nil
        header = hasFault ? 2 : 1
        footer = size.rows - 1
        let first = header + 1
        if isWide {
            table = first..<max(first, footer)
            (tabRow, tabColumn) = (header, Self.tableColumns + 2)
            pane = ScreenRectangle(
                row: first,
                column: Self.tableColumns + 2,
                rows: max(0, footer - first),
                columns: size.columns - Self.tableColumns - 3
            )
        } else {
            let height = max(1, (footer - first - 1) / 2)
            table = first..<first + height
            (tabRow, tabColumn) = (first + height, 3)
            pane = ScreenRectangle(
                row: first + height + 1,
                column: 0,
                rows: max(0, footer - first - height - 1),
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
