/// How far the screen may differ from the picture, as the largest difference of a channel, 0 to 255.
///
/// The difference is always taken from what the terminal shows, so it never adds up over frames.
public struct Tolerance: Sendable, Hashable {
    /// A cell is left alone while both its halves are this near to what it should show.
    public var cell: UInt8
    /// A colour that is set already is used in place of one this near to it.
    public var pen: UInt8

    /// Creates a tolerance.
    public init(cell: UInt8, pen: UInt8) {
        self.cell = cell
        self.pen = pen
    }

    /// Every pixel as it is: quality 0.
    public static let exact = Tolerance(cell: 0, pen: 0)
    /// About the difference that is just visible between neighbouring areas: quality 1.
    public static let justVisible = Tolerance(cell: 6, pen: 4)
}
