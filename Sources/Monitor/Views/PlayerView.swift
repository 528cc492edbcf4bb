import KinesisVideo
import KinesisVideoConsumer
import Playback
import TerminalScreen

/// The player: everything but the picture, whose region stays blank.
struct PlayerView {
    let state: MonitorState
    let theme: Theme
    let player: PlayerScreen
    let layout: PlayerLayout

    func draw(in buffer: inout ScreenBuffer) {
        let chrome = ChromeView(state: state, theme: theme)
        if let row = layout.title {
            let left = PlayerTitle.left(state, theme: theme)
            chrome.title(left: left, right: PlayerTitle.right(state), row: row, in: &buffer)
        }
        if let row = layout.fault, let fault = faultText {
            chrome.fault(fault, isWarning: player.status.isFollowingArchive, row: row, in: &buffer)
        }
        drawWaiting(in: &buffer)
        if let row = layout.strip { drawStrip(row: row, in: &buffer) }
        let buffered = state.streams.row(named: player.stream)?.statistics.bufferMilliseconds
        TimelineView(theme: theme, player: player, layout: layout, state: state, buffered: buffered)
            .draw(in: &buffer)
        if let panel = layout.panel {
            InfoPanelView(state: state, theme: theme, status: player.panel).draw(panel, in: &buffer)
        }
        if let row = layout.footer {
            if state.prompt?.purpose == .goTo { drawReading(row: row - 1, in: &buffer) }
            chrome.footer(row: row, in: &buffer)
        }
    }

    /// What is wrong, and what is being done about it.
    ///
    /// `connection lost 14:03:10 · reset by peer · retry 3 in 4 s · F5 retry now · L log`, or while there is another
    /// way `GetMedia: 3 of 3 connections in use · following the archive, 4.1 s behind`.
    private var faultText: String? {
        guard let fault = player.status.fault else { return nil }
        if player.status.isFollowingArchive {
            let distance = player.status.distance.map { Double($0) / 1000 }
            let behind = distance.map { ", \(Figure.decimal($0, places: 1)) s behind" } ?? ""
            return "GetMedia: \(fault) · following the archive\(behind)"
        }
        guard let outage = player.status.outage else { return fault }
        let keys: [(MonitorCommand, String)] = [(.player(.retryNow), "retry now"), (.log, "log")]
        let hints = keys.compactMap { command, words in
            state.configuration.keymap.entries
                .first { $0.bindings.contains { $0.command == command } }
                .map { "\($0.label) \(words)" }
        }
        let lost = "connection lost \(Figure.clock(state.zoned(outage.since)))"
        let retry = "retry \(outage.attempt) in \(outage.seconds) s"
        return ([lost, fault, retry] + hints).joined(separator: " · ")
    }

    /// Says in the middle what is waited for while there is no picture.
    private func drawWaiting(in buffer: inout ScreenBuffer) {
        guard state.figures.pictureColumns == nil else { return }
        let text: String
        switch player.status.badge {
        case _ where !player.status.hasPicture:
            text = "no pictures in this stream: " + player.status.tracks.joined(separator: ", ")
        case .connecting: text = "connecting to \(player.stream) …"
        case .denied, .ended, .retry: return
        case .buffering, .live, .shift, .archive: text = "waiting for the first key frame …"
        }
        let area = layout.picture
        let column = area.column + max(0, (area.size.columns - text.count) / 2)
        buffer.put(text, row: area.row + area.size.rows / 2, column: column, style: theme[.dim])
    }

    private func drawStrip(row: Int, in buffer: inout ScreenBuffer) {
        if let text = Self.clipText(state) {
            buffer.put(text, row: row, column: 1, style: theme[.mark])
        } else {
            buffer.put(mediaText, row: row, column: 1, style: theme[.dim])
        }
        let end = buffer.size.columns - 1
        let quality = state.figures.quality.map { " \($0.name)" } ?? ""
        buffer.putRight(rateText + quality, row: row, end: end, style: theme[.dim])
        guard let isPoor = state.figures.quality.map({ $0 >= .tenFrames }), isPoor else { return }
        buffer.putRight(quality, row: row, end: end, style: theme[.warning])
    }

    /// `clip 10:50:30.000 → 10:52:10.000  1 m 40 s · e export`; nil without a clip, or without room for it.
    static func clipText(_ state: MonitorState) -> String? {
        guard let clip = state.player?.clip, state.size.columns >= 116 else { return nil }
        let range =
            "\(Figure.preciseClock(state.zoned(clip.start))) → \(Figure.preciseClock(state.zoned(clip.end)))"
        return "clip \(range)  \(Figure.span(clip.end.milliseconds - clip.start.milliseconds)) · e export"
    }

    /// `h264 1280×720 25 fps ▸ 64×36 24.8 fps · drop 0`; what is not known yet is left out.
    private var mediaText: String {
        let (status, figures) = (player.status, state.figures)
        var parts: [String] = []
        if let codec = status.codec?.split(separator: " ").first { parts.append(String(codec)) }
        if let width = status.pictureWidth, let height = status.pictureHeight {
            parts.append("\(width)×\(height)")
        }
        if let rate = status.mediaFrameRate { parts.append("\(Self.shortRate(rate)) fps") }
        if let columns = figures.pictureColumns, let rows = figures.pictureRows {
            parts.append("▸ \(columns)×\(rows)")
            if let rate = figures.drawnFrameRate { parts.append("\(Figure.decimal(rate, places: 1)) fps") }
            parts.append("· drop \(figures.droppedFrames)")
        }
        return parts.joined(separator: " ")
    }

    private var rateText: String {
        let parts = [
            player.status.bitRate.map { "\(Figure.millions($0)) Mb/s" },
            state.figures.bytesPerSecond.map { "tty \(Figure.byteRate($0))" },
        ]
        return parts.compactMap { $0 }.joined(separator: " · ")
    }

    /// `25`, `29.97`.
    static func shortRate(_ rate: Double) -> String {
        abs(rate - rate.rounded()) < 0.05 ? Figure.decimal(rate, places: 0) : Figure.decimal(rate, places: 2)
    }

    // MARK: Go to

    /// What the typed time means, above the prompt.
    private func drawReading(row: Int, in buffer: inout ScreenBuffer) {
        let blank = ScreenRectangle(row: row, column: 0, rows: 1, columns: buffer.size.columns)
        buffer.fill(blank)
        guard let prompt = state.prompt, !prompt.text.isEmpty else {
            buffer.put(
                "14:03  -90s  yesterday 18:00  now  #FRAGMENT",
                row: row,
                column: 1,
                style: theme[.dim]
            )
            return
        }
        let (text, role) = reading(prompt.text)
        buffer.put("→ " + text, row: row, column: 1, style: theme[role], limit: buffer.size.columns - 2)
    }

    private func reading(_ text: String) -> (String, Theme.Role) {
        do {
            switch try TimeExpression(text, now: state.now, zoneOffset: state.zoneOffset) {
            case .now: return ("live", .live)
            case .fragment(let number): return ("fragment \(number.shortName)", .text)
            case .time(let time): return reading(time)
            }
        } catch {
            return (error.description, .warning)
        }
    }

    private func reading(_ time: Timestamp) -> (String, Theme.Role) {
        let zoned = state.zoned(time)
        let clock = "\(Figure.clock(zoned)) \(state.zoneName(time))"
        let moment = "\(Figure.weekday(zoned)) \(Figure.day(zoned)) \(clock)"
        let ago = "\(Figure.span(state.now.milliseconds - time.milliseconds)) ago"
        // A time counted from now moves on between the look and the drawing.
        guard let reading = state.place, abs(reading.time.milliseconds - time.milliseconds) < 1000 else {
            return ("\(moment) · \(ago)", .text)
        }
        switch reading.place {
        case .archive: return ("\(moment) · archived · \(ago)", .text)
        case .liveBuffer: return ("\(moment) · in the server's memory · \(ago)", .text)
        case .gap(let from, let to, let landing):
            let length = Figure.span(to.milliseconds - from.milliseconds)
            return ("in a gap of \(length) · lands on \(Figure.preciseClock(state.zoned(landing)))", .warning)
        case .future: return ("\(moment) · later than the newest media: live", .warning)
        case .expired: return ("\(moment) · \(ago): no longer kept, lands on the oldest media", .warning)
        case .unknown: return ("\(moment) · not listed yet · \(ago)", .text)
        }
    }
}
