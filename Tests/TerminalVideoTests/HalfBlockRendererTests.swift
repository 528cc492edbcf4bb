import Pixels
import TerminalVideo
import Testing

@Suite struct HalfBlockRendererTests {
    private func numbered(_ width: Int, _ height: Int) -> RGBImage {
        RGBImage(
            size: PixelSize(width: width, height: height),
            bytes: (0..<3 * width * height).map { UInt8($0) }
        )
    }

    @Test func putsTwoRowsOfThePictureIntoOneOfCells() {
        let image = numbered(3, 4)
        var grid = CellGrid(columns: 0, rows: 0)
        HalfBlockRenderer().render(image, into: &grid)
        #expect(grid.columns == 3)
        #expect(grid.rows == 2)
        for row in 0..<2 {
            for column in 0..<3 {
                #expect(
                    grid[column, row] == Cell(top: image[column, 2 * row], bottom: image[column, 2 * row + 1])
                )
            }
        }
    }

    @Test func fillsTheLastHalfRowWithTheBackground() {
        let image = numbered(2, 3)
        var grid = CellGrid(columns: 0, rows: 0)
        HalfBlockRenderer(background: RGBColor(0x102030)).render(image, into: &grid)
        #expect(grid.rows == 2)
        #expect(grid[1, 1] == Cell(top: image[1, 2], bottom: RGBColor(0x102030)))
    }

    @Test func anEmptyPictureHasNoCells() {
        var grid = CellGrid(columns: 4, rows: 4)
        HalfBlockRenderer().render(numbered(0, 0), into: &grid)
        #expect(grid.cells.isEmpty)
    }
}
