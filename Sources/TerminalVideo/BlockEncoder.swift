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
    private var scratch: [UInt8] = []
    private var columns = 0
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

    /// Forgets what is shown: the next frame is written whole.
    public mutating func invalidate() {
        for index in shown.indices { shown[index] = nil }
    }

    /// Appends the bytes that make the terminal show a picture.
    ///
    /// - Parameters:
    ///   - image: The picture: `BlockShape.columns` pixels across and `shape.rows` down for each cell.
    ///   - origin: Where its upper left cell goes; it must fit on the screen.
    ///   - tolerance: What may be left out: `cell` and `pen` count.
    ///   - output: Receives the bytes; nothing where no cell changed.
    public mutating func encode(
        _ image: RGBImage,
        at origin: CellPosition = .home,
        tolerance: Tolerance = .exact,
        into output: inout [UInt8]
    ) {
        let columns = image.size.width / BlockShape.columns
        let rows = image.size.height / shape.rows
        BlockRenderer(shape: shape).render(image, columns: columns, rows: rows, into: &wanted)
        if shown.count != wanted.count || columns != self.columns || origin != self.origin {
            (self.columns, self.origin) = (columns, origin)
            shown = [BlockCell?](repeating: nil, count: wanted.count)
            scratch = [UInt8](repeating: 0, count: EscapeWriter.bound(cells: wanted.count))
        }
        let limit = depth == .truecolor ? UInt64(min(tolerance.cell, 6)) : 0
        let pen = depth == .truecolor ? UInt64(min(tolerance.pen, 3)) : 0
        let full = UInt8((1 << shape.count) - 1)
        scratch.withUnsafeMutableBufferPointer { scratch in
            EscapeWriter.numbers.withUnsafeBufferPointer { numbers in
                guard let start = scratch.baseAddress, let numbers = numbers.baseAddress else { return }
                var writer = EscapeWriter(depth: depth, at: start, numbers: numbers)
                for index in wanted.indices {
                    let cell = depth.numbered(wanted[index])
                    if let known = shown[index], known.isNear(cell, within: limit, full: full) { continue }
                    let (row, column) = index.quotientAndRemainder(dividingBy: columns)
                    writer.move(toRow: origin.row + row, column: origin.column + column)
                    shown[index] = writer.put(cell, full: full, penTolerance: pen, glyphs: glyphs)
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
