import KinesisVideo
import TerminalScreen

/// The inspector: title, table, tabs, and the pane that is shown.
struct InspectorView {
    let state: MonitorState
    let theme: Theme
    let inspector: InspectorScreen

    func draw(in buffer: inout ScreenBuffer) {
        let layout = state.inspectorLayout
        let chrome = ChromeView(state: state, theme: theme)
        drawTitle(chrome, in: &buffer)
        drawTable(layout, in: &buffer)
        drawTabs(layout, in: &buffer)
        let area = layout.pane
        if let document = inspector.document {
            InspectorPaneView(state: state, theme: theme, inspector: inspector, document: document)
                .draw(area, in: &buffer)
        } else {
            buffer.put(
                waiting,
                row: area.row + area.size.rows / 2,
                column: area.column + 2,
                style: theme[.dim]
            )
        }
        chrome.footer(row: layout.footer, in: &buffer)
    }

    private var waiting: String {
        if let fault = inspector.fault { return "✕ \(fault)" }
        guard let fragment = inspector.fragment else {
            return inspector.isListed ? "nothing to look into" : "listing …"
        }
        return "reading \(fragment.name), \(Figure.bytes(fragment.size)) …"
    }

    // MARK: Title

    private func drawTitle(_ chrome: ChromeView, in buffer: inout ScreenBuffer) {
        let fragments = inspector.lines.compactMap(\.fragment)
        let gaps = inspector.lines.count - fragments.count
        let times = fragments.compactMap(\.metadata?.producerTimestamp)
        var words = "  Fragments \(fragments.count)"
        if let first = times.first, let last = times.last {
            let end = inspector.isFollowing ? "now" : Figure.clock(state.zoned(last))
            words += " · \(Figure.clock(state.zoned(first))) → \(end)"
        }
        if gaps > 0 { words += " · \(gaps) gap\(gaps == 1 ? "" : "s")" }
        let clock = "\(Figure.clock(state.now)) UTC"
        let right = inspector.isFollowing ? ["follow ▼ · \(clock)", clock, ""] : [clock, ""]
        chrome.title(
            left: [(inspector.source.name, theme[.focus]), (words, theme[.text])],
            right: right,
            row: 0,
            in: &buffer
        )
    }

    // MARK: Table

    private struct Columns {
        var producer: Int
        var latency: Int
        var duration: Int
        var size: Int
        var frames: Int?
        var codec: Int?
    }

    private func columns(_ layout: InspectorLayout) -> Columns {
        layout.isWide
            ? Columns(producer: 16, latency: 37, duration: 44, size: 53)
            : Columns(producer: 16, latency: 39, duration: 47, size: 56, frames: 63, codec: 64)
    }

    /// First line of the table that is shown: the selected one stays in sight.
    static func firstLine(of inspector: InspectorScreen, height: Int) -> Int {
        let selected = inspector.selectedLine ?? inspector.lines.count - 1
        return min(max(0, selected - height / 2), max(0, inspector.lines.count - height))
    }

    private func drawTable(_ layout: InspectorLayout, in buffer: inout ScreenBuffer) {
        let columns = columns(layout)
        let header = theme[inspector.isPaneFocused ? .dim : .focus]
        buffer.put("FRAGMENT", row: layout.header, column: 2, style: header)
        buffer.put("PRODUCER", row: layout.header, column: columns.producer, style: theme[.dim])
        for (title, end) in [
            ("LATENCY", columns.latency), ("DUR", columns.duration), ("SIZE", columns.size),
        ] { buffer.putRight(title, row: layout.header, end: end, style: theme[.dim]) }
        if let end = columns.frames {
            buffer.putRight("FRAMES", row: layout.header, end: end, style: theme[.dim])
        }
        if let column = columns.codec {
            buffer.put("CODEC", row: layout.header, column: column, style: theme[.dim])
        }
        let first = Self.firstLine(of: inspector, height: layout.table.count)
        for (row, line) in zip(layout.table, inspector.lines.dropFirst(first)) {
            draw(line, row: row, layout, columns, in: &buffer)
        }
        guard layout.isWide else { return }
        for row in layout.header..<layout.footer {
            buffer.put("│", row: row, column: InspectorLayout.tableColumns, style: theme[.border])
        }
    }

    private func draw(
        _ line: InspectorLine,
        row: Int,
        _ layout: InspectorLayout,
        _ columns: Columns,
        in buffer: inout ScreenBuffer
    ) {
        let width = layout.isWide ? InspectorLayout.tableColumns : buffer.size.columns
        switch line {
        case .gap(let start, let end):
            let seconds = Figure.decimal(Double(end.milliseconds - start.milliseconds) / 1000, places: 3)
            let span =
                "\(Figure.preciseClock(state.zoned(start))) and \(Figure.preciseClock(state.zoned(end)))"
            let text = "┄ gap \(seconds) s · nothing listed between \(span)"
            buffer.put(text, row: row, column: 2, style: theme[.dim], limit: width - 3)
        case .backwards(let milliseconds):
            let seconds = Figure.decimal(Double(milliseconds) / 1000, places: 3)
            let text = "┄ producer time goes back \(seconds) s"
            buffer.put(text, row: row, column: 2, style: theme[.warning], limit: width - 3)
        case .fragment(let fragment): draw(fragment, row: row, width, columns, in: &buffer)
        }
    }

    private func draw(
        _ fragment: InspectedFragment,
        row: Int,
        _ width: Int,
        _ columns: Columns,
        in buffer: inout ScreenBuffer
    ) {
        buffer.put(fragment.name, row: row, column: 2, style: theme[.text])
        let metadata = fragment.metadata
        let producer = metadata.map { Figure.preciseClock(state.zoned($0.producerTimestamp)) }
        buffer.put(producer ?? Figure.unknown, row: row, column: columns.producer, style: theme[.text])
        let latency = metadata.map { latencyWords($0) } ?? Figure.unknown
        buffer.putRight(latency, row: row, end: columns.latency, style: theme[.text])
        let duration = fragment.duration.map { Figure.decimal(Double($0) / 1000, places: 3) }
        buffer.putRight(duration ?? Figure.unknown, row: row, end: columns.duration, style: theme[.text])
        buffer.putRight(Figure.bytes(fragment.size), row: row, end: columns.size, style: theme[.text])
        let seen = inspector.seen[fragment.id]
        if let end = columns.frames {
            buffer.putRight(seen.map { "\($0.frames)" } ?? "·", row: row, end: end, style: theme[.text])
        }
        if let column = columns.codec {
            buffer.put(seen?.codec ?? "·", row: row, column: column, style: theme[.text])
        }
        guard fragment.id == inspector.selection else { return }
        buffer.put("▸", row: row, column: 0, style: theme[.focus])
        let line = ScreenRectangle(row: row, column: 0, rows: 1, columns: width)
        let selection = theme[.selection]
        buffer.restyle(line) { style in
            var style = style
            style.background = selection.background
            style.foreground = selection.foreground ?? style.foreground
            return style.adding(selection.attributes)
        }
    }

    /// `0.31 s`, or `skew` where one of the clocks is off.
    private func latencyWords(_ metadata: FragmentMetadata) -> String {
        let lag = metadata.serverTimestamp.milliseconds - metadata.producerTimestamp.milliseconds
        guard lag >= -1000, lag <= 3_600_000 else { return "skew" }
        return Figure.decimal(Double(lag) / 1000, places: 2) + " s"
    }

    // MARK: Tabs

    private func drawTabs(_ layout: InspectorLayout, in buffer: inout ScreenBuffer) {
        if !layout.isWide {
            let rule = String(repeating: "─", count: buffer.size.columns)
            buffer.put(rule, row: layout.tabRow, column: 0, style: theme[.border])
        }
        var end = layout.tabColumn
        for tab in layout.tabs(selected: inspector.pane) {
            let isSelected = tab.pane == inspector.pane
            let role: Theme.Role = !isSelected ? .dim : inspector.isPaneFocused ? .focus : .text
            buffer.put(
                " \(tab.text) ",
                row: layout.tabRow,
                column: tab.columns.lowerBound - 1,
                style: theme[role]
            )
            end = tab.columns.upperBound
        }
        guard !layout.isWide, let fragment = inspector.fragment else { return }
        buffer.put(" \(fragment.name) ", row: layout.tabRow, column: end + 2, style: theme[.text])
    }
}
