import KinesisVideo
import KinesisVideoConsumer
import Playback
import TerminalScreen

/// Bars, rail and ruler of a stream's time.
///
/// It draws what was listed and never a guess: not listed, listed and empty, and expired look different.
struct TimelineView {
    let theme: Theme
    let player: PlayerScreen
    let layout: PlayerLayout
    let state: MonitorState
    /// Milliseconds up to the newest media that the server holds in memory; nil where it does not say.
    let buffered: Int64?

    private var window: TimelineWindow { player.window }
    private var count: Int { layout.track.count }

    func draw(in buffer: inout ScreenBuffer) {
        let playhead = player.playhead.flatMap { window.column(of: $0, columns: count) }
        if let bars = layout.bars {
            drawBars(bars, playhead: playhead, in: &buffer)
            let end = buffer.size.columns
            buffer.putRight(window.zoom.name, row: bars.lowerBound, end: end, style: theme[.dim])
        }
        if let row = layout.rail { drawRail(row: row, playhead: playhead, in: &buffer) }
        if let row = layout.ruler { drawRuler(row: row, playhead: playhead, in: &buffer) }
    }

    // MARK: Bars

    private func drawBars(_ rows: Range<Int>, playhead: Int?, in buffer: inout ScreenBuffer) {
        let steps = 8 * rows.count
        let highest = player.columns.lazy.compactMap(\.bitRate).max() ?? 0
        for index in 0..<min(count, player.columns.count) where highest > 0 {
            guard let rate = player.columns[index].bitRate, rate > 0 else { continue }
            let part = rate / highest
            let height = min(steps, max(1, Int((part * Double(steps)).rounded(.up))))
            for (level, row) in rows.reversed().enumerated() {
                let glyph = BarGlyph.levels[min(8, max(0, height - 8 * level))]
                guard glyph != " " else { continue }
                buffer[row, layout.track.column + index] = ScreenCell(glyph, style: theme.bar(height: part))
            }
        }
        guard let playhead else { return }
        for row in rows {
            buffer.put("┃", row: row, column: layout.track.column + playhead, style: theme[.playhead])
        }
    }

    // MARK: Rail

    private func drawRail(row: Int, playhead: Int?, in buffer: inout ScreenBuffer) {
        let start = layout.track.column
        var before: TimelineCoverage?
        for (index, column) in player.columns.prefix(count).enumerated() {
            let isBuffered = column.coverage == .archive && isBuffered(index)
            // A service that reports no buffer has none to draw: what came is archived soon, and not listed yet.
            let coverage = buffered == nil && column.coverage == .liveBuffer ? .notListed : column.coverage
            let (glyph, role) = Self.glyph(isBuffered ? .liveBuffer : coverage, after: before)
            buffer[row, start + index] = ScreenCell(glyph, style: theme[role])
            before = column.coverage
        }
        if let newest = player.status.newest {
            if newest > window.end {
                buffer.put("›", row: row, column: start + count, style: theme[.live])
            } else if let edge = window.column(of: newest, columns: count) {
                buffer.put("▶", row: row, column: start + edge, style: theme[.live])
            }
        }
        // At the live edge the two share a column; where the media ends says more than where the picture is.
        if let playhead, buffer[row, start + playhead].character != "▶" {
            buffer.put("┃", row: row, column: start + playhead, style: theme[.playhead])
        }
        drawMarks(row: row, in: &buffer)
    }

    private func drawMarks(row: Int, in buffer: inout ScreenBuffer) {
        let start = layout.track.column
        if let clip = player.clip {
            for index in 0..<count {
                let time = window.time(atColumn: index, columns: count)
                guard time >= clip.start, time < clip.end, buffer[row, start + index].character != "┃" else {
                    continue
                }
                let cell = buffer[row, start + index]
                let style = theme[.mark].adding(.underline)
                buffer[row, start + index] = ScreenCell(cell.character ?? " ", style: style)
            }
        }
        for (time, glyph) in [(player.markIn, "["), (player.markOut, "]")] {
            guard let time, let column = window.column(of: time, columns: count) else { continue }
            buffer.put(glyph, row: row, column: start + column, style: theme[.mark].adding(.bold))
        }
    }

    /// True where the server still has a column in memory, archived or not.
    private func isBuffered(_ column: Int) -> Bool {
        guard let buffered, let newest = player.status.newest else { return false }
        return window.time(atColumn: column, columns: count) > newest.advanced(byMilliseconds: -buffered)
    }

    private static func glyph(
        _ coverage: TimelineCoverage,
        after before: TimelineCoverage?
    ) -> (Unicode.Scalar, Theme.Role) {
        switch coverage {
        case _ where before == .expired && coverage != .expired: ("╎", .gap)
        case .archive: ("━", .archive)
        case .liveBuffer: ("═", .live)
        case .notListed: ("┄", .unknown)
        case .gap, .expired, .future: (" ", .gap)
        }
    }

    // MARK: Ruler

    /// The playhead's time in the middle below it, `LIVE` below the live edge, ticks that begin where they
    /// belong.
    private func drawRuler(row: Int, playhead: Int?, in buffer: inout ScreenBuffer) {
        var taken: [Range<Int>] = []
        func place(_ text: String, at wanted: Int, style: Style) {
            let column = min(max(1, wanted), layout.track.column + count - text.count)
            let range = column - 2..<column + text.count + 2
            guard column >= 1, !taken.contains(where: { $0.overlaps(column..<column + text.count) }) else {
                return
            }
            taken.append(range)
            buffer.put(text, row: row, column: column, style: style)
        }
        let start = layout.track.column
        if let hover = player.hover, let column = window.column(of: hover, columns: count) {
            place(
                Figure.clock(state.zoned(hover)),
                at: start + column - 4,
                style: theme[.focus].adding(.reverse)
            )
        }
        if let newest = player.status.newest, let edge = window.column(of: newest, columns: count) {
            place("LIVE", at: start + edge - 3, style: theme[.live])
        }
        if let playhead, let time = player.playhead {
            place(Figure.clock(state.zoned(time)), at: start + playhead - 4, style: theme[.playhead])
        }
        for tick in ticks {
            guard let column = window.column(of: tick.time, columns: count) else { continue }
            // A tick cut off at the edge would stand below the wrong column.
            guard start + column + tick.text.count <= start + count else { continue }
            place(tick.text, at: start + column, style: theme[.dim])
        }
    }

    private var ticks: [(time: Timestamp, text: String)] {
        let step = tickStep
        // Ticks stand where the clocks of the zone are round.
        let shift = state.zoned(window.start).milliseconds - window.start.milliseconds
        let first = ((window.start.milliseconds + shift) / step + 1) * step - shift
        return stride(from: first, to: window.end.milliseconds, by: Int64.Stride(step)).map { milliseconds in
            let time = Timestamp(milliseconds: milliseconds)
            let zoned = time.advanced(byMilliseconds: shift)
            switch step {
            case ..<60_000: return (time, Figure.clock(zoned))
            case ..<86_400_000: return (time, String(Figure.clock(zoned).prefix(5)))
            default: return (time, Figure.day(zoned))
            }
        }
    }

    /// The shortest step that leaves 16 columns from tick to tick.
    private var tickStep: Int64 {
        let minutes: [Int64] = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080, 40_320]
        let steps: [Int64] = [1000, 2000, 5000, 10_000, 15_000, 30_000] + minutes.map { $0 * 60_000 }
        let wanted = window.length * 16 / Int64(count)
        return steps.first { $0 >= wanted } ?? steps[steps.count - 1] * (wanted / steps[steps.count - 1] + 1)
    }
}
