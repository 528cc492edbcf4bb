import KinesisVideo
import KinesisVideoConsumer
import MediaCodec
import Playback
import TerminalScreen

/// The export of the marked clip: what it will be, then how far it is.
///
/// ```
/// ── Export ─────────────────────────────────────────────────
///  10:50:30.000 → 10:52:10.000   1 m 40 s   50 fragments   26.1 MB
///  front-door-20251122T105030Z.mp4     o container  p exact cut
///  ████████████············  51 %  26 of 50  8.4 MB/s  2 s left       Esc
/// ```
struct ExportView {
    let state: MonitorState
    let theme: Theme
    let dialog: ClipDialog

    /// Where the overlay lies.
    static func area(size: ScreenSize) -> ScreenRectangle {
        let columns = min(76, size.columns)
        return ScreenRectangle(
            row: max(0, (size.rows - 4) / 2),
            column: (size.columns - columns) / 2,
            rows: min(4, size.rows),
            columns: columns
        )
    }

    func draw(in buffer: inout ScreenBuffer) {
        let area = Self.area(size: buffer.size)
        let background = theme[.panel].background
        buffer.fill(area, with: ScreenCell(" ", style: Style(background: background)))
        func put(_ text: String, row: Int, column: Int, role: Theme.Role) {
            var style = theme[role]
            style.background = style.background ?? background
            let limit = area.size.columns - column
            buffer.put(text, row: area.row + row, column: area.column + column, style: style, limit: limit)
        }
        put(String(repeating: "─", count: area.size.columns), row: 0, column: 0, role: .border)
        put(" Export · \(dialog.stream) ", row: 0, column: 2, role: .focus)
        put(range, row: 1, column: 1, role: .text)
        put(dialog.fileName, row: 2, column: 1, role: .text)
        if let running = state.runningClip {
            put(progress(running), row: 3, column: 1, role: .accent)
            put("Esc give up", row: 3, column: area.size.columns - 12, role: .dim)
        } else {
            let precise = dialog.order.isPrecise ? "exact cut ✓" : "exact cut"
            put("⏎ export   o container   p \(precise)   Esc close", row: 3, column: 1, role: .dim)
        }
    }

    private var range: String {
        let (start, end) = (dialog.order.start, dialog.order.end)
        var parts = [
            "\(Figure.preciseClock(state.zoned(start))) → \(Figure.preciseClock(state.zoned(end)))",
            Figure.span(end.milliseconds - start.milliseconds),
        ]
        if let extent = dialog.extent {
            let prefix = extent.isListed ? "" : "~"
            parts.append("\(prefix)\(extent.fragments) fragments")
            parts.append(prefix + Figure.bytes(extent.bytes))
        }
        return parts.joined(separator: "   ")
    }

    private func progress(_ running: RunningClip) -> String {
        guard let progress = running.progress else { return "asking for the fragments …" }
        let width = 24
        let eighths = Int(progress.part * Double(width * 8))
        let bar = String(repeating: "█", count: eighths / 8)
        let rest = String(repeating: "·", count: width - eighths / 8)
        let elapsed = Double(max(1, state.now.milliseconds - running.began.milliseconds)) / 1000
        let rate = Double(progress.bytes) / elapsed
        let left = rate > 0 ? Int64(Double(progress.byteCount - progress.bytes) / rate * 1000) : 0
        let parts = [
            bar + rest, "\(Int(progress.part * 100)) %", "\(progress.fragments) of \(progress.fragmentCount)",
            Figure.byteRate(rate), "\(Figure.span(left)) left",
        ]
        return parts.joined(separator: "  ")
    }
}
