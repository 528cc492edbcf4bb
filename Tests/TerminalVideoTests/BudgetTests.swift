import KinescopeTesting
import Pixels
import TerminalVideo
import Testing

/// Frames that keep to a number of bytes, and frames with something over them.
@Suite struct BudgetTests {
    private static let size = (columns: 40, rows: 12)

    private static func shows(_ terminal: TerminalModel, _ grid: CellGrid, column: Int, row: Int) -> Bool {
        terminal.halves(column: column, row: row)
            == (.direct(grid[column, row].top), .direct(grid[column, row].bottom))
    }

    private static func count(_ terminal: TerminalModel, _ grid: CellGrid) -> Int {
        (0..<size.rows).reduce(0) { sum, row in
            sum + (0..<size.columns).count { shows(terminal, grid, column: $0, row: row) }
        }
    }

    @Test(arguments: ColorDepth.allCases, [300, 1500, 6000])
    func framesKeepToTheirMostBytes(depth: ColorDepth, most: Int) throws {
        var frames = Frames(columns: Self.size.columns, rows: Self.size.rows, seed: 3)
        var encoder = ANSIEncoder(depth: depth)
        let budget = ByteBudget(wanted: most / 2, largestDifference: 30, most: most)
        // A row costs this much at most, and what cells cost is only known from those before.
        let slack = 40 * Self.size.columns + most
        for frame in 0..<40 {
            var bytes: [UInt8] = []
            encoder.encode(frames.next(), tolerance: .justVisible, budget: budget, into: &bytes)
            #expect(bytes.count <= most + slack || frame < 10)
        }
    }

    @Test(arguments: [200, 1000, 4000])
    func aRestingPictureComesRightInTheEnd(most: Int) throws {
        var frames = Frames(columns: Self.size.columns, rows: Self.size.rows, seed: 5)
        var encoder = ANSIEncoder(depth: .truecolor)
        var terminal = TerminalModel(columns: Self.size.columns, rows: Self.size.rows)
        let budget = ByteBudget(wanted: most, largestDifference: 255, most: most)
        for _ in 0..<5 { _ = frames.next() }
        var right: [Int] = []
        for _ in 0..<200 {
            var bytes: [UInt8] = []
            encoder.encode(frames.grid, tolerance: .exact, budget: budget, into: &bytes)
            try terminal.feed(bytes)
            right.append(Self.count(terminal, frames.grid))
        }
        #expect(right.last == Self.size.columns * Self.size.rows)
        #expect(zip(right, right.dropFirst()).allSatisfy(<=), "\(right)")
    }

    @Test func theLargestDifferencesGoFirst() throws {
        var grid = CellGrid(columns: Self.size.columns, rows: Self.size.rows)
        var encoder = ANSIEncoder(depth: .truecolor)
        var terminal = TerminalModel(columns: Self.size.columns, rows: Self.size.rows)
        var bytes: [UInt8] = []
        encoder.encode(grid, into: &bytes)
        for row in 0..<Self.size.rows {
            for column in 0..<Self.size.columns {
                let level = UInt32(column % 4 == 0 ? 0xF0F0F0 : 0x181818)
                grid[column, row] = Cell(RGBColor(level))
            }
        }
        let budget = ByteBudget(wanted: 3000, largestDifference: 255, most: 1 << 20)
        encoder.encode(grid, tolerance: .exact, budget: budget, into: &bytes)
        try terminal.feed(bytes)
        for column in 0..<Self.size.columns {
            let isRight = Self.shows(terminal, grid, column: column, row: 5)
            #expect(isRight == (column % 4 == 0), "column \(column)")
        }
    }

    @Test(arguments: ColorDepth.allCases)
    func whatIsCoveredIsLeftAloneAndPaintedOnceItIsFree(depth: ColorDepth) throws {
        var frames = Frames(columns: Self.size.columns, rows: Self.size.rows, seed: 9)
        var encoder = ANSIEncoder(depth: depth)
        var terminal = TerminalModel(columns: Self.size.columns, rows: Self.size.rows)
        encoder.prepare(columns: Self.size.columns, rows: Self.size.rows, at: .home)
        encoder.cover(columns: 10..<90, rows: -2..<5)
        for _ in 0..<6 {
            var bytes: [UInt8] = []
            encoder.encode(frames.next(), into: &bytes)
            encoder.invalidate()
            try terminal.feed(bytes)
        }
        let blank = TerminalModel.Glyph()
        for row in 0..<Self.size.rows {
            for column in 0..<Self.size.columns {
                let isCovered = column >= 10 && row < 5
                let isBlank = terminal.glyphs[row * Self.size.columns + column] == blank
                // Without colours what is dark is blank too.
                #expect(isBlank == isCovered || depth == .none && isBlank)
            }
        }
        var (bytes, whole) = ([UInt8](), [UInt8]())
        encoder.invalidate(columns: 0..<90, rows: 0..<90)
        encoder.encode(frames.grid, into: &bytes)
        var fresh = ANSIEncoder(depth: depth)
        fresh.encode(frames.grid, into: &whole)
        #expect(bytes == whole)
    }
}
