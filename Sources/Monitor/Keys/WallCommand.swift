/// What keys of the wall do.
package enum WallCommand: Sendable, Hashable {
    /// Where the focus goes.
    package enum Direction: Sendable, Hashable {
        /// One tile that way; at the edge it stays.
        case left, right, up, down
        /// The tile so many further on the page, round its end; back where negative.
        case next(Int)
    }

    /// Another tile has the focus.
    case focus(Direction)
    /// So many tiles in a row, as far as they fit.
    case grid(Int)
    /// So many pages further, round the end; back where negative.
    case page(Int)
    /// The focused tile shows key pictures only, as the others do, or all again.
    case toggleKeyFrames
    /// Holds all tiles to the time of the focused one, or lets them go.
    case toggleSameTime
}
