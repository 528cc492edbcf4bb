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
        if let row = layout.fault, let fault = state.inspectorFault {
            chrome.fault(fault, row: row, in: &buffer)
        }
        chrome.footer(row: layout.footer, in: &buffer)
        if let comparison = inspector.comparison {
            return ComparisonView(state: state, theme: theme, inspector: inspector, comparison: comparison)
                .draw(in: &buffer)
        }
        drawTable(layout, in: &buffer)
        drawTabs(layout, in: &buffer)
        let area = layout.pane
        if inspector.isMapShown {
            HeatMapView(state: state, theme: theme, inspector: inspector, area: area).draw(in: &buffer)
        } else if let document = inspector.document {
            InspectorPaneView(state: state, theme: theme, inspector: inspector, document: document)
                .draw(area, in: &buffer)
        } else if let waiting {
            buffer.put(
                waiting,
                row: area.row + area.size.rows / 2,
                column: area.column + 2,
                style: theme[.dim]
            )
        }
    }

    /// What is waited for; nil where that has failed.
    private var waiting: String? {
        guard inspector.fault == nil else { return nil }
        guard let fragment = inspector.fragment else {
            return inspector.isListed ? "nothing to look into" : "listing …"
        }
        return "reading \(fragment.name), \(Figure.bytes(fragment.size)) …"
    }

    // MARK: Title

    private func drawTitle(_ chrome: ChromeView, in buffer: inout ScreenBuffer) {
        let clock = "\(Figure.clock(state.zoned(state.now))) \(state.zoneName(state.now))"
        let follow = inspector.isFollowing ? "follow ▼ · " : ""
        let right = ["\(follow)\(acknowledgementSource)\(clock)", "\(follow)\(clock)", clock, ""]
        let marks = inspector.marked.isEmpty ? "" : " · \(inspector.marked.count) marked"
        chrome.title(
            left: [
                (inspector.source.name, theme[.focus]), (titleWords, theme[.text]), (marks, theme[.mark]),
                (state.exportWords, theme[.accent]),
            ],
            right: right,
            row: 0,
            in: &buffer
        )
    }

    private var acknowledgementSource: String {
        guard case .stream = inspector.source, inspector.hasAskedForAcknowledgements else { return "" }
        return inspector.acknowledgements == nil ? "no acks kept here · " : "acks: server log · "
    }

    private var titleWords: String {
        if let comparison = inspector.comparison {
            guard let result = comparison.result else { return "  Comparison" }
            let count = result.rows.count { !$0.isHeading }
            return "  Comparison · \(result.differences.count) of \(count) lines differ"
        }
        let fragments = inspector.numbered.compactMap(\.fragment)
        if let findings = inspector.findings {
            let total = findings.total.map { "\($0)" } ?? "…"
            let searched = findings.isOver ? "\(findings.searched)" : "\(findings.searched) of \(total)"
            return "  \(findings.pattern.text) · \(fragments.count) found, \(searched) searched"
        }
        var (gaps, steps) = (0, 0)
        for line in inspector.numbered {
            switch line {
            case .gap: gaps += 1
            case .backwards: steps += 1
            case .fragment, .receiving: break
            }
        }
        let times = fragments.compactMap(\.metadata?.producerTimestamp)
        var words = "  Fragments \(fragments.count)"
        if let first = times.first, let last = times.last {
            let end = inspector.isFollowing ? "now" : Figure.clock(state.zoned(last))
            words += " · \(Figure.clock(state.zoned(first))) → \(end)"
        }
        if gaps > 0 { words += " · \(gaps) gap\(gaps == 1 ? "" : "s")" }
        if steps > 0 { words += " · \(steps) step\(steps == 1 ? "" : "s") back" }
        return words
    }

    // MARK: Table

    private struct Columns {
        var producer: Int
        var latency: Int
        var duration: Int
        var size: Int
        var frames: Int?
        var codec: Int?
        var acknowledgement: Int
    }

    private func columns(_ layout: InspectorLayout) -> Columns {
        layout.isWide
            ? Columns(producer: 15, latency: 36, duration: 43, size: 51, acknowledgement: 53)
            : Columns(
                producer: 16,
                latency: 39,
                duration: 47,
                size: 56,
                frames: 63,
                codec: 64,
                acknowledgement: 71
            )
    }

    /// First line of the table that is shown: the selected one stays in sight.
    static func firstLine(of inspector: InspectorScreen, height: Int) -> Int {
        let selected = inspector.selectedLine ?? inspector.lines.count - 1
        return min(max(0, selected - height / 2), max(0, inspector.lines.count - height))
    }

    private func drawTable(_ layout: InspectorLayout, in buffer: inout ScreenBuffer) {
        let columns = columns(layout)
        let header = theme[inspector.isPaneFocused ? .dim : .focus]
        let sign = inspector.isReversed ? " ▲" : " ▼"
        func mark(_ order: FragmentOrder) -> String { order == inspector.order ? sign : "" }
        let name = "FRAGMENT" + (inspector.order == .number && inspector.isReversed ? " ▼" : "")
        buffer.put(name, row: layout.header, column: 2, style: header)
        buffer.put("PRODUCER", row: layout.header, column: columns.producer, style: theme[.dim])
        for (title, end) in [
            ("LATENCY", columns.latency), ("DUR" + mark(.duration), columns.duration),
            ("SIZE" + mark(.size), columns.size),
        ] { buffer.putRight(title, row: layout.header, end: end, style: theme[.dim]) }
        if let end = columns.frames {
            buffer.putRight("FRAMES", row: layout.header, end: end, style: theme[.dim])
        }
        if let column = columns.codec {
            buffer.put("CODEC", row: layout.header, column: column, style: theme[.dim])
        }
        buffer.put("ACK", row: layout.header, column: columns.acknowledgement, style: theme[.dim])
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
            let (from, to) = (
                Figure.preciseClock(state.zoned(start)), Figure.preciseClock(state.zoned(end))
            )
            let whole = "┄ gap \(seconds) s · nothing listed between \(from) and \(to)"
            let text = whole.count <= width - 3 ? whole : "┄ gap \(seconds) s · \(from) → \(to)"
            buffer.put(text, row: row, column: 2, style: theme[.dim], limit: width - 3)
        case .backwards(let milliseconds):
            let seconds = Figure.decimal(Double(milliseconds) / 1000, places: 3)
            let text = "┄ producer time goes back \(seconds) s"
            buffer.put(text, row: row, column: 2, style: theme[.warning], limit: width - 3)
        case .receiving(let arriving): draw(arriving, row: row, columns, in: &buffer)
        case .fragment(let fragment): draw(fragment, row: row, width, columns, in: &buffer)
        }
    }

    /// A fragment of which only the beginning is there: its size is not told.
    private func draw(
        _ arriving: ArrivingFragment,
        row: Int,
        _ columns: Columns,
        in buffer: inout ScreenBuffer
    ) {
        buffer.put("  receiving", row: row, column: 2, style: theme[.dim])
        let producer = arriving.producerTimestamp.map { Figure.preciseClock(state.zoned($0)) }
        buffer.put(producer ?? Figure.unknown, row: row, column: columns.producer, style: theme[.dim])
        let elapsed = Figure.decimal(Double(arriving.elapsed) / 1000, places: 3)
        buffer.putRight(elapsed, row: row, end: columns.duration, style: theme[.dim])
        buffer.put("B", row: row, column: columns.acknowledgement, style: theme[.dim])
    }

    /// The last acknowledgement of a fragment; unknown where the log does not reach back to it.
    private func drawAcknowledgement(
        of fragment: InspectedFragment,
        row: Int,
        column: Int,
        in buffer: inout ScreenBuffer
    ) {
        let entry = fragment.metadata.flatMap { inspector.acknowledgements?.latest(of: $0.number) }
        let role: Theme.Role = entry?.event == .error ? .error : entry == nil ? .unknown : .text
        buffer.put(entry?.shortWords ?? Figure.unknown, row: row, column: column, style: theme[role])
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
        drawAcknowledgement(of: fragment, row: row, column: columns.acknowledgement, in: &buffer)
        if inspector.marked.contains(fragment.id) {
            buffer.put("✓", row: row, column: 1, style: theme[.mark])
        }
        guard fragment.id == inspector.selection else { return }
        buffer.put("▸", row: row, column: 0, style: theme[.focus])
        let line = ScreenRectangle(row: row, column: 0, rows: 1, columns: width)
        buffer.restyle(line) { theme.selected($0) }
    }

    /// `0.31 s`, or `skew` where one of the clocks is off.
    private func latencyWords(_ metadata: FragmentMetadata) -> String {
        let lag = metadata.latency
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
        for tab in layout.tabs(selected: inspector.isMapShown ? nil : inspector.pane) {
            let isSelected = tab.pane == inspector.pane && !inspector.isMapShown
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
        let name = inspector.isMapShown ? "map of the table" : fragment.name
        buffer.put(" \(name) ", row: layout.tabRow, column: end + 2, style: theme[.text])
    }
}
