public import Pixels

/// The ways to show a picture in a terminal.
public enum PictureMode: String, Sendable, Hashable, CaseIterable {
    /// Two pixels a cell, one above the other, each in its own colour.
    case half
    /// 2 x 2 blocks a cell in two colours.
    case quadrant
    /// 2 x 3 blocks a cell in two colours, Unicode 13.
    case sextant
    /// 2 x 4 blocks a cell in two colours, Unicode 16.
    case octant
    /// Characters of growing ink, without colour.
    case ascii
    /// Every pixel of the terminal, in 252 dithered colours: DEC's graphics of the VT340.
    case sixel
    /// Every pixel of the terminal, in 24 bits: kitty's graphics protocol.
    case kitty

    /// True where the terminal has to draw pixels and not characters.
    public var needsPixels: Bool { self == .sixel || self == .kitty }

    /// Blocks of a cell; nil where a cell is no grid of blocks in two colours.
    public var shape: BlockShape? {
        switch self {
        case .quadrant: .quadrant
        case .sextant: .sextant
        case .octant: .octant
        case .half, .ascii, .sixel, .kitty: nil
        }
    }

    /// Pixels of the picture in one cell.
    ///
    /// - Parameter cell: Size of a cell in the terminal's own pixels.
    /// - Returns: Both sides, 1 or more.
    public func pixels(inCell cell: PixelSize) -> PixelSize {
        switch self {
        case .half, .ascii: PixelSize(width: 1, height: 2)
        case .quadrant: PixelSize(width: BlockShape.columns, height: BlockShape.quadrant.rows)
        case .sextant: PixelSize(width: BlockShape.columns, height: BlockShape.sextant.rows)
        case .octant: PixelSize(width: BlockShape.columns, height: BlockShape.octant.rows)
        case .sixel, .kitty: PixelSize(width: max(1, cell.width), height: max(1, cell.height))
        }
    }

    /// Size of the picture that fills a rectangle of half blocks.
    ///
    /// - Parameters:
    ///   - place: The rectangle, a cell one wide and two high, as `PixelSize.fitted` gives it.
    ///   - cell: Size of a cell in the terminal's own pixels.
    /// - Returns: Width and height in pixels of this mode.
    public func size(of place: PixelSize, cell: PixelSize) -> PixelSize {
        let pixels = pixels(inCell: cell)
        return PixelSize(width: place.width * pixels.width, height: place.height / 2 * pixels.height)
    }

    /// The rectangle of half blocks that a picture of this mode fills; the inverse of `size(of:cell:)`.
    public func place(of size: PixelSize, cell: PixelSize) -> PixelSize {
        let pixels = pixels(inCell: cell)
        return PixelSize(width: size.width / pixels.width, height: size.height / pixels.height * 2)
    }

    /// What to multiply the aspect of a picture's own pixels with before it is fitted into half blocks.
    ///
    /// Half blocks are taken for square; where pixels are drawn it shows when they are not.
    public func aspectFactor(cell: PixelSize) -> Double {
        guard needsPixels, !cell.isEmpty else { return 1 }
        return Double(cell.height) / Double(2 * cell.width)
    }
}
