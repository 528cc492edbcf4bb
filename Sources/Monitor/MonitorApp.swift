package import KinesisVideo
package import Pixels
package import Playback
package import TerminalScreen
package import TerminalVideo

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

    /// What does not change while the program runs.
    package struct Options {
        /// Colours and attributes.
        package var theme: Theme
        /// Colours that the terminal has.
        package var depth: ColorDepth
        /// A stream to open at once; `Esc` leads to the list.
        package var stream: String?
        /// Hours that this stream keeps media, where known.
        package var retentionHours: Int?
        /// A file to look into, with no service behind; leaving it ends the program.
        package var file: String?
        /// Commands of the palette to run at once, with `;` between them.
        package var commands: String
        /// Pixels of a cell of the terminal, for pictures drawn in pixels.
        package var cell = PictureEncoder.usualCell
        /// True where the terminal has proved to repeat glyphs.
        package var repeatsGlyphs = false
        /// Shortest time between two frames.
        package var frameInterval: Duration = .nanoseconds(1_000_000_000 / 30)
        /// Shortest time between two pictures of a tile of the wall.
        package var wallInterval: Duration = .milliseconds(100)
        /// How long a frame may be on its way to the terminal.
        package var frameLatency: Duration = .milliseconds(100)
        /// Finds a theme by its name.
        package var themes = ThemeCatalog(folders: [])

        /// Creates options.
        package init(
            theme: Theme,
            depth: ColorDepth,
            stream: String? = nil,
            retentionHours: Int? = nil,
            commands: String = ""
        ) {
            self.theme = theme
            self.depth = depth
            self.stream = stream
            self.retentionHours = retentionHours
            self.commands = commands
        }
    }

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
    private var picture: DuePicture?
    private var painter: PicturePainter
    private var meter = ScreenMeter()
    private var control: QualityControl
    private var showsKeyFrames = false
    private var paintedSerial: Int?
    private var fit: PictureFit?
    private var wall: WallPictures
    private var preview: (image: RGBImage?, painter: PicturePainter)
    /// The picture of the moment under the pointer.
    private var glance: Glance?
    private var glancePainter: PicturePainter
    private var previewDemand: PreviewDemand?
    private var overlays: [ScreenRectangle] = []
    private var regions: [ScreenRectangle] = []
    private var pictureChanged = ContinuousClock.now
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
        painter = PicturePainter(
            depth: options.depth,
            mode: state.pictureMode,
            cell: options.cell,
            repeats: options.repeatsGlyphs
        )
        wall = WallPictures(depth: options.depth, repeats: options.repeatsGlyphs)
        preview = (nil, PicturePainter(depth: options.depth, repeats: options.repeatsGlyphs))
        glancePainter = PicturePainter(depth: options.depth, repeats: options.repeatsGlyphs)
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
            wall.closeAll()
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
        player?.picture(after: picture?.serial ?? 0) != nil
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
            case .openTile(let stream, let hours): wall.open(makePlayer(stream, hours, true), of: stream)
            case .closeTile(let stream): wall.close(stream)
            case .tile(let stream, let command): wall.send(command, to: stream)
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
        picture = nil
        glance = nil
        fit = nil
        timelineDue = ContinuousClock.now
        meter = ScreenMeter()
        showsKeyFrames = false
        painter.invalidate()
    }

    /// Takes the colours that the state asks for, once.
    private func chooseDepth() {
        let wanted = state.depth ?? options.depth
        guard wanted != painter.depth else { return }
        painter.depth = wanted
        wall.depth = wanted
        preview.painter.depth = wanted
        glancePainter.depth = wanted
        repaint()
    }

    /// Takes the theme that the state asks for, once; one that cannot be had leaves the old one.
    private func chooseTheme() {
        guard state.wantedTheme != themeName || themeDepth != painter.depth else { return }
        (themeName, themeDepth) = (state.wantedTheme, painter.depth)
        guard themeName != nil || themeDepth != options.depth else {
            theme = options.theme
            return
        }
        let name = themeName ?? options.theme.name
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
        forgetPictures()
    }

    private func forgetPictures() {
        painter.invalidate()
        wall.invalidate()
        preview.painter.invalidate()
        glancePainter.invalidate()
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
            picture: picture?.image.size,
            mode: painter.mode,
            depth: painter.depth
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
        let box = layout.picture.size
        if fit?.box != box || fit?.mode != state.pictureMode {
            let fit = PictureFit(box: box, mode: state.pictureMode, cell: options.cell)
            self.fit = fit
            player.setPictureSize { source, aspect in fit.size(for: source, sampleAspect: aspect) }
        }
        if let next = player.picture(after: picture?.serial ?? 0) {
            let status = state.player?.status
            let isPlaying = status?.isPaused == false && status?.target == nil
            meter.pictureCame(serial: next.serial, isPlaying: isPlaying)
            picture = next
            pictureChanged = ContinuousClock.now
            painter.load(next.image)
        }
        // A picture of the size that was asked for is one for the new way; one that came before is shown in the old.
        if let fit, let picture, fit.fits(picture.image) { painter.mode = fit.mode }
        painter.isDimmed = state.isPictureStale
    }

    /// Takes the picture of the moment under the pointer, where the way to the terminal has room for a second one.
    private func collectGlance(_ player: any VideoPlayer) {
        let isWanted = state.player?.isDragging == false && !control.isSlow
        let next =
            isWanted ? state.player?.hover.flatMap { player.glance(at: $0, fit: Self.glanceSize) } : nil
        guard next != glance else { return }
        glance = next
        if let next { glancePainter.load(next.image) }
    }

    /// At most 24 columns and 7 rows of half blocks.
    @Sendable private static func glanceSize(of source: PixelSize, sampleAspect: Double) -> PixelSize {
        source.fitted(columns: 24, rows: 7, sampleAspect: sampleAspect).size
    }

    private func collectWall() {
        handle(.tiles(wall.statuses))
        guard let screen = state.wall, let layout = state.wallLayout else { return }
        for (index, name) in state.tileNames.enumerated() {
            let isKeyOnly = screen.showsKeyFramesOnly(name) || control.quality == .keyFrames
            wall.showKeyFrames(isKeyOnly, of: name)
            wall.collect(name, in: layout.picture(of: index).size, isOld: state.isTileOld(name))
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
            picture: painter.place,
            glance: glance?.image.size,
            tiles: wall.sizes
        )
        // Without a background of their own the blanks of an overlay are not written: the picture would show through.
        if drawing.overlays != overlays, theme[.panel].background == nil { repaint() }
        overlays = drawing.overlays
        var frame = ScreenFrame(buffer: drawing.buffer, pictureRegions: drawing.pictureRegions)
        frame.clipboard = clipboard
        // The screen repaints everything when a region moves: what was painted is gone.
        if frame.pictureRegions != regions { forgetPictures() }
        regions = frame.pictureRegions
        if let region = drawing.picture {
            let over = drawing.overlays + [drawing.glance].compactMap(\.self)
            frame.picture = paint(region, around: over, at: instant, isAnswer: isAnswer)
            if let place = drawing.glance {
                frame.picture += glancePainter.paint(in: place, around: drawing.overlays, budget: nil)
            } else {
                // The player's picture lies there again.
                glancePainter.invalidate()
            }
        } else if !drawing.tiles.isEmpty {
            frame.picture = paint(drawing.tiles, around: drawing.overlays, at: instant, isAnswer: isAnswer)
        } else if let region = drawing.preview {
            frame.picture = paintPreview(in: region, around: drawing.overlays)
        }
        guard let bytes = try screen.present(frame) else { return forgetPictures() }
        clipboard = nil
        meter.drew(bytes: bytes, serial: paintedSerial, at: instant)
        guard bytes > 0 else { return }
        control.frameSent(bytes: bytes, lateness: lateness, interval: frameInterval, at: instant)
    }

    /// The picture's bytes, where it is its turn.
    private func paint(
        _ region: ScreenRectangle,
        around overlays: [ScreenRectangle],
        at instant: ContinuousClock.Instant,
        isAnswer: Bool
    ) -> [UInt8] {
        // What answers a key goes ahead of the picture where both together would take their time.
        guard !(isAnswer && control.isSlow) else {
            painter.place(in: region, around: overlays)
            return []
        }
        painter.quality = quality(ofPictureSince: pictureChanged, at: instant)
        // What stands still is refined by frames that come more seldom, and may be the larger.
        let isStill = isStill(since: pictureChanged, at: instant)
        let interval = isStill ? restInterval : frameInterval
        let budget = control.budget(for: painter.quality, interval: interval)
        paintedSerial = picture?.serial
        return painter.paint(in: region, around: overlays, budget: budget)
    }

    /// The picture of the selected stream: small, and seldom another.
    private func paintPreview(in region: ScreenRectangle, around overlays: [ScreenRectangle]) -> [UInt8] {
        let image = state.streams.selection.flatMap { state.previews[$0]?.image }
        if let image, image != preview.image {
            preview.image = image
            preview.painter.load(image)
        }
        return preview.painter.paint(in: region, around: overlays, budget: nil)
    }

    /// The bytes of the wall's pictures, the focused one first.
    private func paint(
        _ tiles: [TilePlace],
        around overlays: [ScreenRectangle],
        at instant: ContinuousClock.Instant,
        isAnswer: Bool
    ) -> [UInt8] {
        guard !(isAnswer && control.isSlow) else {
            wall.place(tiles, around: overlays)
            return []
        }
        let focused = state.wall?.focused
        return wall.paint(
            tiles.filter { $0.stream == focused } + tiles.filter { $0.stream != focused },
            around: overlays,
            quality: { quality(ofPictureSince: $0, at: instant) },
            budget: { control.budget(for: $0, interval: frameInterval) }
        )
    }

    /// A picture that stands still is refined until nothing is left out.
    private func quality(ofPictureSince changed: ContinuousClock.Instant, at instant: ContinuousClock.Instant)
        -> OutputQuality
    {
        isStill(since: changed, at: instant) ? control.pinned ?? .exact : control.quality
    }

    private func isStill(since changed: ContinuousClock.Instant, at instant: ContinuousClock.Instant) -> Bool
    {
        instant - changed > max(.milliseconds(150), frameInterval * 2)
    }
}
