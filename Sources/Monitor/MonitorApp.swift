package import KinesisVideo
import Pixels
package import Playback
package import TerminalScreen
import TerminalVideo

/// The shell around `MonitorState`: one thread that owns the screen.
///
/// ```
/// keys, mouse    \                                     / player
/// inbox           > MonitorState > actions . . . . . .<
/// player, clock  /        \                            \ quit
///                          MonitorView > one write, at most 30 times a second
/// ```
/// Input goes first: a frame is only begun when nothing is left to read and the last frame has left. What
/// does not fit in between is never drawn at all.
package final class MonitorApp {
    /// Opens a player on a stream.
    ///
    /// One that is a tile of several has to do with less memory.
    package typealias PlayerFactory =
        (_ stream: String, _ retentionHours: Int?, _ isTile: Bool) -> any VideoPlayer

    /// Where others leave reports and toasts.
    package let inbox: MonitorInbox

    private let screen: any Screen
    private let options: Options
    private let now: () -> Timestamp
    private let makePlayer: PlayerFactory
    private let exports: PlayerExports
    private let request: (MonitorRequest) -> Void
    private let inspect: (InspectionDemand?) -> Void
    private var demand: InspectionDemand?
    private var script: CommandScript
    private var state: MonitorState
    private var theme: Theme
    private var themeName: String?
    private var themeDepth: ColorDepth
    private var clipboard: String?
    private var watched: [String] = []
    private var player: (any VideoPlayer)?
    private var pictures: PictureStage
    private var meter = ScreenMeter()
    private var control: QualityControl
    private var showsKeyFrames = false
    private var previewDemand: PreviewDemand?
    private var timelineDue = ContinuousClock.now
    private var isOver = false
    private var destination: ConsoleDestination?

    /// Creates a monitor.
    ///
    /// - Parameters:
    ///   - screen: The screen; the monitor gives it back at the end of `run`.
    ///   - configuration: Names and keys.
    ///   - options: Colours and pace.
    ///   - inbox: Where others leave reports and toasts.
    ///   - now: The clock that service, cameras and screens share.
    ///   - makePlayer: Opens a player; called on the thread of `run`.
    ///   - exports: Writes clips and snapshots.
    ///   - inspect: Told what the inspector wants to have, nil for nothing; the answer comes through the inbox.
    ///   - request: Passes on what the service is asked; the answer comes through the inbox.
    package init(
        screen: any Screen,
        configuration: MonitorState.Configuration,
        options: Options,
        inbox: MonitorInbox = MonitorInbox(),
        now: @escaping () -> Timestamp,
        makePlayer: @escaping PlayerFactory,
        exports: PlayerExports = PlayerExports(),
        inspect: @escaping (InspectionDemand?) -> Void = { _ in },
        request: @escaping (MonitorRequest) -> Void = { _ in }
    ) {
        self.screen = screen
        self.options = options
        script = CommandScript(options.commands)
        self.request = request
        self.inspect = inspect
        (theme, themeDepth) = (options.theme, options.depth)
        self.inbox = inbox
        self.now = now
        self.makePlayer = makePlayer
        self.exports = exports
        state = MonitorState(configuration: configuration, size: screen.size, now: now())
        control = QualityControl(longestFrame: options.frameLatency)
        pictures = PictureStage(options, mode: state.pictureMode)
    }

    /// Runs until the user quits; blocks its thread, which should not be one of the cooperative pool.
    ///
    /// - Returns: Where to go on; nil where the user quits.
    /// - Throws: `TerminalError` where the terminal is lost. It has been given back in any case.
    @discardableResult
    package func run() throws(TerminalError) -> ConsoleDestination? {
        defer {
            exports.cancelClip()
            player?.close()
            pictures.wall.closeAll()
            screen.close()
        }
        if let stream = options.stream {
            perform(state.openPlayer(stream, retentionHours: options.retentionHours))
        }
        if let file = options.file { state.openFile(file) }
        let clock = ContinuousClock()
        runScript(at: clock.now)
        var pace = FramePace(at: clock.now)
        var hadInput = false
        while !isOver, !inbox.isClosed {
            let input = try screen.readInput(timeout: max(.zero, pace.nextLook - clock.now))
            hadInput = hadInput || !input.isEmpty
            for event in input { handle(.input(event)) }
            let now = clock.now
            guard !isOver, pace.isDue(hasPicture: isPictureWaiting, isAnswer: hadInput, at: now) else {
                continue
            }
            // An answer to a key does not wait for the next frame's turn, but for the last one to arrive.
            guard screen.isReady else {
                pace.look(after: .milliseconds(5), at: now)
                continue
            }
            control.update(screen.link, at: now)
            control.pinned = state.pinnedQuality
            collect(at: now, hadInput: hadInput)
            try draw(at: now, lateness: pace.lateness(at: now), isAnswer: hadInput)
            hadInput = false
            pace.drew(interval: frameInterval, rest: restInterval, from: now, to: clock.now)
        }
        return destination
    }

    /// True where the player has a picture that the screen has not taken.
    private var isPictureWaiting: Bool {
        player?.picture(after: pictures.picture?.serial ?? 0) != nil
    }

    /// Time between two frames where no new picture asks for one.
    ///
    /// The figures of a player want a tenth of a second, and four a second where it stands still. Its bell tells of
    /// pictures.
    private var restInterval: Duration {
        guard let status = state.player?.status, player != nil else { return frameInterval }
        let isStill = status.isPaused && status.target == nil
        return max(.milliseconds(isStill ? 250 : 100), frameInterval)
    }

    /// Time between two frames.
    ///
    /// A list changes once a second; its ages want a tenth. A player's frames are as many as its quality has.
    private var frameInterval: Duration {
        let chosen = state.frameRate.map { .seconds(1) / max(1, $0) } ?? options.frameInterval
        guard player == nil else { return max(control.quality.interval, chosen) }
        guard state.wall != nil else { return max(.milliseconds(100), chosen) }
        return max(options.wallInterval, control.quality.interval, chosen)
    }

    // MARK: Events and actions

    private func handle(_ event: MonitorEvent) {
        perform(state.handle(event, at: now()))
    }

    private func perform(_ actions: [MonitorAction]) {
        for action in actions {
            switch action {
            case .openPlayer(let stream, let hours): open(makePlayer(stream, hours, false))
            case .closePlayer: open(nil)
            case .player(let command): player?.send(command)
            case .openTile(let stream, let hours):
                pictures.wall.open(makePlayer(stream, hours, true), of: stream)
            case .closeTile(let stream): pictures.wall.close(stream)
            case .tile(let stream, let command): pictures.wall.send(command, to: stream)
            case .change(let change): request(.change(change))
            case .askTags(let stream): request(.tags(stream))
            case .refresh: request(.refresh)
            case .copy(let text): clipboard = text
            case .startClip(let job): exports.startClip(job)
            case .cancelClip: exports.cancelClip()
            case .snapshot(let name): player.map { exports.saveSnapshot($0, name) }
            case .redraw: repaint()
            case .suspend: screen.suspend()
            case .connect(let next):
                destination = next
                isOver = true
            case .quit: isOver = true
            }
        }
    }

    /// Runs what is left of the commands that it begins with, as far as the screen is ready for them.
    private func runScript(at instant: ContinuousClock.Instant) {
        while !isOver, let command = script.next(state.player?.status, at: instant) {
            perform(state.run(line: command, at: now()))
        }
    }

    private func open(_ next: (any VideoPlayer)?) {
        player?.close()
        player = next
        pictures.reset()
        timelineDue = ContinuousClock.now
        meter = ScreenMeter()
        showsKeyFrames = false
    }

    /// Takes the colours that the state asks for, once.
    private func chooseDepth() {
        let wanted = state.depth ?? options.depth
        guard wanted != pictures.depth else { return }
        pictures.depth = wanted
        repaint()
    }

    /// Takes the theme that the state asks for, once; one that cannot be had leaves the old one.
    private func chooseTheme() {
        // A screen of 24-bit colours keeps those of the chrome by numbers of the palette, which a theme cannot use too.
        let isPalette = pictures.depth == .palette256 && options.depth == .truecolor
        let depth = isPalette ? options.depth : pictures.depth
        guard state.wantedTheme != themeName || themeDepth != depth else { return }
        (themeName, themeDepth) = (state.wantedTheme, depth)
        guard themeName != nil || themeDepth != options.depth else {
            theme = options.theme
            return
        }
        let name = themeName ?? options.themeName
        do {
            let (theme, warnings) = try options.themes.theme(named: name, depth: themeDepth)
            self.theme = theme
            for warning in warnings { handle(.note(.warning, source: "theme", warning)) }
        } catch {
            handle(.toast("\(error)", isError: true))
        }
    }

    private func repaint() {
        screen.invalidate()
        pictures.invalidate()
    }

    /// Takes in what changed since the last frame.
    private func collect(at instant: ContinuousClock.Instant, hadInput: Bool) {
        if screen.takeLost() { repaint() }
        if screen.size != state.size {
            handle(.resized(screen.size))
            repaint()
        }
        for event in inbox.take() {
            if case .outputDiscarded = event { control.outputDiscarded(at: instant) }
            handle(event)
        }
        if state.inspectionDemand != demand {
            demand = state.inspectionDemand
            inspect(demand)
        }
        if let wanted = state.previews.demand, wanted != previewDemand {
            previewDemand = wanted
            request(.preview(wanted))
        }
        if state.watchedStreams != watched {
            watched = state.watchedStreams
            request(.watching(watched))
        }
        if let player {
            handle(.player(player.status))
            if hadInput || timelineDue <= instant {
                timelineDue = instant + .milliseconds(100)
                collectTimeline(player)
            }
            collectPicture(player)
            collectGlance(player)
        }
        runScript(at: instant)
        if state.wall != nil { collectWall() }
        var figures = meter.figures(
            at: instant,
            picture: pictures.picture?.image.size,
            mode: pictures.mode,
            depth: pictures.depth
        )
        figures.quality = player == nil && state.wall == nil ? nil : control.quality
        figures.drain = screen.link.roundTrip
        handle(.figures(figures))
        player.map(followQuality)
    }

    /// The poorest quality leaves out all but key frames where they are decoded: nobody would see the others.
    private func followQuality(_ player: any VideoPlayer) {
        let wantsKeyFrames = control.quality == .keyFrames
        guard wantsKeyFrames != showsKeyFrames else { return }
        showsKeyFrames = wantsKeyFrames
        player.send(.showKeyFramesOnly(wantsKeyFrames))
    }

    private func collectTimeline(_ player: any VideoPlayer) {
        guard let layout = state.playerLayout, let window = state.player?.window else { return }
        let columns = player.columns(from: window.start, to: window.end, count: layout.track.count)
        handle(.timeline(columns))
        if let order = state.clipDialog?.order, state.runningClip == nil {
            handle(.clipExtent(player.extent(from: order.start, to: order.end)))
        }
        if let time = state.wantedPlace { handle(.place(player.place(at: time))) }
    }

    private func collectPicture(_ player: any VideoPlayer) {
        guard let layout = state.playerLayout, !state.isTooSmall else { return meter.pictureHidden() }
        let serial = pictures.collect(
            from: player,
            in: layout.picture.size,
            mode: state.pictureMode,
            isStale: state.isPictureStale
        )
        guard let serial else { return }
        let status = state.player?.status
        let isPlaying = status?.isPaused == false && status?.target == nil
        meter.pictureCame(serial: serial, isPlaying: isPlaying)
    }

    /// Takes the picture of the moment under the pointer, where the way to the terminal has room for a second one.
    private func collectGlance(_ player: any VideoPlayer) {
        let isWanted = state.player?.isDragging == false && !control.isSlow
        let time = isWanted ? state.player?.hover : nil
        pictures.collect(time.flatMap { player.glance(at: $0, fit: Self.glanceSize) })
    }

    /// At most 24 columns and 7 rows of half blocks.
    @Sendable private static func glanceSize(of source: PixelSize, sampleAspect: Double) -> PixelSize {
        source.fitted(columns: 24, rows: 7, sampleAspect: sampleAspect).size
    }

    private func collectWall() {
        handle(.tiles(pictures.wall.statuses))
        guard let screen = state.wall, let layout = state.wallLayout else { return }
        for (index, name) in state.tileNames.enumerated() {
            let isKeyOnly = screen.showsKeyFramesOnly(name) || control.quality == .keyFrames
            pictures.wall.showKeyFrames(isKeyOnly, of: name)
            pictures.wall.collect(name, in: layout.picture(of: index).size, isOld: state.isTileOld(name))
        }
    }

    // MARK: Drawing

    private func draw(at instant: ContinuousClock.Instant, lateness: Duration, isAnswer: Bool)
        throws(TerminalError)
    {
        chooseDepth()
        chooseTheme()
        let drawing = MonitorView.draw(
            state,
            theme: theme,
            picture: pictures.place,
            glance: pictures.glance?.image.size,
            tiles: pictures.wall.sizes
        )
        // Without a background of their own the blanks of an overlay are not written: the picture would show through.
        if pictures.moveOverlays(drawing.overlays), theme[.panel].background == nil { repaint() }
        let occasion = PictureStage.Occasion(
            control: control,
            interval: frameInterval,
            restInterval: restInterval,
            instant: instant,
            isAnswer: isAnswer
        )
        var frame = pictures.frame(
            for: drawing,
            preview: state.streams.selection.flatMap { state.previews[$0]?.image },
            focused: state.wall?.focused,
            occasion
        )
        frame.clipboard = clipboard
        guard let bytes = try screen.present(frame) else { return pictures.invalidate() }
        clipboard = nil
        meter.drew(bytes: bytes, serial: pictures.paintedSerial, at: instant)
        guard bytes > 0 else { return }
        control.frameSent(bytes: bytes, lateness: lateness, interval: frameInterval, at: instant)
    }
}
