import KinesisVideo
import MediaCodec
import Playback
import TerminalScreen
import TerminalVideo

extension MonitorState {
    mutating func run(_ command: PlayerScreenCommand) -> [MonitorAction] {
        switch command {
        case .markIn: player?.markPlayhead(.start)
        case .markOut: player?.markPlayhead(.end)
        case .clearMarks: player?.clearMarks()
        case .export: toggleExport()
        case .snapshot: return snapshot()
        case .neighbor(let step): return openNeighbor(step)
        case .toggleClock: showsServerClock.toggle()
        case .toggleZone: showsLocalZone.toggle()
        case .showClock(let isServer): showsServerClock = isServer
        case .showZone(let isLocal): showsLocalZone = isLocal
        case .pinQuality(let quality):
            pinnedQuality = quality
            show(quality.map { "picture stays at \($0.name)" } ?? "picture follows the terminal")
        case .nextMode:
            let modes = configuration.pictureModes
            let index = modes.firstIndex(of: pictureMode) ?? modes.endIndex - 1
            showPictures(in: modes[(index + 1) % modes.count])
        case .showMode(let mode): showPictures(in: mode)
        }
        return []
    }

    /// Changes the way pictures are shown, where the terminal knows it.
    private mutating func showPictures(in mode: PictureMode) {
        let modes = configuration.pictureModes
        // Octants are not offered, for few fonts have them, and not refused where there are sextants.
        guard modes.contains(mode) || mode == .octant && modes.contains(.sextant) else {
            let names = modes.map(\.rawValue).joined(separator: ", ")
            return show(
                "this terminal does not show \(mode.rawValue) (it does: \(names); kinescope doctor tells why)"
            )
        }
        pictureMode = mode
        show("picture in \(mode.words)")
    }

    // MARK: Other streams

    /// The stream next in the list, at the same moment of the wall clock; live where this one is live.
    private mutating func openNeighbor(_ step: Int) -> [MonitorAction] {
        let names = streams.visible.map(\.name)
        guard let player, let index = names.firstIndex(of: player.stream), names.count > 1 else {
            show("there is no other stream in the list")
            return []
        }
        let count = names.count
        let name = names[((index + step) % count + count) % count]
        // Where there was nothing to show yet, or never will be, the moment is kept for the next.
        let wall = player.status.serverPosition ?? player.status.position ?? player.openedAt
        let isStill = player.status.position == nil ? player.opensStill : player.status.isPaused
        let isLive = player.status.badge == .live && !isStill || wall == nil
        let keepsNothing = streams.row(named: name)?.statistics.retentionHours == 0
        let (zoom, isInfoShown, isFull) = (player.window.zoom, player.isInfoShown, player.isFull)
        if let row = streams.visible.firstIndex(where: { $0.name == name }) { streams.select(index: row) }
        let opening = openPlayer(name)
        self.player?.window = TimelineWindow(zoom: zoom, endingAt: now)
        self.player?.isInfoShown = isInfoShown
        self.player?.isFull = isFull
        guard !isLive, let wall else { return opening }
        if keepsNothing {
            show("\(name) keeps no archive: live")
            return opening
        }
        self.player?.openedAt = wall
        self.player?.opensStill = isStill
        // The other producer's clock may be off: the moment is the same on the server's.
        let skew = streams.row(named: name)?.producerSkew ?? 0
        let seek = PlayerCommand.seek(to: wall.advanced(byMilliseconds: -skew))
        return opening + [.player(seek)] + (isStill ? [.player(.pause)] : [])
    }

    // MARK: Files

    private mutating func snapshot() -> [MonitorAction] {
        guard let player, let position = player.status.position else {
            show("there is no picture to save yet")
            return []
        }
        return [.snapshot(PlayerFile.name(player.stream, position, suffix: "png", isPrecise: true))]
    }

    private mutating func toggleExport() {
        guard clipDialog == nil else { return clipDialog = nil }
        if let running = runningClip {
            clipDialog = ClipDialog(stream: running.job.stream, order: running.job.order)
            return
        }
        guard let player, let clip = player.clip else {
            show("mark a clip first: I where it begins, O where it ends")
            return
        }
        let order = ClipOrder(start: clip.start, end: clip.end, container: configuration.clipContainer)
        clipDialog = ClipDialog(stream: player.stream, order: order)
    }

    /// Keys of the export; nil for those that work as ever.
    mutating func pressInExport(_ key: KeyPress) -> [MonitorAction]? {
        guard let dialog = clipDialog else { return nil }
        if runningClip != nil {
            switch key.key {
            case .escape:
                clipDialog = nil
                return [.cancelClip]
            case .enter, .character("e"):
                clipDialog = nil
                return []
            default: return nil
            }
        }
        switch key.key {
        case .escape, .character("e"), .character("q"): clipDialog = nil
        case .character("o"):
            let isMP4 = dialog.order.container == .mp4
            clipDialog?.order.container = isMP4 ? .mkv : .mp4
            if isMP4 { clipDialog?.order.isPrecise = false }
        case .character("p") where dialog.order.fragments == nil:
            clipDialog?.order.isPrecise.toggle()
            if clipDialog?.order.isPrecise == true { clipDialog?.order.container = .mp4 }
        case .enter:
            let job = ClipJob(stream: dialog.stream, order: dialog.order, fileName: dialog.fileName)
            runningClip = RunningClip(job: job, began: now)
            return [.startClip(job)]
        case .character where key.modifiers == .control, .character("Q"): return nil
        default: break
        }
        return []
    }

    mutating func takeClip(_ progress: ClipProgress) {
        runningClip?.progress = progress
    }

    mutating func endClip(_ outcome: ClipOutcome) {
        guard runningClip != nil else { return }
        runningClip = nil
        clipDialog = nil
        isQuitAsked = false
        let (text, isError) = outcome.words
        show(text, isError: isError)
    }

    /// Quitting while a clip is written asks once.
    mutating func quit() -> [MonitorAction] {
        guard runningClip != nil, !isQuitAsked else { return [.quit] }
        isQuitAsked = true
        show("an export is under way: quit again to give it up")
        return []
    }
}
