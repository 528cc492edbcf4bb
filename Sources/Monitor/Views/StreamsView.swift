import KinesisVideo
import TerminalScreen

/// The list of streams.
struct StreamsView {
    let state: MonitorState
    let theme: Theme

    private var list: StreamList { state.streams }
    private var clock: Timestamp { list.serviceClock(at: state.now) }

    func draw(in buffer: inout ScreenBuffer) {
        let layout = StreamsLayout(size: buffer.size, hasFault: list.fault != nil)
        let chrome = ChromeView(state: state, theme: theme)
        drawTitle(chrome, in: &buffer)
        if let row = layout.fault, let fault = list.fault {
            chrome.fault(faultText(fault), row: row, in: &buffer)
        }
        drawHeader(layout, in: &buffer)
        let visible = list.visible
        for (row, stream) in zip(layout.rows, visible.dropFirst(list.scroll)) {
            draw(stream, row: row, layout: layout, in: &buffer)
        }
        if visible.isEmpty { drawEmpty(layout, in: &buffer) }
        if let detail = layout.detail, let selected = list.selectedIndex.map({ visible[$0] }) {
            StreamDetailView(state: state, theme: theme, row: selected, isWide: layout.isWide)
                .draw(rule: detail.rule, rows: detail.rows, in: &buffer)
        }
        chrome.footer(row: layout.footer, in: &buffer)
    }

    private func drawTitle(_ chrome: ChromeView, in buffer: inout ScreenBuffer) {
        let isDescending = list.sort.isDescending != list.isReversed
        let filter = list.filter.isEmpty ? "" : " · filter: \(list.filter)"
        let left: [ChromeView.Run] = [
            ("kinescope", theme[.focus]),
            ("  Streams \(list.visible.count) of \(list.count)", theme[.text]),
            (" · sort: \(list.sort.rawValue) \(isDescending ? "▼" : "▲")", theme[.dim]),
            (filter, theme[.accent]),
            (list.marked.isEmpty ? "" : " · \(list.marked.count) marked", theme[.mark]),
            (state.exportWords, theme[.accent]),
        ]
        let time = "\(Figure.clock(state.zoned(clock))) \(state.zoneName(clock))"
        let endpoint = state.configuration.endpoint
        let isFeed = state.source == state.configuration.source
        let age = list.age(at: state.now).map { " · list \($0 / 1000) s old" } ?? ""
        var right = ["\(endpoint) · \(time)", time, ""]
        // A report that is asked for seldom says how old it is.
        if !isFeed { right.insert("\(endpoint)\(age) · \(time)", at: 0) }
        chrome.title(left: left, right: right, row: 0, in: &buffer)
    }

    private func faultText(_ fault: String) -> String {
        guard let age = list.age(at: state.now) else { return fault }
        return "\(fault) · figures \(Figure.age(age)) old"
    }

    private func drawEmpty(_ layout: StreamsLayout, in buffer: inout ScreenBuffer) {
        let endpoint = state.configuration.endpoint
        var text =
            if !list.hasReport { "asking \(endpoint) …" } else if list.count > 0 {
                list.filterFault ?? "no stream fits the filter   Esc clears it"
            } else {
                "No streams on \(endpoint)." + (state.configuration.isReadOnly ? "" : "   c create one")
                    + "   :demo start seven sample cameras"
            }
        // The footer tells it too.
        let help = "   ? help"
        if list.hasReport, list.count == 0, text.count + help.count < buffer.size.columns { text += help }
        let row = layout.rows.lowerBound + layout.rows.count / 2
        let column = max(1, (buffer.size.columns - text.count) / 2)
        buffer.put(text, row: row, column: column, style: theme[.dim])
    }

    private func drawHeader(_ layout: StreamsLayout, in buffer: inout ScreenBuffer) {
        for column in layout.columns {
            if column.isRightAligned {
                buffer.putRight(column.title, row: layout.header, end: column.end, style: theme[.dim])
            } else {
                buffer.put(column.title, row: layout.header, column: column.start, style: theme[.dim])
            }
        }
    }

    // MARK: One row

    private func draw(_ row: StreamRow, row line: Int, layout: StreamsLayout, in buffer: inout ScreenBuffer) {
        var row = row
        let isOld = list.isStale(at: state.now)
        // Without reports nothing is known of any stream.
        if isOld, row.fault == nil { row.fault = list.fault }
        let isStale = row.fault != nil || isOld
        for column in layout.columns {
            if case .bars(let seconds) = column.content {
                drawBars(row, line: line, column: column, seconds: seconds, isStale: isStale, in: &buffer)
                continue
            }
            let cell = text(row, column.content, isStale: isStale)
            if column.isRightAligned {
                buffer.putRight(cell.text, row: line, end: column.end, style: cell.style, start: column.start)
            } else {
                let text = cell.text.shortened(to: column.end - column.start)
                buffer.put(text, row: line, column: column.start, style: cell.style)
            }
        }
        if list.marked.contains(row.name) {
            buffer.put("✓", row: line, column: 1, style: theme[.mark])
        }
        guard row.name == list.selection else { return }
        buffer.put("▸", row: line, column: 0, style: theme[.focus])
        for column in 0..<buffer.size.columns {
            let isBar = layout.bars?.contains(column) == true
            let style = buffer[line, column].style
            buffer[line, column].style = theme.selected(style, least: isBar ? 1.5 : 4.5)
        }
    }

    private func drawBars(
        _ row: StreamRow,
        line: Int,
        column: StreamsLayout.Column,
        seconds: Int,
        isStale: Bool,
        in buffer: inout ScreenBuffer
    ) {
        // A stream that keeps nothing cannot be listed: that it is silent is not known.
        if row.statistics.readers == nil, row.statistics.retentionHours == 0,
            row.statistics.bytesPerSecond.isEmpty
        {
            buffer.put("no archive", row: line, column: column.start, style: theme[.dim])
            return
        }
        let columns = column.end - column.start
        let common =
            list.isScaleCommon
            ? list.visible.map { $0.highestMean(columns: columns, seconds: seconds) }.max() : nil
        let bars = row.bars(columns: columns, seconds: seconds, at: clock, highest: common)
        for (index, height) in bars.enumerated() {
            let style = isStale ? theme[.dim] : theme.bar(height: Double(height) / 8)
            buffer[line, column.start + index] = ScreenCell(BarGlyph.levels[height], style: style)
        }
    }

    private func text(
        _ row: StreamRow,
        _ content: StreamsLayout.Column.Content,
        isStale: Bool
    ) -> (text: String, style: Style) {
        let rowState = row.state(at: clock)
        let isFresh = [.new, .edit, .delete].contains(rowState)
        switch content {
        case .state: return (rowState.label, theme[rowState.role])
        case .name: return (row.name, theme[.text])
        // A stream that is only being made has no figures at all.
        case _ where isFresh && row.statistics.lastReceived == nil: return ("", theme[.dim])
        case .retention: return (Self.retention(row.statistics.retentionHours), theme[.text])
        case .codec: return (row.codec ?? Figure.unknown, theme[.text])
        case .lag where row.lag(at: clock) == .skew: return ("skew", theme[.warning])
        case .readers where row.fault != nil: return (Figure.unknown, theme[.unknown])
        default:
            guard let figure = figure(row, content) else { return (Figure.unknown, theme[.unknown]) }
            return isStale ? ("~" + figure, theme[.dim].adding(.dim)) : (figure, theme[.text])
        }
    }

    private func figure(_ row: StreamRow, _ content: StreamsLayout.Column.Content) -> String? {
        switch content {
        case .rate: row.bitRate(at: clock).map(Figure.millions)
        case .fragments: Figure.decimal(row.statistics.fragmentsPerSecond, places: 2)
        case .age: row.age(at: clock).map(Figure.age)
        case .lag:
            if case .milliseconds(let lag)? = row.lag(at: clock) {
                Figure.decimal(Double(lag) / 1000, places: 1) + "s"
            } else {
                nil
            }
        case .readers: row.statistics.readers.map { "\($0)" }
        case .stored: row.statistics.storedBytes.map(Figure.bytes)
        default: nil
        }
    }

    /// `24h`, `7d`, `none`.
    static func retention(_ hours: Int) -> String {
        if hours == 0 { return "none" }
        return hours % 24 == 0 && hours > 24 ? "\(hours / 24)d" : "\(hours)h"
    }
}

extension StreamRow.State {
    /// Glyph and word.
    var label: String {
        let glyph =
            switch self {
            case .live: "●"
            case .idle: "◌"
            case .off: "○"
            case .new, .edit, .delete: "…"
            case .error: "✕"
            }
        return "\(glyph) \(word)"
    }

    /// Its colour.
    var role: Theme.Role {
        switch self {
        case .live: .live
        case .idle, .off, .delete: .dim
        case .new, .edit: .accent
        case .error: .error
        }
    }
}

/// Characters of bars.
enum BarGlyph {
    /// From nothing to a full cell, in eighths.
    static let levels: [Unicode.Scalar] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
}

extension String {
    /// The text, or as much of it as fits with `…` at its end.
    func shortened(to width: Int) -> String {
        count <= width ? self : prefix(max(0, width - 1)) + "…"
    }
}
