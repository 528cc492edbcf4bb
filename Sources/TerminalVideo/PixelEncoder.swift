public import Pixels

/// Writes pictures pixel by pixel, for terminals that draw sixels or kitty's graphics, only the stripes that differ.
///
/// ```
/// picture > stripes of some rows of cells > those that differ from what is shown > sixels or pixels
///           '--- pieces left and right of whatever lies over them
/// ```
/// The sibling of `ANSIEncoder`, under the same conditions: all it gave out reached the terminal. Where the height of a
/// cell is no multiple of six, up to five rows of pixels at the lower end are left out in sixels: a band that began on
/// the last row of the screen would scroll it.
public struct PixelEncoder: Sendable {
    /// Pixels of a cell.
    public let cell: PixelSize
    private let isSixel: Bool
    private var sixels = SixelWriter()
    private var columns = 0
    private var rows = 0
    private var origin = CellPosition.home
    private var pieces: [Piece] = []
    private var isCovered: [Bool] = []
    private var isLaidOut = false
    /// What the terminal shows where pieces are known.
    private var shown = RGBImage(size: PixelSize(width: 0, height: 0))
    /// The piece at which the next frame begins that has no room for all.
    private var next = 0

    /// A rectangle of cells that is written whole.
    private struct Piece: Sendable, Hashable {
        var columns: Range<Int>
        var rows: Range<Int>
        /// True where `shown` is what the terminal shows there.
        var isKnown = false
    }

    /// Rows of cells in a stripe of kitty's graphics.
    private static let stripe = 4

    /// Creates an encoder that knows nothing about the screen.
    ///
    /// - Parameters:
    ///   - mode: `sixel` or `kitty`.
    ///   - cell: Pixels of a cell of the terminal.
    public init(mode: PictureMode, cell: PixelSize) {
        precondition(mode.needsPixels && !cell.isEmpty, "\(mode) with cells of \(cell) draws no pixels")
        isSixel = mode == .sixel
        self.cell = cell
    }

    /// Forgets what is shown: the next frame is written whole, except where it is covered.
    public mutating func invalidate() {
        for index in pieces.indices { pieces[index].isKnown = false }
    }

    /// Forgets what a part of the picture shows, for something was drawn over it.
    ///
    /// - Parameters:
    ///   - columns: Columns of the picture, from 0.
    ///   - rows: Rows of the picture, from 0.
    public mutating func invalidate(columns: Range<Int>, rows: Range<Int>) {
        mark(columns, rows, isCovered: false)
    }

    /// Leaves a part of the picture to something that lies over it, until `invalidate` is called for that part.
    ///
    /// - Parameters:
    ///   - columns: Columns of the picture, from 0.
    ///   - rows: Rows of the picture, from 0.
    public mutating func cover(columns: Range<Int>, rows: Range<Int>) {
        mark(columns, rows, isCovered: true)
    }

    private mutating func mark(_ columns: Range<Int>, _ rows: Range<Int>, isCovered value: Bool) {
        let columns = columns.clamped(to: 0..<self.columns)
        for row in rows.clamped(to: 0..<self.rows) {
            for column in columns { isCovered[row * self.columns + column] = value }
        }
        isLaidOut = false
    }

    /// Makes ready for pictures of a size at a place; where these are as they were nothing happens.
    ///
    /// - Parameters:
    ///   - columns: Cells in a row.
    ///   - rows: Rows of cells.
    ///   - origin: Where the upper left cell goes.
    public mutating func prepare(columns: Int, rows: Int, at origin: CellPosition) {
        guard columns != self.columns || rows != self.rows || origin != self.origin else { return }
        (self.columns, self.rows, self.origin) = (columns, rows, origin)
        isCovered = [Bool](repeating: false, count: columns * rows)
        pieces = []
        isLaidOut = false
        next = 0
    }

    /// Appends the bytes that make the terminal show a picture.
    ///
    /// - Parameters:
    ///   - image: The picture: `cell` pixels for each cell.
    ///   - origin: Where its upper left cell goes; it must fit on the screen.
    ///   - tolerance: What may be left out: `cell` counts.
    ///   - budget: Bytes that the frame is to keep to, by more than a piece: what is left out follows with the next
    ///     frames; as many as it takes if nil.
    ///   - output: Receives the bytes; nothing where no piece changed.
    public mutating func encode(
        _ image: RGBImage,
        at origin: CellPosition = .home,
        tolerance: Tolerance = .exact,
        budget: ByteBudget? = nil,
        into output: inout [UInt8]
    ) {
        prepare(columns: image.size.width / cell.width, rows: image.size.height / cell.height, at: origin)
        if shown.size != image.size {
            shown = RGBImage(size: image.size)
            invalidate()
        }
        if !isLaidOut { layOut(into: &output) }
        let start = output.count
        for count in pieces.indices {
            let index = (next + count) % pieces.count
            let part = part(of: pieces[index])
            guard !part.size.isEmpty, !isShown(image, part, index, within: Int(tolerance.cell)) else {
                continue
            }
            write(image, part, pieces[index], into: &output)
            keep(image, part)
            pieces[index].isKnown = true
            if let budget, output.count - start >= budget.most {
                next = index + 1
                return
            }
        }
        next = 0
    }

    // MARK: Pieces

    /// Cuts the picture into pieces around what covers it; those that were there before stay known.
    private mutating func layOut(into output: inout [UInt8]) {
        isLaidOut = true
        next = 0
        let height = isSixel ? Self.rows(ofBandsIn: cell.height) : Self.stripe
        var new: [Piece] = []
        for top in stride(from: 0, to: rows, by: height) {
            let rows = top..<min(top + height, rows)
            var column = 0
            while column < columns {
                guard isFree(column, rows) else {
                    column += 1
                    continue
                }
                let first = column
                while column < columns, isFree(column, rows) { column += 1 }
                new.append(Piece(columns: first..<column, rows: rows))
            }
        }
        let known = Set(pieces.lazy.filter(\.isKnown).map { Piece(columns: $0.columns, rows: $0.rows) })
        for index in new.indices { new[index].isKnown = known.contains(new[index]) }
        if !isSixel {
            // Pictures that were cut differently would lie under the new ones, or over what covers them now.
            let stays = Set(new.map(id))
            for piece in pieces where piece.isKnown && !stays.contains(id(of: piece)) {
                KittyWriter.delete(id: id(of: piece), into: &output)
            }
        }
        pieces = new
    }

    /// Rows of cells after which bands of sixels begin with a cell again.
    private static func rows(ofBandsIn height: Int) -> Int {
        (1...SixelWriter.band).first { $0 * height % SixelWriter.band == 0 } ?? SixelWriter.band
    }

    private func isFree(_ column: Int, _ rows: Range<Int>) -> Bool {
        rows.allSatisfy { !isCovered[$0 * columns + column] }
    }

    private func part(of piece: Piece) -> PixelRect {
        let height = piece.rows.count * cell.height
        return PixelRect(
            x: piece.columns.lowerBound * cell.width,
            y: piece.rows.lowerBound * cell.height,
            width: piece.columns.count * cell.width,
            height: isSixel ? height / SixelWriter.band * SixelWriter.band : height
        )
    }

    /// A number that no other place on the screen has.
    private func id(of piece: Piece) -> Int {
        (origin.row + piece.rows.lowerBound) << 12 | (origin.column + piece.columns.lowerBound) + 1
    }

    private func isShown(_ image: RGBImage, _ part: PixelRect, _ index: Int, within limit: Int) -> Bool {
        guard pieces[index].isKnown else { return false }
        let stride = 3 * image.size.width
        return image.bytes.withUnsafeBufferPointer { wanted in
            shown.bytes.withUnsafeBufferPointer { shown in
                for y in part.y..<part.y + part.size.height {
                    let start = y * stride + 3 * part.x
                    for at in start..<start + 3 * part.size.width
                    where abs(Int(wanted[at]) - Int(shown[at])) > limit {
                        return false
                    }
                }
                return true
            }
        }
    }

    private mutating func keep(_ image: RGBImage, _ part: PixelRect) {
        let stride = 3 * image.size.width
        shown.withUnsafeMutableBytes { shown in
            for y in part.y..<part.y + part.size.height {
                for at in y * stride + 3 * part.x..<y * stride + 3 * (part.x + part.size.width) {
                    shown[at] = image.bytes[at]
                }
            }
        }
    }

    private mutating func write(
        _ image: RGBImage,
        _ part: PixelRect,
        _ piece: Piece,
        into output: inout [UInt8]
    ) {
        let row = origin.row + piece.rows.lowerBound + 1
        output += "\u{1B}[\(row);\(origin.column + piece.columns.lowerBound + 1)H".utf8
        guard !isSixel else { return sixels.write(image, part, into: &output) }
        KittyWriter.write(
            image,
            part,
            columns: piece.columns.count,
            rows: piece.rows.count,
            id: id(of: piece),
            into: &output
        )
    }
}
