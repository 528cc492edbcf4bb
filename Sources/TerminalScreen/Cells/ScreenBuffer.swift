/// A screen's worth of cells, drawn by views and shown by a `Screen`.
///
/// Rows and columns count from 0 at the upper left; whatever lies outside is left out without a word, so that
/// views need not clip.
package struct ScreenBuffer: Sendable, Hashable {
    /// Rows and columns.
    package let size: ScreenSize
    /// The cells, row by row; always `rows * columns`.
    package private(set) var cells: [ScreenCell]

    /// Creates an empty screen.
    package init(size: ScreenSize) {
        self.size = size
        cells = [ScreenCell](repeating: .blank, count: size.rows * size.columns)
    }

    /// The cell at a place; outside of the screen blank, and what is put there is dropped.
    package subscript(row: Int, column: Int) -> ScreenCell {
        get { index(row, column).map { cells[$0] } ?? .blank }
        set {
            guard let index = index(row, column) else { return }
            cells[index] = newValue
        }
    }

    /// Puts text from left to right.
    ///
    /// Characters without a width of their own are left out; a wide one that does not fit whole leaves a
    /// blank.
    ///
    /// - Parameters:
    ///   - text: One line; may be anybody's.
    ///   - row: The row.
    ///   - column: Where it begins; may lie left of the screen.
    ///   - style: How it looks.
    ///   - limit: Columns that it may take; nil for all to the right edge.
    /// - Returns: The column behind the last cell.
    @discardableResult
    package mutating func put(
        _ text: some StringProtocol,
        row: Int,
        column: Int,
        style: Style = .plain,
        limit: Int? = nil
    ) -> Int {
        let end = min(size.columns, limit.map { column + $0 } ?? size.columns)
        var column = column
        for scalar in text.unicodeScalars {
            let width = scalar.cellWidth
            guard width > 0 else { continue }
            guard column + width <= end else { break }
            self[row, column] = ScreenCell(scalar, style: style)
            if width == 2 { self[row, column + 1] = ScreenCell(nil, style: style) }
            column += width
        }
        return column
    }

    /// Puts text so that it ends before `end`, cut off at `start`.
    package mutating func putRight(
        _ text: some StringProtocol,
        row: Int,
        end: Int,
        style: Style = .plain,
        start: Int = 0
    ) {
        let width = text.unicodeScalars.reduce(0) { $0 + $1.cellWidth }
        let column = max(start, end - width)
        put(text, row: row, column: column, style: style, limit: end - column)
    }

    /// Puts text over the middle of an area, cut off at its width; the cells that it takes.
    package mutating func putInMiddle(_ text: String, of area: ScreenRectangle, style: Style)
        -> ScreenRectangle
    {
        let width = min(text.count, area.size.columns)
        let column = area.column + (area.size.columns - width) / 2
        let row = area.row + area.size.rows / 2
        put(text, row: row, column: column, style: style, limit: width)
        return ScreenRectangle(row: row, column: column, rows: 1, columns: width)
    }

    /// Gives all cells of a rectangle one content.
    package mutating func fill(_ rectangle: ScreenRectangle, with cell: ScreenCell = .blank) {
        for row in rectangle.row..<rectangle.row + rectangle.size.rows {
            for column in rectangle.column..<rectangle.column + rectangle.size.columns {
                self[row, column] = cell
            }
        }
    }

    /// Changes the style of what is there.
    package mutating func restyle(_ rectangle: ScreenRectangle, _ change: (Style) -> Style) {
        for row in rectangle.row..<rectangle.row + rectangle.size.rows {
            for column in rectangle.column..<rectangle.column + rectangle.size.columns {
                self[row, column].style = change(self[row, column].style)
            }
        }
    }

    /// Replaces every character; widths must stay the same.
    package mutating func replaceCharacters(_ replacement: (Unicode.Scalar) -> Unicode.Scalar) {
        for index in cells.indices {
            if let character = cells[index].character { cells[index].character = replacement(character) }
        }
    }

    /// One row as text; the spaces at its end are kept.
    package func text(row: Int) -> String {
        var text = String.UnicodeScalarView()
        for column in 0..<size.columns {
            if let character = self[row, column].character { text.append(character) }
        }
        return String(text)
    }

    private func index(_ row: Int, _ column: Int) -> Int? {
        guard (0..<size.rows).contains(row), (0..<size.columns).contains(column) else { return nil }
        return row * size.columns + column
    }
}
