import KinesisVideo
import TerminalScreen

/// Gaps, latencies and acknowledgements of all that is listed, over time.
struct HeatMapView {
    let state: MonitorState
    let theme: Theme
    let inspector: InspectorScreen
    let area: ScreenRectangle

    private static let margin = 9

    /// Rows of latencies and of acknowledgements, of what gaps, cursor, ruler and words leave.
    private var classes: (latency: Int, acknowledgements: Int) {
        let rooms = max(2, area.size.rows - 4)
        let latency = min(7, (rooms + 1) / 2)
        return (latency, min(7, max(1, rooms - latency)))
    }

    /// The map in the room that there is; nil where nothing tells a time.
    var map: FragmentHeatMap? {
        FragmentHeatMap(
            inspector.numbered,
            inspector.acknowledgements,
            columns: max(1, area.size.columns - Self.margin - 2),
            latencyClasses: classes.latency,
            acknowledgementClasses: classes.acknowledgements
        )
    }

    /// The moment under a column of the screen; nil beside the map.
    func time(at column: Int) -> Timestamp? {
        guard let map else { return nil }
        let index = column - area.column - Self.margin
        return map.columns.indices.contains(index) ? map.time(of: index + 1) : nil
    }

    func draw(in buffer: inout ScreenBuffer) {
        guard let map else {
            buffer.put("no fragment tells a time", row: area.row, column: area.column + 2, style: theme[.dim])
            return
        }
        put("gaps", row: 0, in: &buffer)
        for (index, column) in map.columns.enumerated() {
            draw(column.gap ?? 0, row: 0, column: index, role: .gap, in: &buffer)
        }
        let most = Double(max(1, map.mostFragments))
        let latency = FragmentHeatMap.bounds(classes: classes.latency)
        let acknowledged = FragmentHeatMap.bounds(classes: classes.acknowledgements)
        for row in 0...latency.count {
            put(label(latency, latency.count - row, "lag"), row: 1 + row, in: &buffer)
            for (index, column) in map.columns.enumerated() {
                let count = column.latencies[latency.count - row]
                draw(Double(count) / most, row: 1 + row, column: index, role: nil, in: &buffer)
            }
        }
        let second = 2 + latency.count
        for row in 0...acknowledged.count {
            put(label(acknowledged, acknowledged.count - row, "ack"), row: second + row, in: &buffer)
            for (index, column) in map.columns.enumerated() {
                let count = column.acknowledgements[acknowledged.count - row]
                draw(Double(count) / most, row: second + row, column: index, role: .live, in: &buffer)
            }
        }
        drawFoot(map, row: second + acknowledged.count + 1, in: &buffer)
    }

    private func put(_ text: String, row: Int, in buffer: inout ScreenBuffer) {
        guard row < area.size.rows else { return }
        buffer.put(text, row: area.row + row, column: area.column + 1, style: theme[.dim])
    }

    /// `lag ≥1 s`, `lag <.2 s`.
    private func label(_ bounds: [Int64], _ index: Int, _ word: String) -> String {
        func seconds(_ milliseconds: Int64) -> String {
            milliseconds % 1000 == 0 ? "\(milliseconds / 1000)" : ".\(milliseconds / 100)"
        }
        guard let first = bounds.first else { return word }
        return index == 0 ? "\(word) <\(seconds(first))s" : "\(word) ≥\(seconds(bounds[index - 1]))s"
    }

    private func draw(
        _ part: Double,
        row: Int,
        column: Int,
        role: Theme.Role?,
        in buffer: inout ScreenBuffer
    ) {
        guard part > 0, row < area.size.rows else { return }
        let glyph = ["░", "▒", "▓", "█"][min(3, Int(part * 4))]
        let style = role.map { theme[$0] } ?? theme.bar(height: part)
        buffer.put(glyph, row: area.row + row, column: area.column + Self.margin + column, style: style)
    }

    private func drawFoot(_ map: FragmentHeatMap, row: Int, in buffer: inout ScreenBuffer) {
        let left = area.column + Self.margin
        let selected = inspector.fragment
        if row < area.size.rows, let time = selected?.metadata?.producerTimestamp,
            let column = map.column(of: time)
        {
            buffer.put("▲", row: area.row + row, column: left + column, style: theme[.playhead])
        }
        if row + 1 < area.size.rows {
            let end = Figure.clock(state.zoned(map.end))
            buffer.put(
                Figure.clock(state.zoned(map.start)),
                row: area.row + row + 1,
                column: left,
                style: theme[.dim]
            )
            let edge = left + map.columns.count
            buffer.putRight(end, row: area.row + row + 1, end: edge, style: theme[.dim], start: left + 9)
        }
        guard row + 2 < area.size.rows else { return }
        buffer.put(
            words(map),
            row: area.row + row + 2,
            column: area.column + 1,
            style: theme[.text],
            limit: area.size.columns - 2
        )
    }

    /// What is known and what is not: `full █ = 3 fragments · acks known of 143 of 150 · 2 refused`.
    private func words(_ map: FragmentHeatMap) -> String {
        let fragments = inspector.numbered.compactMap(\.fragment)
        let known = fragments.count { fragment in
            fragment.metadata.map { inspector.acknowledgements?.latest(of: $0.number) != nil } ?? false
        }
        let most = map.mostFragments
        var parts = ["full cell: \(most) fragment\(most == 1 ? "" : "s")"]
        parts.append(known == 0 ? "no acks known" : "acks of \(known) of \(fragments.count)")
        let (skewed, refused) = (
            map.columns.map(\.skewed).reduce(0, +), map.columns.map(\.refused).reduce(0, +)
        )
        if skewed > 0 { parts.append("\(skewed) skewed") }
        if refused > 0 { parts.append("\(refused) refused") }
        return parts.joined(separator: " · ")
    }
}
