package import TerminalVideo

/// What keys of the player's screen do that is not the player's own business.
package enum PlayerScreenCommand: Sendable, Hashable {
    /// The clip begins at the playhead.
    case markIn
    /// The clip ends at the playhead.
    case markOut
    /// No clip is marked.
    case clearMarks
    /// Opens or closes the export of the marked clip.
    case export
    /// Saves the picture in full size.
    case snapshot
    /// Plays a stream so many further down the list at the same time of day; up where negative.
    case neighbor(Int)
    /// Shows the server's time instead of the producer's, or the other way round.
    case toggleClock
    /// Shows local time instead of UTC, or the other way round.
    case toggleZone
    /// Shows the server's time, or the producer's.
    case showClock(isServer: Bool)
    /// Shows local time, or UTC.
    case showZone(isLocal: Bool)
    /// Holds on to a quality of the picture; nil lets it follow the terminal.
    case pinQuality(OutputQuality?)
    /// Shows pictures in the next of the ways that the terminal knows.
    case nextMode
    /// Shows pictures in one way.
    case showMode(PictureMode)
}
