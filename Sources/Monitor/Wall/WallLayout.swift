package import Pixels
package import TerminalScreen

/// Where the parts of the wall lie: title, a fault while there is one, rows of tiles, footer.
///
/// ```
/// picture | picture
/// label   | label       a tile is picture and label
/// ```
package struct WallLayout: Sendable {
    /// Row of a lasting fault.
    package let fault: Int?
    /// Tiles in a row, and rows of tiles.
    package let grid: Int
    /// The tiles from left to right and from top to bottom.
    package let tiles: [ScreenRectangle]
    /// Row of the keys.
    package let footer: Int

    /// Smallest tile; the grid is as large as it allows.
    package static let smallestTile = ScreenSize(rows: 7, columns: 24)
    /// Grids that can be asked for.
    package static let grids = 2...4

    /// Places the parts; a grid that does not fit becomes the largest that does.
    package init(size: ScreenSize, wanted: Int, hasFault: Bool) {
        footer = max(0, size.rows - 1)
        fault = hasFault ? 1 : nil
        let top = hasFault ? 2 : 1
        let room = ScreenSize(rows: footer - top, columns: size.columns)
        let grid = Self.grid(wanted, in: room)
        self.grid = grid
        let tile = ScreenSize(rows: room.rows / grid, columns: room.columns / grid)
        tiles = (0..<grid * grid).map { index in
            ScreenRectangle(
                row: top + index / grid * tile.rows,
                column: index % grid * tile.columns,
                rows: tile.rows,
                columns: tile.columns
            )
        }
    }

    private static func grid(_ wanted: Int, in room: ScreenSize) -> Int {
        let most = min(room.columns / smallestTile.columns, room.rows / smallestTile.rows)
        return max(1, min(wanted, most))
    }

    /// Where the picture of a tile may lie: all but the label, and a column free on each side.
    package func picture(of index: Int) -> ScreenRectangle {
        let tile = tiles[index]
        return ScreenRectangle(
            row: tile.row,
            column: tile.column + 1,
            rows: max(0, tile.size.rows - 1),
            columns: max(0, tile.size.columns - 2)
        )
    }

    /// Where a picture of so many pixels lies in a tile: in the middle; nil where it does not fit.
    package func region(of index: Int, for image: PixelSize) -> ScreenRectangle? {
        picture(of: index).centred(image)
    }
}

extension ScreenRectangle {
    /// The middle of it that a picture in half-blocks takes; nil where it does not fit.
    func centred(_ image: PixelSize) -> ScreenRectangle? {
        let rows = (image.height + 1) / 2
        guard !image.isEmpty, image.width <= size.columns, rows <= size.rows else { return nil }
        return ScreenRectangle(
            row: row + (size.rows - rows) / 2,
            column: column + (size.columns - image.width) / 2,
            rows: rows,
            columns: image.width
        )
    }
}
