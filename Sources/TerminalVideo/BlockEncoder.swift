public import Pixels

/// Writes pictures as quadrants, sextants or octants, only what differs from what the terminal shows.
///
/// The sibling of `ANSIEncoder` for finer blocks, under the same conditions: all it gave out reached the terminal, and
/// cursor and colours are unknown when a frame begins. It needs a terminal whose font has the characters.
public struct BlockEncoder: Sendable {
    /// Blocks of a cell.
    public let shape: BlockShape
    /// Colours in use; without colour there are no blocks.
    public let depth: ColorDepth
    private var wanted: [BlockCell] = []
    private var shown: [BlockCell?] = []
    private var isCovered: [Bool] = []
    /// The row at which the next frame begins that has no room for all.
    private var nextRow = 0
    private var scratch: [UInt8] = []
    private var columns = 0
    private var rows = 0
    private var origin = CellPosition.home
    /// UTF-8 of the characters, first byte lowest, and how many bytes each has.
    private let glyphs: [(bytes: UInt32, count: Int)]

    /// Creates an encoder that knows nothing about the screen; the depth must have colours.
    public init(shape: BlockShape, depth: ColorDepth) {
        precondition(depth != .none, "blocks need two colours")
        self.shape = shape
        self.depth = depth
        glyphs = shape.scalars.map { scalar in
            let bytes = Array(String(scalar).utf8)
            return (bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }, bytes.count)
        }
    }

    /// Forgets what is shown: the next frame is written whole, except where it is covered.
    public mutating func invalidate() {
        for index in shown.indices { shown[index] = nil }
    }

    /// Forgets what a part of the picture shows, for something was drawn over it.
    ///
    /// - Parameters:
    ///   - columns: Columns of cells, from 0; those outside of the picture are ignored.
    ///   - rows: Rows of cells, from 0.
    public mutating func invalidate(columns: Range<Int>, rows: Range<Int>) {
        mark(columns, rows, isCovered: false)
    }

    /// Leaves a part of the picture to something that lies over it, until `invalidate` is called for that part.
    ///
    /// - Parameters:
    ///   - columns: Columns of cells, from 0; those outside of the picture are ignored.
    ///   - rows: Rows of cells, from 0.
    public mutating func cover(columns: Range<Int>, rows: Range<Int>) {
        mark(columns, rows, isCovered: true)
    }

    private mutating func mark(_ columns: Range<Int>, _ rows: Range<Int>, isCovered value: Bool) {
        let columns = columns.clamped(to: 0..<self.columns)
        for row in rows.clamped(to: 0..<self.rows) {
            for index in columns.lowerBound + row * self.columns..<columns.upperBound + row * self.columns {
                isCovered[index] = value
                shown[index] = nil
            }
        }
    }

    /// Makes ready for pictures of a size at a place; where these are as they were nothing happens.
    ///
    /// - Parameters:
    ///   - columns: Cells in a row.
    ///   - rows: Rows of cells.
    ///   - origin: Where the upper left cell goes.
    public mutating func prepare(columns: Int, rows: Int, at origin: CellPosition) {
        guard columns != self.columns || rows != self.rows || origin != self.origin else { return }
        (self.columns, self.rows, self.origin, nextRow) = (columns, rows, origin, 0)
        shown = [BlockCell?](repeating: nil, count: columns * rows)
        isCovered = [Bool](repeating: false, count: columns * rows)
        scratch = [UInt8](repeating: 0, count: EscapeWriter.bound(cells: columns * rows))
    }

    /// Appends the bytes that make the terminal show a picture.
    ///
    /// - Parameters:
    ///   - image: The picture: `BlockShape.columns` pixels across and `shape.rows` down for each cell.
    ///   - origin: Where its upper left cell goes; it must fit on the screen.
    ///   - tolerance: What may be left out: `cell` and `pen` count.
    ///   - budget: Bytes that the frame is to keep to, by more than a row: the rows left out follow with the next
    ///     frames; as many as it takes if nil.
    ///   - output: Receives the bytes; nothing where no cell changed.
    public mutating func encode(
        _ image: RGBImage,
        at origin: CellPosition = .home,
        tolerance: Tolerance = .exact,
        budget: ByteBudget? = nil,
        into output: inout [UInt8]
    ) {
        let columns = image.size.width / BlockShape.columns
        let rows = image.size.height / shape.rows
        BlockRenderer(shape: shape).render(image, columns: columns, rows: rows, into: &wanted)
        prepare(columns: columns, rows: rows, at: origin)
        let limit = depth == .truecolor ? UInt64(min(tolerance.cell, 6)) : 0
        let pen = depth == .truecolor ? UInt64(min(tolerance.pen, 3)) : 0
        let full = UInt8((1 << shape.count) - 1)
        scratch.withUnsafeMutableBufferPointer { scratch in
            EscapeWriter.numbers.withUnsafeBufferPointer { numbers in
                guard let start = scratch.baseAddress, let numbers = numbers.baseAddress else { return }
                var writer = EscapeWriter(depth: depth, at: start, numbers: numbers)
                let first = nextRow < rows ? nextRow : 0
                nextRow = 0
                for row in first..<rows {
                    for index in row * columns..<(row + 1) * columns where !isCovered[index] {
                        let cell = depth.numbered(wanted[index])
                        if let known = shown[index], known.isNear(cell, within: limit, full: full) {
                            continue
                        }
                        writer.move(toRow: origin.row + row, column: origin.column + index - row * columns)
                        shown[index] = writer.put(cell, full: full, penTolerance: pen, glyphs: glyphs)
                    }
                    if let budget, writer.count(from: start) >= budget.most {
                        nextRow = row + 1
                        break
                    }
                }
                output.append(contentsOf: UnsafeBufferPointer(start: start, count: writer.count(from: start)))
            }
        }
    }
}

extension ColorDepth {
    /// A cell with the numbers of a palette in place of its colours.
    fileprivate func numbered(_ cell: BlockCell) -> BlockCell {
        guard self != .truecolor else { return cell }
        return BlockCell(
            set: cell.set,
            foreground: number(cell.foreground),
            background: number(cell.background)
        )
    }

    private func number(_ word: UInt32) -> UInt32 {
        let color = Cell(bits: UInt64(word)).top
        return UInt32(self == .palette256 ? Palette256.nearest(to: color) : Palette16.nearest(to: color))
    }
}
