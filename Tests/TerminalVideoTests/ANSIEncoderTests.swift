import KinescopeTesting
import Pixels
import TerminalVideo
import Testing

@Suite struct ANSIEncoderTests {
    private static let red = RGBColor(0xFF0000)
    private static let blue = RGBColor(0x0000FF)

    private func text(_ encoder: inout ANSIEncoder, _ cells: [[Cell]], at origin: CellPosition = .home)
        -> String
    {
        var grid = CellGrid(columns: cells[0].count, rows: cells.count)
        for (row, line) in cells.enumerated() {
            for (column, cell) in line.enumerated() { grid[column, row] = cell }
        }
        var bytes: [UInt8] = []
        encoder.encode(grid, at: origin, into: &bytes)
        return String(decoding: bytes, as: UTF8.self).replacing("\u{1B}[", with: "^")
    }

    @Test func writesTwoColoursAsUpperHalf() {
        var encoder = ANSIEncoder(depth: .truecolor)
        let bytes = text(&encoder, [[Cell(top: Self.red, bottom: Self.blue)]])
        #expect(bytes == "^1H^38;2;255;0;0;48;2;0;0;255m▀")
    }

    @Test func picksTheGlyphThatNeedsNoNewPen() {
        var encoder = ANSIEncoder(depth: .truecolor)
        let cells = [
            Cell(top: Self.red, bottom: Self.blue), Cell(top: Self.blue, bottom: Self.red), Cell(Self.blue),
            Cell(Self.red), Cell(top: Self.red, bottom: .black), Cell(top: .white, bottom: Self.red),
        ]
        #expect(
            text(&encoder, [cells]) == "^1H^38;2;255;0;0;48;2;0;0;255m▀▄ █^48;2;0;0;0m▀^48;2;255;255;255m▄"
        )
    }

    @Test func writesNothingForTheSamePicture() {
        var encoder = ANSIEncoder(depth: .truecolor)
        let cells = [[Cell(Self.red), Cell(Self.blue)]]
        #expect(text(&encoder, cells) != "")
        #expect(text(&encoder, cells) == "")
    }

    @Test func jumpsOverWhatStaysByTheFewestBytes() {
        var encoder = ANSIEncoder(depth: .truecolor)
        var cells = (0..<16).map { Cell(RGBColor(UInt32($0 * 7))) }
        _ = text(&encoder, [cells, cells], at: CellPosition(column: 2, row: 9))
        let changed = Cell(Self.red)
        (cells[1], cells[3], cells[15]) = (changed, changed, changed)
        // Row 9 by address, then one and eleven cells forward, then the next row by line feed.
        let bytes = text(&encoder, [cells, cells], at: CellPosition(column: 2, row: 9))
        #expect(bytes == "^10;4H^48;2;255;0;0m ^C ^11C \r\n^3C ^C ^11C ")
    }

    @Test func writesUnchangedCellsAgainWhereThatIsShorterThanAJump() {
        var encoder = ANSIEncoder(depth: .truecolor)
        let (a, b) = (Cell(Self.red), Cell(Self.blue))
        _ = text(&encoder, [[b, a, a, b]])
        #expect(text(&encoder, [[a, a, a, a]]) == "^1H^48;2;255;0;0m    ")
    }

    @Test func startsAtItsOrigin() {
        var encoder = ANSIEncoder(depth: .truecolor)
        let cells = [[Cell(Self.red)], [Cell(Self.red)]]
        let bytes = text(&encoder, cells, at: CellPosition(column: 30, row: 4))
        #expect(bytes == "^5;31H^48;2;255;0;0m ^6;31H ")
    }

    @Test func writesAllAgainAfterInvalidation() {
        var encoder = ANSIEncoder(depth: .truecolor)
        let cells = [[Cell(Self.red), Cell(Self.red)], [Cell(Self.blue), Cell(Self.blue)]]
        let first = text(&encoder, cells)
        encoder.invalidate()
        #expect(text(&encoder, cells) == first)
        encoder.invalidate(columns: 1..<9, rows: 1..<2)
        #expect(text(&encoder, cells) == "^2;2H^48;2;0;0;255m ")
    }

    @Test func writesAllAgainAtAnotherPlaceOrSize() {
        var encoder = ANSIEncoder(depth: .truecolor)
        let cells = [[Cell(Self.red)]]
        _ = text(&encoder, cells)
        #expect(text(&encoder, cells, at: CellPosition(column: 1, row: 0)) == "^1;2H^48;2;255;0;0m ")
        let wider = [[Cell(Self.red), Cell(Self.red)]]
        #expect(text(&encoder, wider, at: CellPosition(column: 1, row: 0)) == "^1;2H^48;2;255;0;0m  ")
    }

    @Test func namesColoursByNumberIn256() {
        var encoder = ANSIEncoder(depth: .palette256)
        let bytes = text(&encoder, [[Cell(top: Self.red, bottom: RGBColor(0x080808)), Cell(.white)]])
        #expect(bytes == "^1H^38;5;196;48;5;232m▀^48;5;231m ")
    }

    @Test func usesTheShortFormsIn16() {
        var encoder = ANSIEncoder(depth: .palette16)
        let bytes = text(&encoder, [[Cell(top: .black, bottom: .white)]])
        #expect(bytes == "^1H^30;107m▀")
    }

    @Test func hasEqualCellsRepeatedWhereThatIsShorter() {
        let pair = Cell(top: Self.red, bottom: Self.blue)
        let cells =
            [pair, pair] + [Cell](repeating: pair, count: 2) + [Cell](repeating: Cell(Self.blue), count: 6)
        var encoder = ANSIEncoder(depth: .truecolor, repeats: true)
        #expect(text(&encoder, [cells]) == "^1H^38;2;255;0;0;48;2;0;0;255m▀^3b ^5b")
        // Four blanks, and one block, are no longer than the order.
        encoder = ANSIEncoder(depth: .truecolor, repeats: true)
        #expect(text(&encoder, [Array(cells[2..<9])]) == "^1H^38;2;255;0;0;48;2;0;0;255m▀▀     ")
        // A cell that shows it already ends the run; it is written again to get past it.
        encoder = ANSIEncoder(depth: .truecolor, repeats: true)
        var mixed = [Cell](repeating: Cell(Self.red), count: 9)
        mixed[7] = Cell(Self.blue)
        _ = text(&encoder, [mixed])
        #expect(text(&encoder, [[Cell](repeating: Cell(Self.blue), count: 9)]) == "^1H^48;2;0;0;255m ^6b  ")
    }

    @Test func showsBrightnessAsInkWithoutColour() {
        var encoder = ANSIEncoder(depth: .none)
        let bytes = text(&encoder, [[Cell(.black), Cell(RGBColor(0x808080)), Cell(.white)]])
        #expect(bytes == "^1H +@")
    }
}

@Suite struct ANSIEncoderPropertyTests {
    private static let shapes = [(columns: 1, rows: 1), (columns: 7, rows: 3), (columns: 40, rows: 11)]
    private static let origins = [
        CellPosition.home, CellPosition(column: 1, row: 2), CellPosition(column: 97, row: 120),
    ]

    /// Runs frames through encoder and terminal and looks at every cell after each.
    private func replay(
        depth: ColorDepth,
        tolerance: Tolerance,
        seed: UInt64,
        check: (
            _ wanted: Cell, _ shown: (top: TerminalModel.Pen, bottom: TerminalModel.Pen),
            _ place: CellPosition
        ) -> Bool
    ) throws {
        for (place, shape) in Self.shapes.enumerated() {
            for origin in Self.origins {
                // With and without REP.
                var encoder = ANSIEncoder(depth: depth, repeats: (UInt64(place) + seed) % 2 == 0)
                var terminal = TerminalModel(
                    columns: origin.column + shape.columns,
                    rows: origin.row + shape.rows
                )
                var frames = Frames(columns: shape.columns, rows: shape.rows, seed: seed)
                for frame in 0..<25 {
                    let grid = frames.next()
                    if frame == 12 { encoder.invalidate(columns: 1..<4, rows: 0..<2) }
                    var bytes: [UInt8] = []
                    encoder.encode(grid, at: origin, tolerance: tolerance, into: &bytes)
                    try terminal.feed(bytes)
                    terminal.disturb()
                    for row in 0..<shape.rows {
                        for column in 0..<shape.columns {
                            let shown = terminal.halves(column: origin.column + column, row: origin.row + row)
                            let place = CellPosition(column: column, row: row)
                            try #require(
                                check(grid[column, row], shown, place),
                                "\(grid[column, row]) is \(shown)"
                            )
                        }
                    }
                }
            }
        }
    }

    @Test(arguments: 0..<8)
    func theTerminalShowsExactlyThePicture(seed: Int) throws {
        try replay(depth: .truecolor, tolerance: .exact, seed: UInt64(seed)) { wanted, shown, _ in
            shown == (.direct(wanted.top), .direct(wanted.bottom))
        }
    }

    @Test(arguments: [Tolerance.justVisible, Tolerance(cell: 12, pen: 0), Tolerance(cell: 0, pen: 9)], 0..<4)
    func theTerminalStaysWithinTheTolerance(tolerance: Tolerance, seed: Int) throws {
        let limit = Int(max(tolerance.cell, tolerance.pen))
        try replay(depth: .truecolor, tolerance: tolerance, seed: UInt64(seed)) { wanted, shown, _ in
            guard case (.direct(let top), .direct(let bottom)) = shown else { return false }
            return wanted.top.distance(to: top) <= limit && wanted.bottom.distance(to: bottom) <= limit
        }
    }

    @Test(arguments: 0..<4)
    func theTerminalShowsTheNearestOf256(seed: Int) throws {
        try replay(depth: .palette256, tolerance: .exact, seed: UInt64(seed)) { wanted, shown, _ in
            guard case (.indexed(let top), .indexed(let bottom)) = shown else { return false }
            return Reference256.distance(wanted.top, top) == Reference256.least(wanted.top)
                && Reference256.distance(wanted.bottom, bottom) == Reference256.least(wanted.bottom)
        }
    }

    @Test(arguments: 0..<4)
    func aKeptColourOf256IsNearlyAsGoodAsTheBest(seed: Int) throws {
        let slack = Double(Tolerance.justVisible.cell) * 3.0.squareRoot()
        try replay(depth: .palette256, tolerance: .justVisible, seed: UInt64(seed)) { wanted, shown, _ in
            guard case (.indexed(let top), .indexed(let bottom)) = shown else { return false }
            return [(wanted.top, top), (wanted.bottom, bottom)].allSatisfy { color, index in
                Double(Reference256.distance(color, index)).squareRoot()
                    <= Double(Reference256.least(color)).squareRoot() + slack
            }
        }
    }

    @Test func theTerminalUsesOnlySixteenColours() throws {
        try replay(depth: .palette16, tolerance: .exact, seed: 1) { _, shown, _ in
            guard case (.indexed(let top), .indexed(let bottom)) = shown else { return false }
            return top < 16 && bottom < 16
        }
    }

    @Test(arguments: ColorDepth.allCases)
    func anExactFrameAfterATolerantOneIsExact(depth: ColorDepth) throws {
        var frames = Frames(columns: 30, rows: 8, seed: 11)
        var encoder = ANSIEncoder(depth: depth)
        var terminal = TerminalModel(columns: 30, rows: 8)
        var bytes: [UInt8] = []
        for _ in 0..<10 { encoder.encode(frames.next(), tolerance: .justVisible, into: &bytes) }
        encoder.encode(frames.grid, into: &bytes)
        try terminal.feed(bytes)
        var fresh = ANSIEncoder(depth: depth)
        var reference = TerminalModel(columns: 30, rows: 8)
        bytes.removeAll()
        fresh.encode(frames.grid, into: &bytes)
        try reference.feed(bytes)
        for row in 0..<8 {
            for column in 0..<30 {
                #expect(
                    terminal.halves(column: column, row: row) == reference.halves(column: column, row: row)
                )
                guard depth == .none else { continue }
                #expect(
                    terminal.scalar(column: column, row: row) == reference.scalar(column: column, row: row)
                )
            }
        }
    }

    @Test func errorsDoNotAddUp() throws {
        var encoder = ANSIEncoder(depth: .truecolor)
        var terminal = TerminalModel(columns: 1, rows: 1)
        for grey in UInt32(0)..<256 {
            let color = RGBColor(grey << 16 | grey << 8 | grey)
            var bytes: [UInt8] = []
            encoder.encode(
                CellGrid(columns: 1, rows: 1, filledWith: Cell(color)),
                tolerance: .justVisible,
                into: &bytes
            )
            try terminal.feed(bytes)
            guard case .direct(let shown) = terminal.halves(column: 0, row: 0).top else {
                Issue.record("no colour is set")
                return
            }
            #expect(shown.distance(to: color) <= Int(Tolerance.justVisible.cell))
            #expect(encoder.shownCell(column: 0, row: 0)?.top == shown)
        }
    }

    @Test func sendsOnlyASCIIWithoutColour() throws {
        var encoder = ANSIEncoder(depth: .none)
        var frames = Frames(columns: 40, rows: 11, seed: 3)
        for _ in 0..<10 {
            var bytes: [UInt8] = []
            encoder.encode(frames.next(), into: &bytes)
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(bytes.allSatisfy { $0 < 0x7F })
            #expect(!text.contains("m"))
        }
    }
}

/// The 256 colours written down anew, searched one by one.
private enum Reference256 {
    static func color(_ index: Int) -> (Int, Int, Int) {
        guard index < 232 else {
            return (8 + 10 * (index - 232), 8 + 10 * (index - 232), 8 + 10 * (index - 232))
        }
        func level(_ step: Int) -> Int { step == 0 ? 0 : 55 + 40 * step }
        return (level((index - 16) / 36), level((index - 16) / 6 % 6), level((index - 16) % 6))
    }

    static func distance(_ color: RGBColor, _ index: Int) -> Int {
        let other = Self.color(index)
        let (r, g, b) = (Int(color.red) - other.0, Int(color.green) - other.1, Int(color.blue) - other.2)
        return r * r + g * g + b * b
    }

    static func least(_ color: RGBColor) -> Int {
        (16...255).map { distance(color, $0) }.min() ?? 0
    }
}
