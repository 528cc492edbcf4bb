import KinesisVideo
import Playback
import TerminalScreen

/// The player's first row: name, badge, distance to live, pause, rate; then the clock of the frame on screen.
enum PlayerTitle {
    /// The runs on the left.
    static func left(_ state: MonitorState, theme: Theme) -> [ChromeView.Run] {
        guard let status = state.player?.status else { return [] }
        let badge = status.badge.label
        // LIVE and SHIFT alternate while playing: what follows must not move with them.
        let gap = String(repeating: " ", count: max(7 - badge.count, 0) + 2)
        var runs: [ChromeView.Run] = [
            (name(state), theme[.text].adding(.bold)), ("   ", theme[.text]),
            // Reversed for a moment: there is nothing to go forward to.
            (badge, status.isAtEdge ? theme[status.badge.role].adding(.reverse) : theme[status.badge.role]),
            (gap, theme[.text]),
        ]
        if let distance = distance(status) { runs.append((distance + "   ", theme[.text])) }
        if status.isPaused { runs.append(("‖   ", theme[.shift])) }
        runs.append((rate(status), theme[.dim]))
        if state.runningClip != nil, state.clipDialog == nil {
            let part = state.runningClip?.progress.map { " \(Int($0.part * 100)) %" } ?? " …"
            runs.append(("   export" + part, theme[.accent]))
        }
        return runs
    }

    /// The texts for the right, the longest first: the clock of the frame on screen, or `≈` and that of the moment
    /// which is on its way.
    static func right(_ state: MonitorState) -> [String] {
        guard let status = state.player?.status, let shown = status.target ?? status.position else {
            return [Figure.unknown]
        }
        let isServer = state.showsServerClock && status.serverPosition != nil
        var time = shown
        if isServer, let server = status.serverPosition, let position = status.position {
            time = shown.advanced(byMilliseconds: server.milliseconds - position.milliseconds)
        }
        let zoned = state.zoned(time)
        let day = state.size.columns >= 100 ? Figure.day(zoned) + " " : ""
        let (clock, zone) = (Figure.preciseClock(zoned), state.zoneName(time))
        let mark = status.isExact && status.target == nil ? "" : "≈ "
        let offset = clockOffset(state)
        return [
            "\(offset)\(mark)\(day)\(clock) \(zone) · \(isServer ? "server" : "producer")",
            "\(offset)\(mark)\(clock) \(zone)",
            "\(offset)\(mark)\(clock)", mark + clock, mark + Figure.clock(zoned),
        ]
    }

    /// `clock +3s · ` where the service's clock and this machine's differ by more than two seconds.
    private static func clockOffset(_ state: MonitorState) -> String {
        guard let offset = state.clockOffset, abs(offset) > 2 else { return "" }
        return "clock \(offset < 0 ? "−" : "+")\(abs(offset))s · "
    }

    /// Columns that the badge takes.
    static func badgeColumns(_ state: MonitorState) -> Range<Int> {
        guard let badge = state.player?.status.badge else { return 0..<0 }
        let start = 1 + name(state).count + 3
        return start..<start + badge.label.count
    }

    /// Columns that the clock takes.
    static func clockColumns(_ state: MonitorState) -> Range<Int> {
        let end = max(0, state.size.columns - 1)
        let left = left(state, theme: .colorless)
        let right = ChromeView.fitting(right(state), beside: left, columns: state.size.columns)
        return max(0, end - right.count)..<end
    }

    private static func name(_ state: MonitorState) -> String {
        (state.player?.stream ?? "").shortened(to: max(8, state.size.columns / 4))
    }

    /// How far behind live, as each badge measures it.
    static func distance(_ status: PlayerStatus) -> String? {
        guard let distance = status.distance else { return nil }
        switch status.badge {
        case .live:
            let seconds = Figure.decimal(Double(distance) / 1000, places: 1) + "s"
            return status.isDistanceByServerClock ? seconds + " srv" : seconds
        case .shift: return "−" + Figure.clockSpan(distance)
        case .archive: return Figure.compactSpan(distance) + " ago"
        case .connecting, .buffering, .retry, .denied, .ended: return nil
        }
    }

    /// `1×`, `0.5×`, `4× key`, `−2×`.
    static func rate(_ status: PlayerStatus) -> String {
        let isWhole = status.rate == status.rate.rounded()
        let places = isWhole ? 0 : abs(status.rate) < 0.5 ? 2 : 1
        return Figure.decimal(status.rate, places: places) + "×" + (status.isKeyFramesOnly ? " key" : "")
    }
}

extension PlayerStatus.Badge {
    /// Glyph and word.
    var label: String {
        switch self {
        case .connecting: "… CONNECT"
        case .buffering(let percent): "… BUF \(percent)%"
        case .live: "● LIVE"
        case .shift: "◐ SHIFT"
        case .archive: "■ ARCHIVE"
        case .retry(let seconds): "✕ RETRY \(seconds)"
        case .denied: "✕ DENIED"
        case .ended: "○ ENDED"
        }
    }

    /// Its colour.
    var role: Theme.Role {
        switch self {
        case .connecting, .buffering: .accent
        case .live: .live
        case .shift: .shift
        case .archive: .archive
        case .retry, .denied: .error
        case .ended: .dim
        }
    }
}
