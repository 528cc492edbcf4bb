import KinesisVideo
import KinesisVideoConsumer
import MediaCodec
import Playback
import TerminalScreen

extension MonitorState {
    // MARK: Answers

    /// Takes what has come, or why it has not: each new failure is in the log.
    mutating func take(_ answer: InspectionAnswer, of source: InspectedSource) {
        guard case .failed(let reason) = answer else {
            inspector?.take(answer)
            return
        }
        let fault = reason.withoutRequest
        if inspector?.fault != fault { record(.error, source.name, reason) }
        inspector?.take(.failed(fault))
    }

    // MARK: Comparison

    mutating func compareFragments() {
        guard inspector?.openComparison() != true else { return }
        let count = inspector?.marked.count ?? 0
        show(
            count > 2
                ? "two fragments are compared: \(count) are marked" : "mark two fragments with Space first"
        )
    }

    mutating func scrollComparison(by rows: Int) {
        guard let comparison = inspector?.comparison, let result = comparison.result else { return }
        let last = max(0, result.rows.count - inspectorLayout.comparison.count)
        let (sum, overflow) = comparison.scroll.addingReportingOverflow(rows)
        inspector?.comparison?.scroll = overflow ? (rows > 0 ? last : 0) : min(max(0, sum), last)
    }

    /// Brings the next line that differs to the top, or the one before.
    mutating func findDifference(forward: Bool) {
        guard let comparison = inspector?.comparison, let result = comparison.result else { return }
        let (places, top) = (result.differences, comparison.scroll)
        let next =
            forward ? places.first { $0 > top } ?? places.first : places.last { $0 < top } ?? places.last
        guard let next else { return show("the two are the same") }
        scrollComparison(by: next - top)
    }

    // MARK: Tags

    mutating func search(for pattern: TagPattern) {
        guard inspector != nil else {
            return show("tags are searched in the inspector: d opens it", isError: true)
        }
        inspector?.findings = TagFindings(pattern)
    }

    // MARK: Export

    /// Asks for the export of the marked fragments, else of the selected one.
    mutating func exportFragments() {
        guard let inspector else { return }
        guard case .stream(let stream) = inspector.source else {
            return show("only fragments of a stream are exported: this is a file already")
        }
        if let running = runningClip {
            clipDialog = ClipDialog(stream: running.job.stream, order: running.job.order)
            return
        }
        let marked = inspector.markedFragments
        let chosen = marked.isEmpty ? [inspector.fragment].compactMap(\.self) : marked
        let spans = chosen.compactMap { fragment in
            fragment.metadata.map { metadata in
                (
                    metadata,
                    end: metadata.producerTimestamp.advanced(byMilliseconds: max(1, fragment.duration ?? 1))
                )
            }
        }
        guard let start = spans.map(\.0.producerTimestamp).min(), let end = spans.map(\.end).max() else {
            return show("there is no fragment to export")
        }
        var order = ClipOrder(start: start, end: end)
        order.fragments = Set(spans.map(\.0.number))
        let bytes = chosen.reduce(0) { $0 + $1.size }
        clipDialog = ClipDialog(
            stream: stream,
            order: order,
            extent: TimelineExtent(fragments: spans.count, bytes: bytes, isListed: true)
        )
    }

    // MARK: Acknowledgements

    mutating func pressInAcknowledgements(_ key: KeyPress) -> [MonitorAction] {
        let page = AcknowledgementsView.height(in: size)
        switch key.key {
        case .escape, .enter, .character("a"), .character("q"): inspector?.acknowledgementScroll = nil
        case .up, .character("k"): scrollAcknowledgements(by: 1)
        case .down, .character("j"): scrollAcknowledgements(by: -1)
        case .pageUp: scrollAcknowledgements(by: page)
        case .pageDown: scrollAcknowledgements(by: -page)
        case .home: scrollAcknowledgements(by: 1 << 20)
        case .end: scrollAcknowledgements(by: -1 << 20)
        case .character("y"):
            guard let entries = inspector?.acknowledgements?.log.acknowledgements, !entries.isEmpty else {
                break
            }
            show("copied \(entries.count) lines")
            return [.copy(entries.map(AcknowledgementsView.words).joined(separator: "\n"))]
        default: break
        }
        return []
    }

    mutating func scrollAcknowledgements(by lines: Int) {
        guard let scroll = inspector?.acknowledgementScroll else { return }
        let count = inspector?.acknowledgements?.log.acknowledgements.count ?? 0
        let last = max(0, count - AcknowledgementsView.height(in: size))
        inspector?.acknowledgementScroll = min(max(0, scroll + lines), last)
    }

    // MARK: Mouse

    /// True for the second click on a row within 400 ms.
    mutating func isDoubleClick(on row: Int) -> Bool {
        let isDouble = lastClick.map { $0.row == row && now.milliseconds - $0.time.milliseconds < 400 }
        lastClick = (row, now)
        return isDouble == true
    }

    /// A click in the pane: a moment of the map, an element, a frame or a byte.
    mutating func clickInPane(_ event: MouseEvent) {
        guard let inspector else { return }
        let pane = inspectorLayout.pane
        if inspector.isMapShown {
            let map = HeatMapView(state: self, theme: .colorless, inspector: inspector, area: pane)
            if let time = map.time(at: event.column) { self.inspector?.select(at: time, now) }
            return
        }
        self.inspector?.isPaneFocused = true
        guard let document = inspector.document else { return }
        let view = InspectorPaneView(state: self, theme: .colorless, inspector: inspector, document: document)
        if let offset = view.offset(row: event.row, column: event.column, in: pane) {
            self.inspector?.cursor = offset
        }
    }
}
