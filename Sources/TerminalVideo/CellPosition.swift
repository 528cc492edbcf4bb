/// A place on the screen; both numbers count from 0.
public struct CellPosition: Sendable, Hashable {
    /// Columns left of it.
    public var column: Int
    /// Rows above it.
    public var row: Int

    /// Creates a place.
    public init(column: Int, row: Int) {
        self.column = column
        self.row = row
    }

    /// The upper left corner of the screen.
    public static let home = CellPosition(column: 0, row: 0)
}
