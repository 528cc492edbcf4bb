/// A rectangle of cells, the picture as a terminal can show it.
public struct CellGrid: Sendable, Hashable {
    /// Cells in a row.
    public private(set) var columns: Int
    /// Rows of cells.
    public private(set) var rows: Int
    /// The cells, row by row from the top, `columns` in each.
    public internal(set) var cells: [Cell]

    /// Creates a grid in one colour; both sides must not be negative.
    public init(columns: Int, rows: Int, filledWith cell: Cell = .black) {
        precondition(columns >= 0 && rows >= 0, "a grid of \(columns) x \(rows) cells is negative")
        self.columns = columns
        self.rows = rows
        cells = [Cell](repeating: cell, count: columns * rows)
    }

    /// The cell at a place counted from 0; traps outside of the grid.
    public subscript(column: Int, row: Int) -> Cell {
        get { cells[index(column, row)] }
        set { cells[index(column, row)] = newValue }
    }

    /// Changes the size; what the cells hold afterwards is not defined.
    ///
    /// Costs nothing where the size is the same.
    public mutating func resize(columns: Int, rows: Int) {
        guard columns != self.columns || rows != self.rows else { return }
        self = CellGrid(columns: columns, rows: rows)
    }

    private func index(_ column: Int, _ row: Int) -> Int {
        precondition(
            column >= 0 && column < columns && row >= 0 && row < rows,
            "no cell at column \(column), row \(row) of \(columns) x \(rows)"
        )
        return row * columns + column
    }
}
