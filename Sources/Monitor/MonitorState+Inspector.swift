import KinesisVideo
import Playback
import TerminalScreen

/// What keys of the inspector do.
package enum InspectorCommand: Sendable, Hashable {
    /// Opens the inspector on what is selected or under the playhead.
    case openSelection
    /// Opens it on a stream or a file.
    case inspect(String)
    /// Shows a pane.
    case show(InspectorScreen.Pane)
    /// Moves keys from the table to the pane, or back.
    case toggleFocus
    /// A frame or a byte back, or folds.
    case left
    /// A frame or a byte on, or unfolds.
    case right
    /// Plays from the selected fragment on.
    case play
    /// Follows the newest fragment, or stops to.
    case follow
    /// Types what to find.
    case find
    /// Goes to the next match, or to the one before.
    case findNext(forward: Bool)
    /// Searches all media for a tag.
    case search(TagPattern)
    /// Marks the selected fragment, or takes its mark away.
    case mark
    /// Saves the marked fragments, else the selected one.
    case export
    /// Shows two fragments side by side.
    case compare
    /// Shows gaps, latencies and acknowledgements over time, or the pane again.
    case map
    /// Shows what the service acknowledged.
    case acknowledgements
}

extension MonitorState {
    /// Places of the inspector's parts.
    package var inspectorLayout: InspectorLayout {
        InspectorLayout(size: size, hasFault: inspectorFault != nil)
    }

    /// What lastingly fails behind the inspector; nil while nothing does.
    var inspectorFault: String? {
        guard let inspector else { return nil }
        if let fault = inspector.fault { return fault }
        return inspector.source.isWhole ? nil : streams.fault
    }

    /// What the inspector wants to have; nil while it is closed.
    package var inspectionDemand: InspectionDemand? { inspector?.demand(at: now) }

    mutating func run(_ command: InspectorCommand) -> [MonitorAction] {
        switch command {
        case .openSelection: openInspector()
        case .inspect(let name): openInspector(named: name)
        case .show(let pane):
            inspector?.pane = pane
            inspector?.textScroll = 0
            inspector?.isMapShown = false
        case .toggleFocus: inspector?.isPaneFocused.toggle()
        case .left, .right: moveSideways(by: command == .right ? 1 : -1)
        case .play: return playSelected()
        case .follow: inspector?.toggleFollowing()
        case .find: prompt = Prompt(purpose: .find, text: "")
        case .findNext(let forward): find(forward: forward)
        case .search(let pattern): search(for: pattern)
        case .mark: inspector?.toggleMark(at: now)
        case .export: exportFragments()
        case .compare: compareFragments()
        case .map: inspector?.isMapShown.toggle()
        case .acknowledgements: inspector?.acknowledgementScroll = 0
        }
        return []
    }

    // MARK: Opening

    private mutating func openInspector() {
        if let player {
            let fragment = player.status.fragment
            let isLive = player.status.badge == .live
            openInspector(
                .stream(player.stream),
                at: fragment?.producerTimestamp ?? player.playhead,
                number: isLive ? nil : fragment?.number,
                newest: player.status.newest ?? now
            )
        } else if let name = streams.selection {
            openInspector(named: name)
        }
    }

    /// Looks into a file, with no service behind: leaving it ends the program.
    package mutating func openFile(_ path: String) {
        isFileAlone = true
        openInspector(.file(path), at: nil, number: nil, newest: now)
    }

    private mutating func openInspector(named name: String) {
        if let row = streams.row(named: name) {
            let newest = row.statistics.lastFragment?.producerTimestamp ?? now
            openInspector(.stream(name), at: nil, number: nil, newest: newest)
        } else if name.contains("/") || name.contains(".") || !streams.hasReport {
            openInspector(.file(name), at: nil, number: nil, newest: now)
        } else {
            show("no stream is named '\(name)'; a file needs its path, such as ./\(name)", isError: true)
        }
    }

    private mutating func openInspector(
        _ source: InspectedSource,
        at time: Timestamp?,
        number: FragmentNumber?,
        newest: Timestamp
    ) {
        inspector = InspectorScreen(source: source, at: time, number: number, newest: newest, now: now)
        pending = []
    }

    /// Closes what lies over the inspector, or the search in it; false where nothing does.
    mutating func closeInspectorPart() -> Bool {
        if inspector?.comparison != nil {
            inspector?.comparison = nil
        } else if inspector?.findings != nil {
            inspector?.closeFindings()
        } else {
            return false
        }
        return true
    }

    mutating func closeInspector() {
        inspector = nil
        pending = []
    }

    /// Plays from the selected fragment on; while its media is awaited it is fetched at once instead.
    private mutating func playSelected() -> [MonitorAction] {
        guard let inspector, let fragment = inspector.fragment else { return [] }
        guard case .stream(let stream) = inspector.source, let number = fragment.metadata?.number else {
            self.inspector?.hurry()
            return []
        }
        closeInspector()
        let opening = player?.stream == stream ? [] : openPlayer(stream)
        return opening + [.player(.seekToFragment(number))]
    }

    // MARK: Moving

    /// Rows down, or up where negative: in the table, or in the pane that has the focus.
    mutating func moveInInspector(rows: Int) {
        guard let inspector else { return }
        if inspector.comparison != nil { return scrollComparison(by: rows) }
        guard inspector.isPaneFocused, !inspector.isMapShown else {
            self.inspector?.moveFragments(by: rows, at: now)
            return
        }
        switch inspector.pane {
        case .tree: self.inspector?.moveTree(by: rows)
        case .hex:
            let width = HexRow.bytes(in: inspectorLayout.pane.size.columns)
            self.inspector?.moveBytes(by: rows.multipliedReportingOverflow(by: width).partialValue)
        case .frames: self.inspector?.moveFrames(by: rows)
        case .summary, .tags, .tracks: scrollText(by: rows)
        }
    }

    private mutating func scrollText(by rows: Int) {
        guard let inspector else { return }
        let height = inspectorLayout.pane.size.rows
        let lines = InspectorText(state: self, inspector: inspector).lines(
            columns: inspectorLayout.pane.size.columns
        )
        let last = max(0, lines.count - height)
        self.inspector?.textScroll = min(max(0, inspector.textScroll + rows), last)
    }

    private mutating func moveSideways(by step: Int) {
        if inspector?.isMapShown == true { inspector?.moveFragments(by: step, at: now) }
        guard inspector?.isMapShown != true else { return }
        switch inspector?.pane {
        case .tree: if step < 0 { inspector?.fold() } else { inspector?.unfold() }
        case .hex: inspector?.moveBytes(by: step)
        case .frames: inspector?.moveFrames(by: step)
        case .summary, .tags, .tracks, nil: break
        }
    }

    mutating func moveInInspector(_ move: MonitorCommand.Move) {
        let layout = inspectorLayout
        let isPaneFocused = inspector?.isPaneFocused == true
        let isComparing = inspector?.comparison != nil
        let height = isComparing ? layout.comparison.count : layout.table.count
        let page = max(1, (isPaneFocused && !isComparing ? layout.pane.size.rows : height) - 1)
        // More rows than there can be, and few enough to be multiplied.
        let all = 1 << 40
        switch move {
        case .rows(let count): moveInInspector(rows: count)
        case .pages(let count): moveInInspector(rows: count * page)
        case .first: moveInInspector(rows: -all)
        case .last: moveInInspector(rows: all)
        }
    }

    // MARK: Finding

    mutating func commitFind(_ text: String) {
        if text.hasPrefix("tag:") {
            guard let pattern = TagPattern(text) else {
                return show("'\(text)' names no tag, wanted tag:NAME or tag:NAME=VALUE", isError: true)
            }
            return search(for: pattern)
        }
        inspector?.wanted = text
        find(forward: true)
    }

    private mutating func find(forward: Bool) {
        if inspector?.comparison != nil { return findDifference(forward: forward) }
        if inspector?.findings != nil {
            inspector?.moveFragments(by: forward ? 1 : -1, at: now)
            return
        }
        guard let wanted = inspector?.wanted, !wanted.isEmpty else { return }
        if inspector?.find(forward: forward) != true { show("'\(wanted)' is not in this fragment") }
    }

    // MARK: Mouse

    mutating func handleInInspector(_ event: MouseEvent) -> [MonitorAction] {
        guard let inspector else { return [] }
        let layout = inspectorLayout
        if inspector.comparison != nil {
            if event.kind == .wheelUp || event.kind == .wheelDown {
                scrollComparison(by: event.kind == .wheelUp ? -3 : 3)
            }
            return []
        }
        let isInTable =
            layout.table.contains(event.row)
            && (!layout.isWide || event.column < InspectorLayout.tableColumns)
        switch event.kind {
        case .wheelUp, .wheelDown:
            let wasFocused = inspector.isPaneFocused
            self.inspector?.isPaneFocused = !isInTable
            moveInInspector(rows: event.kind == .wheelUp ? -3 : 3)
            self.inspector?.isPaneFocused = wasFocused
        case .press(.left) where event.row == 0:
            if event.column >= size.columns / 2 { return run(.inspector(.follow)) }
        case .press(.left) where event.row == layout.tabRow && event.column >= layout.tabColumn - 1:
            let tabs = layout.tabs(selected: inspector.pane)
            if let tab = tabs.first(where: { $0.columns.contains(event.column) }) {
                return run(.inspector(.show(tab.pane)))
            }
        case .press(.left) where isInTable:
            self.inspector?.isPaneFocused = false
            let first = InspectorView.firstLine(of: inspector, height: layout.table.count)
            let line = first + event.row - layout.table.lowerBound
            self.inspector?.selectLine(line, at: now)
            if isDoubleClick(on: line) { return run(.inspector(.play)) }
        case .press(.left) where layout.pane.contains(row: event.row, column: event.column):
            clickInPane(event)
        default: break
        }
        return []
    }
}
