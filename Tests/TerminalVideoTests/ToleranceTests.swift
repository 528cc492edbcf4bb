import KinescopeTesting
import Pixels
import TerminalVideo
import Testing

@Suite struct ToleranceTests {
    private func worst(_ terminal: TerminalModel, _ grid: CellGrid) -> Int {
        var worst = 0
        for row in 0..<grid.rows {
            for column in 0..<grid.columns {
                let shown = terminal.halves(column: column, row: row)
                guard case (.direct(let top), .direct(let bottom)) = shown else { return .max }
                let cell = grid[column, row]
                worst = max(worst, cell.top.distance(to: top), cell.bottom.distance(to: bottom))
            }
        }
        return worst
    }

    @Test(arguments: 0..<4)
    func aRestingPictureBecomesExact(seed: Int) throws {
        var frames = Frames(columns: 30, rows: 8, seed: UInt64(seed))
        var encoder = ANSIEncoder(depth: .truecolor)
        var terminal = TerminalModel(columns: 30, rows: 8)
        for _ in 0..<6 { try show(frames.next(), .justVisible, &encoder, &terminal) }
        // Two cells in each frame, so at most half as many frames as there are cells.
        for _ in 0..<121 { try show(frames.grid, .justVisible, &encoder, &terminal) }
        #expect(worst(terminal, frames.grid) == 0)
    }

    @Test(arguments: 0..<4)
    func exactAtRestIsOneStepOffWhileMovingAndExactAFrameLater(seed: Int) throws {
        var frames = Frames(columns: 30, rows: 8, seed: UInt64(seed))
        var encoder = ANSIEncoder(depth: .truecolor)
        var terminal = TerminalModel(columns: 30, rows: 8)
        for _ in 0..<12 {
            try show(frames.next(), .exactAtRest, &encoder, &terminal)
            #expect(worst(terminal, frames.grid) <= 1)
        }
        try show(frames.grid, .exactAtRest, &encoder, &terminal)
        #expect(worst(terminal, frames.grid) == 0)
    }

    @Test func noiseOfAFewStepsSettlesAtAlmostNothing() throws {
        var numbers = RepeatableNumbers(state: 7)
        var encoder = ANSIEncoder(depth: .truecolor)
        var grid = CellGrid(columns: 80, rows: 22)
        var sizes: [Int] = []
        for _ in 0..<10 {
            for row in 0..<grid.rows {
                for column in 0..<grid.columns {
                    func noisy(_ base: Int) -> RGBColor {
                        let shade = UInt32(base + Int(numbers.next() % 3))
                        return RGBColor(shade << 16 | shade << 8 | shade)
                    }
                    grid[column, row] = Cell(top: noisy(2 * column), bottom: noisy(2 * column + 1))
                }
            }
            var bytes: [UInt8] = []
            encoder.encode(grid, tolerance: .justVisible, into: &bytes)
            sizes.append(bytes.count)
        }
        #expect(sizes.suffix(3).allSatisfy { 20 * $0 < sizes[0] }, "\(sizes)")
    }

    @Test func anEvenAreaIsKeptCloserThanAnEdge() {
        var encoder = ANSIEncoder(depth: .truecolor)
        func gray(_ shade: UInt32) -> RGBColor { RGBColor(shade << 16 | shade << 8 | shade) }
        var grid = CellGrid(columns: 9, rows: 1, filledWith: Cell(gray(100)))
        grid[7, 0] = Cell(top: gray(20), bottom: gray(220))
        var bytes: [UInt8] = []
        encoder.encode(grid, tolerance: .justVisible, into: &bytes)
        bytes.removeAll()
        grid[7, 0] = Cell(top: gray(25), bottom: gray(225))
        encoder.encode(grid, tolerance: .justVisible, into: &bytes)
        #expect(bytes.isEmpty)
        grid[2, 0] = Cell(gray(105))
        encoder.encode(grid, tolerance: .justVisible, into: &bytes)
        #expect(encoder.shownCell(column: 2, row: 0)?.top == gray(105))
    }

    private func show(
        _ grid: CellGrid,
        _ tolerance: Tolerance,
        _ encoder: inout ANSIEncoder,
        _ terminal: inout TerminalModel
    ) throws {
        var bytes: [UInt8] = []
        encoder.encode(grid, tolerance: tolerance, into: &bytes)
        try terminal.feed(bytes)
    }
}
