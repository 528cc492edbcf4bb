package import Playback

/// Everything that a key, a click or the palette can ask of the monitor.
package enum MonitorCommand: Sendable, Hashable {
    /// Ends the program.
    case quit
    /// Back to the screen before; ends the program on the first.
    case back
    /// Cancels what is open, else goes back; on the first screen it clears the filter.
    case cancel
    /// The keys of this screen.
    case help
    /// Repaints everything.
    case redraw
    /// Stops the program, as the shell's job control does.
    case suspend
    /// Moves in a list: rows down, or up where negative.
    case moveRows(Int)
    /// Moves in a list: pages down, or up where negative.
    case movePages(Int)
    /// First row of a list.
    case firstRow
    /// Last row of a list.
    case lastRow
    /// Opens what is selected.
    case open
    /// Types a filter.
    case filter
    /// Goes to a row that the filter leaves: so many down, up where negative, and round.
    case nextMatch(Int)
    /// Sorts by the next column.
    case sort
    /// Sorts the other way round.
    case reverseSort
    /// Asks the player.
    case player(PlayerCommand)
    /// Something on the player's screen.
    case screen(PlayerScreenCommand)
    /// Seeks to tenths of the visible window of the timeline.
    case seekTenths(Int)
    /// A shorter window.
    case zoomIn
    /// A longer window.
    case zoomOut
    /// Types a time to go to.
    case goTo
    /// Shows or hides the panel of figures.
    case info
    /// Shows the picture alone, or all again.
    case full
    /// Types a command that may have been begun.
    case palette(String)
    /// Shows what has happened.
    case log
    /// Asks the service at once.
    case refresh
    /// Copies what identifies the selection to the clipboard of the terminal.
    case copy
    /// Shows the streams that an expression leaves.
    case setFilter(String)
    /// Sorts by a column.
    case setSort(SortColumn)
    /// Scales all bars of the list alike, or each row by itself.
    case scaleBars(isCommon: Bool)
    /// Plays a stream.
    case watch(String)
    /// Shows streams side by side; without names the marked ones, else all of the list.
    case wall([String])
    /// Something on the wall.
    case onWall(WallCommand)
    /// Marks the selected stream, or takes its mark away.
    case mark
    /// Goes back to the list of streams.
    case streams(filter: String?)
    /// Shows other colours.
    case theme(String)
    /// Goes to a time that is told as in the go-to prompt.
    case seek(String)
    /// Shows a window of so much time.
    case zoom(TimelineZoom)
    /// Types the name of a stream to be made.
    case create
    /// Asks for the name of the selected stream, and deletes it.
    case delete
    /// Asks for the name of a stream again, and deletes it.
    case deleteStream(String)
    /// Saves the marked clip under a name.
    case saveClip(String)
    /// Saves the picture under a name.
    case saveSnapshot(String)
    /// Shows the tags of the selected stream, to be changed.
    case tags
    /// Changes streams.
    case change(StreamChange)
    /// Sets something for as long as the program runs.
    case set(Setting, String)
    /// Shows another service.
    case connect(ConsoleDestination)
    /// Something on the inspector's screen, or opens it.
    case inspector(InspectorCommand)

    /// A move in a list.
    enum Move: Sendable, Hashable {
        /// Rows down, or up where negative.
        case rows(Int)
        /// Pages down, or up where negative.
        case pages(Int)
        /// The first row.
        case first
        /// The last row.
        case last
    }
}
