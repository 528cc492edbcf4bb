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
        put(state.runningClip?.job.fileName ?? dialog.fileName, row: 2, column: 1, role: .text)
        if let running = state.runningClip {
            put(progress(running), row: 3, column: 1, role: .accent)
        }
        for item in items { put(item.text, row: 3, column: item.column, role: .dim) }
    }

    private typealias Item = (column: Int, text: String, key: KeyPress)

    /// What can be done, where it stands in the last row, and the key for it.
    private var items: [Item] {
        let columns = Self.area(size: state.size).size.columns
        guard state.runningClip == nil else { return [(columns - 12, "Esc give up", KeyPress(.escape))] }
        let precise = dialog.order.isPrecise ? "exact cut ✓" : "exact cut"
        let enter = state.configuration.glyphs.keys("⏎")
        var words = [("\(enter) export", KeyPress(.enter)), ("o container", KeyPress("o"))]
        // Chosen fragments are whole.
        if dialog.order.fragments == nil { words.append(("p \(precise)", KeyPress("p"))) }
        words.append(("Esc close", KeyPress(.escape)))
        var column = 1
        return words.map { text, key in
            defer { column += text.count + 3 }
            return (column, text, key)
        }
    }

    /// The key that a click at a column of the overlay stands for; nil between items.
    func key(at column: Int) -> KeyPress? {
        items.first { ($0.column..<$0.column + $0.text.count).contains(column) }?.key
    }

    private var range: String {
        let (start, end) = (dialog.order.start, dialog.order.end)
        var parts = [
            "\(Figure.preciseClock(state.zoned(start))) → \(Figure.preciseClock(state.zoned(end)))",
            Figure.span(end.milliseconds - start.milliseconds),
        ]
        if let extent = dialog.extent {
            let prefix = extent.isListed ? "" : "~"
            let kind = dialog.order.fragments == nil ? "" : "chosen "
            parts.append("\(prefix)\(extent.fragments) \(kind)fragment\(extent.fragments == 1 ? "" : "s")")
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

extension MonitorState {
    /// `   export 51 %` for a title; empty while nothing is written or the overlay tells it.
    var exportWords: String {
        guard let runningClip, clipDialog == nil else { return "" }
        return "   export" + (runningClip.progress.map { " \(Int($0.part * 100)) %" } ?? " …")
    }
}
