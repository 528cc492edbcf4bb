public import Pixels

/// Writes pictures in whatever mode: the encoder of the mode, behind one face.
///
/// ```
/// half, ascii                ANSIEncoder
/// quadrant, sextant, octant  BlockEncoder
/// sixel, kitty               PixelEncoder
/// ```
public struct PictureEncoder: Sendable {
    /// The way to show pictures.
    public let mode: PictureMode
    /// Colours in use; where pixels are drawn it makes no difference.
    public let depth: ColorDepth
    /// Size of a cell in the terminal's own pixels.
    public let cell: PixelSize
    // One of the three, as a value of its own: what lies in an enumeration is copied when it is changed.
    private var cells: ANSIEncoder?
    private var blocks: BlockEncoder?
    private var pixels: PixelEncoder?
    private var grid = CellGrid(columns: 0, rows: 0)

    /// What a cell of a terminal that does not tell is taken for.
    public static let usualCell = PixelSize(width: 10, height: 20)

    /// Creates an encoder that knows nothing about the screen; without colours it writes ASCII, unless the mode draws
    /// pixels.
    ///
    /// - Parameters:
    ///   - mode: The way to show pictures.
    ///   - depth: Colours to use.
    ///   - cell: Size of a cell in the terminal's own pixels.
    ///   - repeats: True only for a terminal that has proved to repeat glyphs.
    public init(mode: PictureMode, depth: ColorDepth, cell: PixelSize = usualCell, repeats: Bool = false) {
        (self.mode, self.depth, self.cell) = (mode, depth, cell)
        if mode.needsPixels {
            pixels = PixelEncoder(mode: mode, cell: cell)
        } else if let shape = mode.shape, depth != .none {
            blocks = BlockEncoder(shape: shape, depth: depth)
        } else {
            cells = ANSIEncoder(depth: mode == .ascii ? .none : depth, repeats: repeats)
        }
    }

    /// Pixels of a picture that fills a rectangle of half blocks, as `PixelSize.fitted` gives it.
    public func size(of place: PixelSize) -> PixelSize {
        (blocks == nil && pixels == nil ? .half : mode).size(of: place, cell: cell)
    }

    /// Makes ready for pictures of a size at a place; where these are as they were nothing happens.
    ///
    /// - Parameters:
    ///   - columns: Cells in a row.
    ///   - rows: Rows of cells.
    ///   - origin: Where the upper left cell goes.
    public mutating func prepare(columns: Int, rows: Int, at origin: CellPosition) {
        cells?.prepare(columns: columns, rows: rows, at: origin)
        blocks?.prepare(columns: columns, rows: rows, at: origin)
        pixels?.prepare(columns: columns, rows: rows, at: origin)
    }

    /// Forgets what a part of the picture shows, for something was drawn over it.
    ///
    /// - Parameters:
    ///   - columns: Columns of the picture, from 0.
    ///   - rows: Rows of the picture, from 0.
    public mutating func invalidate(columns: Range<Int>, rows: Range<Int>) {
        cells?.invalidate(columns: columns, rows: rows)
        blocks?.invalidate(columns: columns, rows: rows)
        pixels?.invalidate(columns: columns, rows: rows)
    }

    /// Leaves a part of the picture to something that lies over it, until `invalidate` is called for that part.
    ///
    /// - Parameters:
    ///   - columns: Columns of the picture, from 0.
    ///   - rows: Rows of the picture, from 0.
    public mutating func cover(columns: Range<Int>, rows: Range<Int>) {
        cells?.cover(columns: columns, rows: rows)
        blocks?.cover(columns: columns, rows: rows)
        pixels?.cover(columns: columns, rows: rows)
    }

    /// Appends the bytes that make the terminal show a picture.
    ///
    /// - Parameters:
    ///   - image: The picture, of a size that `size(of:)` gives.
    ///   - origin: Where its upper left cell goes; it must fit on the screen.
    ///   - tolerance: What may be left out.
    ///   - budget: Bytes that the frame is to keep to; as many as it takes if nil.
    ///   - output: Receives the bytes; nothing where nothing changed.
    public mutating func encode(
        _ image: RGBImage,
        at origin: CellPosition = .home,
        tolerance: Tolerance = .exact,
        budget: ByteBudget? = nil,
        into output: inout [UInt8]
    ) {
        if cells != nil {
            HalfBlockRenderer().render(image, into: &grid)
            cells?.encode(grid, at: origin, tolerance: tolerance, budget: budget, into: &output)
        }
        blocks?.encode(image, at: origin, tolerance: tolerance, budget: budget, into: &output)
        pixels?.encode(image, at: origin, tolerance: tolerance, budget: budget, into: &output)
    }
}
