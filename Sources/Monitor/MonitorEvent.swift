package import KinesisVideo
package import KinesisVideoConsumer
package import Playback
package import TerminalScreen
package import TerminalVideo

/// Something that happens to the monitor.
package enum MonitorEvent: Sendable, Hashable {
    /// The user did something.
    case input(InputEvent)
    /// The screen has this size now.
    case resized(ScreenSize)
    /// Time has passed; nothing else tells it.
    case tick
    /// A report of all streams came.
    case statistics(ServiceStatistics)
    /// Where reports come from from now on, and how many milliseconds lie between two.
    case source(String, interval: Int64)
    /// No report came: one line on why.
    case statisticsFailed(String)
    /// One stream's figures could not be had: one line on why.
    case streamFailed(name: String, reason: String)
    /// The player says something new of itself.
    case player(PlayerStatus)
    /// What the players of the wall say of themselves; time passes with it.
    case tiles([PlayerStatus])
    /// What lies in the columns of the timeline.
    case timeline([TimelineColumn])
    /// What lies at the moment typed into the go-to prompt.
    case place(TimelinePlace)
    /// How far the clip under way has come.
    case clipProgress(ClipProgress)
    /// The clip under way has ended.
    case clipEnded(ClipOutcome)
    /// Fragments and bytes of the clip that may be exported.
    case clipExtent(TimelineExtent)
    /// Seconds that the service's clock is ahead of this one; nil where it has not said.
    case clockOffset(Int64?)
    /// What the screen measured of itself.
    case figures(ScreenFigures)
    /// tmux has thrown away so many bytes, because its terminal was too slow for them.
    case outputDiscarded(bytes: Int)
    /// Something came for the inspector.
    case inspected(InspectedSource, InspectionAnswer)
    /// The tags of a stream came; nil, with one line on why, where they could not be had.
    case tags(stream: String, [String: String]?, failure: String?)
    /// A picture of a stream of the list came, or why it did not.
    case preview(StreamPreview)
    /// A line to show for a while.
    case toast(String, isError: Bool)
    /// A line for the log alone.
    case note(EventLog.Level, source: String, String)
    /// The service was asked to change something: one line on why it did not.
    case changed(StreamChange, failure: String?)
}

/// What the monitor wants done.
package enum MonitorAction: Sendable, Hashable {
    /// Opens a player on a stream; hours that it keeps media, where known.
    case openPlayer(stream: String, retentionHours: Int?)
    /// Ends the player.
    case closePlayer
    /// Asks the player.
    case player(PlayerCommand)
    /// Opens a stream on the wall; hours that it keeps media, where known.
    case openTile(stream: String, retentionHours: Int?)
    /// Ends a stream of the wall.
    case closeTile(String)
    /// Asks the player of a stream of the wall.
    case tile(String, PlayerCommand)
    /// Asks the service to change something.
    case change(StreamChange)
    /// Asks for the tags of a stream.
    case askTags(String)
    /// Asks the service for its figures at once.
    case refresh
    /// Leaves a text in the clipboard of the terminal.
    case copy(String)
    /// Begins to write a clip.
    case startClip(ClipJob)
    /// Gives the clip under way up.
    case cancelClip
    /// Saves the picture in full size under a name.
    case snapshot(String)
    /// Repaints everything.
    case redraw
    /// Stops the program, as the shell's job control does.
    case suspend
    /// Goes on with another service.
    case connect(ConsoleDestination)
    /// Ends the program.
    case quit
}

/// What the monitor asks of the service.
package enum MonitorRequest: Sendable, Hashable {
    /// To change something; answered by `MonitorEvent.changed`.
    case change(StreamChange)
    /// For its figures at once; answered by a report.
    case refresh
    /// For the tags of a stream; answered by `MonitorEvent.tags`.
    case tags(String)
    /// For a picture of a stream; answered by `MonitorEvent.preview`.
    case preview(PreviewDemand)
    /// For figures of the streams on the screen before others; the selected one is the first.
    case watching([String])
}

/// What the screen measures of itself; nil where nothing has been measured yet.
package struct ScreenFigures: Sendable, Hashable {
    /// Pictures drawn a second.
    package var drawnFrameRate: Double?
    /// Pictures that came and could not be drawn in time, since the player opened.
    package var droppedFrames = 0
    /// Bytes written to the terminal a second.
    package var bytesPerSecond: Double?
    /// What is given up for the terminal's sake; nil where no picture is shown.
    package var quality: OutputQuality?
    /// Time that the terminal takes to answer.
    package var drain: Duration?
    /// Pixels of the picture in a row.
    package var pictureColumns: Int?
    /// Rows of pixels of the picture.
    package var pictureRows: Int?
    /// The way it is shown.
    package var mode = PictureMode.half
    /// Colours in use, in words.
    package var colors = "24-bit"

    /// Creates figures of a screen that has drawn nothing yet.
    package init() {}
}
