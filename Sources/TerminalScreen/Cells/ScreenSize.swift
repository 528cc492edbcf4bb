/// Rows and columns of a screen or of a part of it, in cells.
package struct ScreenSize: Sendable, Hashable {
    /// Cells from top to bottom.
    package var rows: Int
    /// Cells from left to right.
    package var columns: Int

    /// Takes rows and columns; negative values become 0.
    package init(rows: Int, columns: Int) {
        self.rows = max(0, rows)
        self.columns = max(0, columns)
    }
}

/// A part of the screen, in cells from the upper left corner.
package struct ScreenRectangle: Sendable, Hashable {
    /// First row, from 0.
    package var row: Int
    /// First column, from 0.
    package var column: Int
    /// How many rows and columns.
    package var size: ScreenSize

    /// Creates a rectangle.
    package init(row: Int, column: Int, rows: Int, columns: Int) {
        self.row = row
        self.column = column
        size = ScreenSize(rows: rows, columns: columns)
    }

    /// True where the cell lies inside.
    package func contains(row: Int, column: Int) -> Bool {
        (self.row..<self.row + size.rows).contains(row)
            && (self.column..<self.column + size.columns).contains(column)
    }

    /// True where the two share a cell.
    package func overlaps(_ other: ScreenRectangle) -> Bool {
        row < other.row + other.size.rows && other.row < row + size.rows
            && column < other.column + other.size.columns && other.column < column + size.columns
    }
}
