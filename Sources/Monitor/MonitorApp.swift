package import KinesisVideo
import Pixels
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
    package typealias PlayerFactory = (_ stream: String, _ retentionHours: Int?) -> any VideoPlayer

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
        /// What to do once it is open.
        package var commands: [MonitorCommand]
        /// Shortest time between two frames.
        package var frameInterval: Duration = .nanoseconds(1_000_000_000 / 30)

        /// Creates options.
        package init(
            theme: Theme,
            depth: ColorDepth,
            stream: String? = nil,
            retentionHours: Int? = nil,
            commands: [MonitorCommand] = []
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
    private var state: MonitorState
    private var player: (any VideoPlayer)?
    private var picture: DuePicture?
    private var painter: PicturePainter
    private var meter = ScreenMeter()
    private var fit: PictureBox?
    private var overlays: [ScreenRectangle] = []
    private var pictureChanged = ContinuousClock.now
    private var timelineDue = ContinuousClock.now
    private var isOver = false

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
    package init(
        screen: any Screen,
        configuration: MonitorState.Configuration,
        options: Options,
        inbox: MonitorInbox = MonitorInbox(),
        now: @escaping () -> Timestamp,
        makePlayer: @escaping PlayerFactory,
        exports: PlayerExports = PlayerExports()
    ) {
        self.screen = screen
        self.options = options
        self.inbox = inbox
        self.now = now
        self.makePlayer = makePlayer
        self.exports = exports
        state = MonitorState(configuration: configuration, size: screen.size, now: now())
        painter = PicturePainter(depth: options.depth)
    }

    /// Runs until the user quits; blocks its thread, which should not be one of the cooperative pool.
    ///
    /// - Throws: `TerminalError` where the terminal is lost. It has been given back in any case.
    package func run() throws(TerminalError) {
        defer {
            exports.cancelClip()
            player?.close()
            screen.close()
        }
        if let stream = options.stream {
            perform(state.openPlayer(stream, retentionHours: options.retentionHours))
        }
        for command in options.commands { perform(state.run(command)) }
        let clock = ContinuousClock()
        var nextFrame = clock.now
        while !isOver, !inbox.isClosed {
            let input = try screen.readInput(timeout: max(.zero, nextFrame - clock.now))
            let hadInput = !input.isEmpty
            for event in input { handle(.input(event)) }
            guard !isOver, hadInput || clock.now >= nextFrame else { continue }
            // An answer to a key does not wait for the next frame's turn, but for the last one to leave.
            guard screen.isReady else {
                nextFrame = clock.now + .milliseconds(5)
                continue
            }
            collect(at: clock.now, hadInput: hadInput)
            try draw(at: clock.now)
            // A list changes once a second; its ages want a tenth.
            let interval =
                player == nil ? max(.milliseconds(100), options.frameInterval) : options.frameInterval
            nextFrame = clock.now + interval
        }
    }

    // MARK: Events and actions

    private func handle(_ event: MonitorEvent) {
        perform(state.handle(event, at: now()))
    }

    private func perform(_ actions: [MonitorAction]) {
        for action in actions {
            switch action {
            case .openPlayer(let stream, let hours): open(makePlayer(stream, hours))
            case .closePlayer: open(nil)
            case .player(let command): player?.send(command)
            case .startClip(let job): exports.startClip(job)
            case .cancelClip: exports.cancelClip()
            case .snapshot(let name): player.map { exports.saveSnapshot($0, name) }
            case .redraw: repaint()
            case .suspend: screen.suspend()
            case .quit: isOver = true
            }
        }
    }

    private func open(_ next: (any VideoPlayer)?) {
        player?.close()
        player = next
        picture = nil
        fit = nil
        timelineDue = ContinuousClock.now
        meter = ScreenMeter()
        painter.invalidate()
    }

    private func repaint() {
        screen.invalidate()
        painter.invalidate()
    }

    /// Takes in what changed since the last frame.
    private func collect(at instant: ContinuousClock.Instant, hadInput: Bool) {
        if screen.takeLost() { repaint() }
        if screen.size != state.size {
            handle(.resized(screen.size))
            repaint()
        }
        for event in inbox.take() { handle(event) }
        if let player {
            handle(.player(player.status))
            if hadInput || timelineDue <= instant {
                timelineDue = instant + .milliseconds(100)
                collectTimeline(player)
            }
            collectPicture(player)
        }
        handle(.figures(meter.figures(at: instant, picture: picture?.image.size, depth: options.depth)))
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
        let box = PictureBox(columns: layout.picture.size.columns, rows: layout.picture.size.rows)
        if box != fit {
            fit = box
            player.setPictureSize { source, aspect in
                source.fitted(columns: box.columns, rows: box.rows, sampleAspect: aspect).size
            }
        }
        if let next = player.picture(after: picture?.serial ?? 0) {
            let status = state.player?.status
            let isPlaying = status?.isPaused == false && status?.target == nil
            meter.pictureCame(serial: next.serial, isPlaying: isPlaying)
            picture = next
            pictureChanged = ContinuousClock.now
            painter.load(next.image)
        }
        painter.isDimmed = state.isPictureStale
    }

    private struct PictureBox: Equatable {
        var columns: Int
        var rows: Int
    }

    // MARK: Drawing

    private func draw(at instant: ContinuousClock.Instant) throws(TerminalError) {
        let drawing = MonitorView.draw(state, theme: options.theme, picture: picture?.image.size)
        // Without a background of their own the blanks of an overlay are not written: the picture would show through.
        if drawing.overlays != overlays, options.theme[.panel].background == nil { repaint() }
        overlays = drawing.overlays
        var frame = ScreenFrame(buffer: drawing.buffer, pictureRegion: drawing.picture)
        if let region = drawing.picture {
            // The screen repaints everything when the region moves: what was painted is gone.
            if region != meter.region { painter.invalidate() }
            // A picture that stands still is refined until nothing is left out.
            let isStill = instant - pictureChanged > .milliseconds(150)
            let tolerance = isStill ? Tolerance.exact : .justVisible
            frame.picture = painter.paint(in: region, around: drawing.overlays, tolerance: tolerance)
        }
        meter.region = drawing.picture
        guard let bytes = try screen.present(frame) else { return painter.invalidate() }
        meter.drew(bytes: bytes, serial: picture?.serial, at: instant)
    }
}
