/// How far the screen may differ from the picture.
///
/// The difference is always taken from what the terminal shows, so it never adds up over frames.
public struct Tolerance: Sendable, Hashable {
    /// Largest difference of a channel, 0 to 255, that is left alone anywhere; with 0 every cell is as it should be.
    public var cell: UInt8
    /// A colour that is set already is used in place of one whose channels are this near to it, in uneven areas.
    public var pen: UInt8
    /// Largest difference of brightness that is left alone in an even area, where the eye sees most.
    ///
    /// It is twice that and more where neighbours differ much.
    public var brightness: UInt8
    /// Cells of a frame that are set right because what they should show has not changed since the frame before, besides
    /// one for every eight that change.
    public var refinement: Int

    /// Creates a tolerance.
    ///
    /// - Parameters:
    ///   - cell: Largest difference of a channel.
    ///   - pen: Largest difference of a channel for the sake of a colour that is set already.
    ///   - brightness: Largest difference of brightness in an even area; `cell` if nil.
    ///   - refinement: Resting cells to set right in each frame.
    public init(cell: UInt8, pen: UInt8, brightness: UInt8? = nil, refinement: Int = 0) {
        self.cell = cell
        self.pen = pen
        self.brightness = brightness ?? cell
        self.refinement = refinement
    }

    /// Every pixel as it is.
    public static let exact = Tolerance(cell: 0, pen: 0)
    /// Every pixel that rests as it is, those that move within one step of 255: quality 0 of a film.
    ///
    /// Sensor noise of one step then costs nothing.
    public static let exactAtRest = Tolerance(cell: 1, pen: 0, refinement: 1 << 24)
    /// About the difference that is just visible between neighbouring areas: quality 1.
    public static let justVisible = Tolerance(cell: 9, pen: 6, brightness: 2, refinement: 1)
}
