import Pixels

/// Writes pictures as escape sequences, only what differs from what the terminal shows.
///
/// ```
/// CellGrid -> colours of the depth -> cells that changed -> cursor, pens, glyph
///                                        ^ what is shown, after the last frame
/// ```
/// The encoder believes that all it gave out reached the terminal and that nothing else wrote into its rectangle;
/// where that is not so, call `invalidate`. It expects nothing about cursor and colours when a frame begins, and leaves
/// both where the frame ends: begin what follows with `CSI m` and a place. UTF-8 and an 8-bit clean line are assumed,
/// except in `ColorDepth.none`.
public struct ANSIEncoder: Sendable {
    /// Colours in use.
    public let depth: ColorDepth
    /// Whether the terminal repeats a glyph on demand (ECMA-48 REP).
    public let repeats: Bool
    var shown: [UInt64] = []
    /// For depths with a palette: the numbers of the colours, and the picture they were found for.
    private var wanted: [UInt64] = []
    private var sources: [Cell] = []
    private var lastSlack = 0
    /// What the last frame should have shown, for telling what rests.
    private var last: [UInt64] = []
    private var lastChanges = 0
    private var lastTolerance: Tolerance?
    private var scratch: [UInt8] = []
    private var columns = 0
    private var rows = 0
    private var origin = CellPosition.home
    private var keeper: BudgetKeeper

    /// No cell holds this, so it differs from every one by more than any tolerance.
    static let unknown = UInt64.max
    /// A cell that holds this is not written at all.
    static let covered = UInt64.max - 1

    /// Creates an encoder that knows nothing about the screen.
    ///
    /// - Parameters:
    ///   - depth: Colours to use.
    ///   - repeats: True only for a terminal that has proved to repeat glyphs: others would leave cells out.
    public init(depth: ColorDepth, repeats: Bool = false) {
        (self.depth, self.repeats) = (depth, repeats)
        keeper = BudgetKeeper(depth: depth)
    }

    /// Forgets what is shown: the next frame is written whole, except where it is covered.
    public mutating func invalidate() {
        for index in shown.indices where shown[index] != Self.covered { shown[index] = Self.unknown }
    }

    /// Forgets what a part of the picture shows, for something was drawn over it.
    ///
    /// Cells outside of the picture are ignored.
    ///
    /// - Parameters:
    ///   - columns: Columns of the grid, from 0.
    ///   - rows: Rows of the grid, from 0.
    public mutating func invalidate(columns: Range<Int>, rows: Range<Int>) {
        mark(columns, rows, as: Self.unknown)
    }

    /// Leaves a part of the picture to something that lies over it, until `invalidate` is called for that part.
    ///
    /// Cells outside of the picture are ignored.
    ///
    /// - Parameters:
    ///   - columns: Columns of the grid, from 0.
    ///   - rows: Rows of the grid, from 0.
    public mutating func cover(columns: Range<Int>, rows: Range<Int>) {
        mark(columns, rows, as: Self.covered)
    }

    private mutating func mark(_ columns: Range<Int>, _ rows: Range<Int>, as code: UInt64) {
        let columns = columns.clamped(to: 0..<self.columns)
        for row in rows.clamped(to: 0..<self.rows) {
            for column in columns { shown[row * self.columns + column] = code }
        }
    }

    /// Appends the bytes that make the terminal show a picture.
    ///
    /// A picture of another size or at another place than the one before is written whole; what was shown outside of it
    /// stays. The time is some nanoseconds for a cell that stays and about 20 for one that changes.
    ///
    /// - Parameters:
    ///   - grid: The picture; it must fit on the screen.
    ///   - origin: Where its upper left cell goes.
    ///   - tolerance: What may be left out.
    ///   - budget: Bytes that the frame is to keep to; as many as it takes if nil.
    ///   - output: Receives the bytes; nothing where no cell changed.
    public mutating func encode(
        _ grid: CellGrid,
        at origin: CellPosition = .home,
        tolerance: Tolerance = .exact,
        budget: ByteBudget? = nil,
        into output: inout [UInt8]
    ) {
        prepare(columns: grid.columns, rows: grid.rows, at: origin)
        switch depth {
        case .truecolor:
            grid.cells.withUnsafeBufferPointer { cells in
                cells.withMemoryRebound(to: UInt64.self) {
                    write($0, tolerance: tolerance, budget: budget, into: &output)
                }
            }
        case .palette256, .palette16, .none:
            quantize(grid, slack: Int(min(tolerance.cell, tolerance.pen)))
            // The colours are numbers now; their nearness was judged before.
            let wanted = wanted
            wanted.withUnsafeBufferPointer {
                write($0, tolerance: .exact, budget: budget, into: &output)
            }
        }
    }

    /// The colours a cell of the picture shows, or nil before it was written or where the depth has none.
    public func shownCell(column: Int, row: Int) -> Cell? {
        guard (0..<columns).contains(column), (0..<rows).contains(row) else { return nil }
        let code = shown[row * columns + column]
        guard code < Self.covered else { return nil }
        guard let top = color(ofCode: UInt32(truncatingIfNeeded: code)),
            let bottom = color(ofCode: UInt32(truncatingIfNeeded: code >> 32))
        else { return nil }
        return Cell(top: top, bottom: bottom)
    }

    /// Makes ready for pictures of a size at a place, as the first of them does; where these are as they were nothing
    /// happens.
    ///
    /// - Parameters:
    ///   - columns: Cells in a row.
    ///   - rows: Rows of cells.
    ///   - origin: Where the upper left cell goes.
    public mutating func prepare(columns: Int, rows: Int, at origin: CellPosition) {
        guard columns != self.columns || rows != self.rows || origin != self.origin || shown.isEmpty else {
            return
        }
        (self.columns, self.rows, self.origin) = (columns, rows, origin)
        shown = [UInt64](repeating: Self.unknown, count: columns * rows)
        (last, lastChanges) = (shown, 0)
        scratch = [UInt8](repeating: 0, count: EscapeWriter.bound(cells: columns * rows))
    }

    /// Finds the colours of the depth for all cells; a cell that is as it was keeps those it has.
    private mutating func quantize(_ grid: CellGrid, slack: Int) {
        let isStricter = slack < lastSlack
        lastSlack = slack
        if wanted.count != grid.cells.count {
            wanted = [UInt64](repeating: Self.unknown, count: grid.cells.count)
            sources = grid.cells
        }
        let (depth, columns, shown) = (depth, columns, shown)
        wanted.withUnsafeMutableBufferPointer { wanted in
            sources.withUnsafeMutableBufferPointer { sources in
                for (index, cell) in grid.cells.enumerated() {
                    let known = shown[index]
                    guard cell != sources[index] || isStricter || known == Self.unknown else { continue }
                    let (y, x) = index.quotientAndRemainder(dividingBy: columns)
                    wanted[index] = depth.code(of: cell, x: x, y: y, shown: known, slack: slack)
                    sources[index] = cell
                }
            }
        }
    }

    private mutating func write(
        _ wanted: UnsafeBufferPointer<UInt64>,
        tolerance: Tolerance,
        budget: ByteBudget?,
        into output: inout [UInt8]
    ) {
        guard let wanted = wanted.baseAddress else { return }
        var plan = FramePlan(tolerance: tolerance, rows: 0..<rows)
        if let budget {
            let differences = differences(from: wanted)
            plan = keeper.plan(budget, tolerance, columns: columns, differences: differences)
        }
        let start = output.count
        write(wanted, plan, into: &output)
        if let cells = plan.cells { keeper.note(bytes: output.count - start, cells: cells) }
    }

    private mutating func write(
        _ wanted: UnsafePointer<UInt64>,
        _ plan: FramePlan,
        into output: inout [UInt8]
    ) {
        let tolerance = plan.tolerance
        let count = columns * rows
        let first = plan.rows.lowerBound * columns
        // What a frame without tolerance leaves nobody asks for.
        let keepsLast = tolerance.cell > 0
        // Taken out of the encoder, for that is changed while the frame is judged.
        var last = [UInt64]()
        swap(&last, &self.last)
        let before = lastChanges
        let isWhole = plan.rows.count == rows
        let isSteady = isWhole && tolerance == lastTolerance
        // What was not looked at has not been judged.
        lastTolerance = isWhole ? tolerance : nil
        lastChanges = last.withUnsafeMutableBufferPointer { last -> Int in
            guard let last = last.baseAddress else { return 0 }
            var judge = DifferenceJudge(
                tolerance,
                columns: columns,
                rows: plan.rows.count,
                last: last + first,
                lastChanges: before,
                isSteady: isSteady
            )
            write(wanted, plan.rows, judge: &judge, into: &output)
            if keepsLast { last.update(from: wanted, count: count) }
            return judge.changes
        }
        swap(&last, &self.last)
    }

    /// Of each cell the largest difference of a channel between what is shown and what should be.
    private func differences(from wanted: UnsafePointer<UInt64>) -> [UInt8] {
        let isColor = depth == .truecolor
        return shown.indices.map { index in
            let (code, other) = (wanted[index], shown[index])
            if code == other || other == Self.covered { return 0 }
            guard isColor, other != Self.unknown else { return 255 }
            let channels = SIMD8<UInt8>(bytesOf: code)
            let shownChannels = SIMD8<UInt8>(bytesOf: other)
            return (pointwiseMax(channels, shownChannels) &- pointwiseMin(channels, shownChannels)).max()
        }
    }

    private mutating func write(
        _ wanted: UnsafePointer<UInt64>,
        _ range: Range<Int>,
        judge: inout DifferenceJudge,
        into output: inout [UInt8]
    ) {
        let (depth, repeats, columns, first) = (depth, repeats, columns, range.lowerBound * columns)
        let origin = CellPosition(column: origin.column, row: origin.row + range.lowerBound)
        shown.withUnsafeMutableBufferPointer { shown in
            scratch.withUnsafeMutableBufferPointer { scratch in
                EscapeWriter.numbers.withUnsafeBufferPointer { numbers in
                    guard let shown = shown.baseAddress, let start = scratch.baseAddress,
                        let numbers = numbers.baseAddress
                    else { return }
                    var writer = EscapeWriter(
                        depth: depth,
                        repeats: repeats,
                        at: start,
                        numbers: numbers
                    )
                    writer.writeDifference(
                        from: shown + first,
                        to: wanted + first,
                        columns: columns,
                        rows: range.count,
                        origin: origin,
                        judge: &judge
                    )
                    output.append(
                        contentsOf: UnsafeBufferPointer(start: start, count: writer.count(from: start))
                    )
                }
            }
        }
    }

    private func color(ofCode code: UInt32) -> RGBColor? {
        switch depth {
        case .truecolor: Cell(bits: UInt64(code)).top
        case .palette256: Palette256.color(Int(code))
        case .palette16: Palette16.colors[Int(code)]
        case .none: nil
        }
    }
}

extension SIMD8<UInt8> {
    /// The bytes of a word, lowest first.
    fileprivate init(bytesOf word: UInt64) {
        self = unsafeBitCast(word.littleEndian, to: SIMD8<UInt8>.self)
    }
}
