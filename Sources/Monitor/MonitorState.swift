package import KinesisVideo
package import KinesisVideoConsumer
package import MediaCodec
import Playback
package import TerminalScreen
package import TerminalVideo

/// Everything that the screens show, as a value: events in, actions out, time as a parameter.
///
/// ```
/// Streams --Enter--> Player      Esc, q: back to exactly what was left
///    |----w----> Wall --Enter--> Player
///    `---- help overlay, prompt in the footer row ----'
/// ```
package struct MonitorState: Sendable {
    /// What does not change while the program runs.
    package struct Configuration: Sendable, Hashable {
        /// The service, as the title names it: `local:7070`.
        package var endpoint: String
        /// Where the figures of the list come from, as the detail rows name it: `server stats`.
        package var source: String
        /// Milliseconds between two reports.
        package var interval: Int64
        /// The keys.
        package var keymap: Keymap
        /// Characters in use.
        package var glyphs: Glyphs
        /// The zone that `u` changes to.
        package var localZone: LocalZone
        /// Names of the themes there are.
        package var themes: [String] = []
        /// Services that can be gone to by name.
        package var endpoints = ["local", "aws"]
        /// The ways to show pictures that the terminal knows, at least one; the first is taken at the start.
        package var pictureModes: [PictureMode] = [.half]
        /// Tiles in a row of a wall that has just been opened.
        package var wallGrid = 2
        /// Milliseconds that a turn of the wheel moves a player.
        package var step: Int64 = 5000
        /// True where times are in the local zone until `u` is pressed.
        package var beginsInLocalZone = false
        /// True where the player tells the server's time until `T` is pressed.
        package var beginsWithServerClock = false
        /// The quality that is held on to until another is chosen; nil follows the terminal.
        package var pinnedQuality: OutputQuality?
        /// What a clip is until `o` is pressed.
        package var clipContainer = MediaContainer.mp4
        /// True where nothing may be changed on the service.
        package private(set) var isReadOnly = false

        /// Creates a configuration.
        package init(
            endpoint: String,
            source: String = "server stats",
            interval: Int64 = 1000,
            keymap: Keymap = .standard,
            glyphs: Glyphs = .unicode,
            localZone: LocalZone = .utc
        ) {
            self.endpoint = endpoint
            self.source = source
            self.interval = interval
            self.keymap = keymap
            self.glyphs = glyphs
            self.localZone = localZone
        }

        /// Takes away what changes streams, keys and all.
        package mutating func forbidChanges() {
            isReadOnly = true
            keymap.removeChanges()
        }
    }

    /// A line being typed in the footer row.
    package struct Prompt: Sendable, Hashable {
        /// What it is for.
        package enum Purpose: Sendable, Hashable {
            /// Filters the list while it is typed.
            case filter
            /// Goes to a time.
            case goTo
            /// Runs a command of the palette.
            case command
            /// Makes a stream.
            case create
            /// Deletes the stream whose name is typed again.
            case delete(String)
            /// Filters the log while it is typed.
            case logFilter
            /// Finds an element.
            case find
            /// Changes the tags of a stream.
            case tag(String)

            /// What stands before the text.
            var label: String {
                switch self {
                case .filter, .logFilter, .find: "/"
                case .goTo: "go to "
                case .command: ":"
                case .create: "create NAME [HOURS] "
                case .tag: "KEY=VALUE sets, -KEY takes away: "
                case .delete(let name): "type \(name) to delete it and all its media: "
                }
            }
        }

        /// What it is for.
        package var purpose: Purpose
        /// What has been typed.
        package var text: String
    }

    /// A line shown for a while.
    package struct Toast: Sendable, Hashable {
        /// What it says.
        package var text: String
        /// True for a failure.
        package var isError: Bool
        /// When it goes.
        package var until: Timestamp
    }

    /// What does not change.
    package let configuration: Configuration
    /// Size of the screen.
    package internal(set) var size: ScreenSize
    /// The clock at the last event.
    package internal(set) var now: Timestamp
    /// The first screen.
    package internal(set) var streams: StreamList
    /// The second screen; nil while it is not open.
    package internal(set) var player: PlayerScreen?
    /// Streams side by side, maybe below the player; nil while they are not open.
    package internal(set) var wall: WallScreen?
    /// The inspector, over whatever it was opened from; nil while it is not open.
    package internal(set) var inspector: InspectorScreen?
    /// Where the figures of the list come from, as the detail rows name it.
    package internal(set) var source: String
    /// The help; nil while it is closed.
    package internal(set) var help: HelpScreen?
    /// What has happened so far.
    package internal(set) var log = EventLog()
    /// The overlay that shows it; nil while it is closed.
    package internal(set) var logScreen: LogScreen?
    /// The row of the palette that is selected.
    package internal(set) var paletteSelection = 0
    /// The theme that was chosen; nil for the one the program began with.
    package internal(set) var theme: String?
    /// The line being typed.
    package internal(set) var prompt: Prompt?
    /// What lies at the moment in the go-to prompt, where known.
    package internal(set) var place: PlaceReading?
    /// The tags that are being changed; nil while none are.
    package internal(set) var tagSheet: TagSheet?
    /// Pictures of the streams of the list, and which is wanted.
    package internal(set) var previews = PreviewSchedule()
    /// The line shown for a while.
    package internal(set) var toast: Toast?
    /// What the screen measured of itself.
    package internal(set) var figures = ScreenFigures()

    /// The clip that may be exported, or is; nil while the overlay is closed.
    package internal(set) var clipDialog: ClipDialog?
    /// The clip being written.
    package internal(set) var runningClip: RunningClip?
    /// Seconds that the service's clock is ahead of this one, where known.
    package internal(set) var clockOffset: Int64?
    /// True where the title shows the server's time.
    package internal(set) var showsServerClock = false
    /// True where times are shown in the local zone.
    package internal(set) var showsLocalZone = false
    /// The quality that the viewer holds on to; nil where it follows the terminal.
    package internal(set) var pinnedQuality: OutputQuality?
    /// The way pictures of the player are shown.
    package internal(set) var pictureMode: PictureMode

    /// The colours that are drawn, where that was chosen while the program runs; nil for those of the start.
    package internal(set) var depth: ColorDepth?
    /// Frames a second at most, where that was chosen while the program runs.
    package internal(set) var frameRate: Int?
    /// Tiles in a row of a wall that is opened, where that was chosen while the program runs.
    var wallGrid: Int?

    /// True where a file is looked into and there is no service behind it.
    var isFileAlone = false

    var isQuitAsked = false
    /// True where a wall of all streams is to open once they are known.
    var awaitsWall = false
    var pending: [KeyPress] = []
    var lastClick: (row: Int, time: Timestamp)?
    private var toastSerial = 0

    /// Creates the state of a monitor that has just been started.
    package init(configuration: Configuration, size: ScreenSize, now: Timestamp) {
        self.configuration = configuration
        pictureMode = configuration.pictureModes.first ?? .half
        self.size = size
        self.now = now
        source = configuration.source
        showsServerClock = configuration.beginsWithServerClock
        showsLocalZone = configuration.beginsInLocalZone
        pinnedQuality = configuration.pinnedQuality
        streams = StreamList(interval: configuration.interval)
    }

    /// Names of the streams on the screen, the selected one first.
    package var watchedStreams: [String] {
        if let player { return [player.stream] }
        if let wall { return [wall.focused] + tileNames.filter { $0 != wall.focused } }
        let height = StreamsLayout(size: size, hasFault: streams.fault != nil).rows.count
        let names = streams.visible.dropFirst(streams.scroll).prefix(height).map(\.name)
        guard let selection = streams.selection, names.contains(selection) else { return names }
        return [selection] + names.filter { $0 != selection }
    }

    /// Which keys work.
    package var scope: KeymapEntry.Scope {
        if inspector != nil { return .inspector }
        if player != nil { return .player }
        return wall.map { $0.sameTime == nil ? .wall : .sameTime } ?? .streams
    }

    /// True where the screen is too small to draw anything but that.
    package var isTooSmall: Bool {
        size.rows < PlayerLayout.smallest.rows || size.columns < PlayerLayout.smallest.columns
    }

    /// Takes an event.
    package mutating func handle(_ event: MonitorEvent, at now: Timestamp) -> [MonitorAction] {
        self.now = now
        if let toast, toast.until <= now { self.toast = nil }
        switch event {
        case .input(let event): return handle(event)
        case .resized(let size): self.size = size
        case .tick: break
        case .statistics(let statistics):
            streams.report(statistics, at: now)
            if awaitsWall { return openWall([]) }
        case .source(let text, let interval):
            source = text
            streams.interval = interval
        case .statisticsFailed(let reason):
            let fault = reason.withoutRequest
            if streams.fault != fault { record(.error, configuration.endpoint, reason) }
            streams.fail(fault)
        case .streamFailed(let name, let reason):
            let fault = reason.withoutRequest
            if streams.row(named: name)?.fault != fault { record(.error, name, reason) }
            streams.fail(stream: name, fault)
        case .player(let status): take(status)
        case .tiles(let statuses): return advanceWall(statuses)
        case .timeline(let columns): player?.columns = columns
        case .place(let place):
            if let wanted = wantedPlace { self.place = PlaceReading(time: wanted, place: place) }
        case .clipProgress(let progress): takeClip(progress)
        case .clipEnded(let outcome): endClip(outcome)
        case .inspected(let source, let answer):
            if inspector?.source == source { take(answer, of: source) }
        case .clipExtent(let extent): clipDialog?.extent = extent
        case .clockOffset(let seconds): clockOffset = seconds
        case .figures(let figures): self.figures = figures
        case .toast(let text, let isError): show(text, isError: isError)
        // The quality of the picture is the screen's business.
        case .outputDiscarded: break
        case .note(let level, let source, let text): record(level, source, text)
        case .changed(let change, let failure):
            show(failure.map { "not done: \($0)" } ?? "✓ \(change)", isError: failure != nil)
            // What is shown of the tags is what the service says of them.
            if let stream = tagSheet?.stream, stream == change.taggedStream { return [.askTags(stream)] }
        case .preview(let preview): previews.take(preview)
        case .tags(let stream, let tags, let failure):
            guard tagSheet?.stream == stream else { break }
            tagSheet = TagSheet(stream: stream, tags: tags, fault: failure)
        }
        settle()
        return []
    }

    /// The moment whose place on the timeline is wanted: for the card over a gap, or for the go-to prompt.
    package var wantedPlace: Timestamp? {
        if let player, player.isDragging { return player.status.target }
        guard let prompt, prompt.purpose == .goTo,
            case .time(let time)? = try? TimeExpression(prompt.text, now: now, zoneOffset: zoneOffset)
        else { return nil }
        return time
    }

    /// Places of the player's parts; nil while no player is shown.
    package var playerLayout: PlayerLayout? {
        guard inspector == nil else { return nil }
        return player.map { player in
            PlayerLayout(
                size: size,
                hasFault: player.status.fault != nil,
                isInfoShown: player.isInfoShown,
                // A prompt needs its footer.
                isFull: player.isFull && prompt == nil,
                showsChrome: player.showsChrome(at: now)
            )
        }
    }

    mutating func show(_ text: String, isError: Bool = false) {
        record(isError ? .error : .info, player?.stream ?? "console", text)
        toast = Toast(
            text: text,
            isError: isError,
            until: now.advanced(byMilliseconds: isError ? 10_000 : 4000)
        )
    }

    mutating func settle() {
        let layout = StreamsLayout(size: size, hasFault: streams.fault != nil)
        streams.scroll(toFit: layout.rows.count)
        guard let room = layout.preview?.size else { return }
        let isListShown = scope == .streams && streams.fault == nil
        previews.advance(
            isListShown ? streams.selection.flatMap { streams.row(named: $0) } : nil,
            room: PreviewSchedule.ScreenRoom(columns: room.columns, rows: room.rows),
            at: now
        )
    }

    private mutating func take(_ status: PlayerStatus) {
        guard player?.stream == status.stream else { return }
        var shown = status
        shown.fault = status.fault?.withoutRequest
        if let fault = status.fault, shown.fault != player?.status.fault {
            record(.error, status.stream, fault)
        }
        player?.take(shown, at: now)
        if let toast = status.toast, toast.serial > toastSerial {
            toastSerial = toast.serial
            show(toast.text)
        }
    }

    mutating func openPlayer(_ stream: String, retentionHours: Int? = nil) -> [MonitorAction] {
        toastSerial = 0
        player = PlayerScreen(stream: stream, now: now)
        figures = ScreenFigures()
        let hours = retentionHours ?? streams.row(named: stream)?.statistics.retentionHours
        return [.openPlayer(stream: stream, retentionHours: hours)]
    }
}

/// What lies at a moment.
package struct PlaceReading: Sendable, Hashable {
    /// The moment that was asked for.
    package var time: Timestamp
    /// What lies there.
    package var place: TimelinePlace
}
