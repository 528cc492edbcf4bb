import KinesisVideo
import Playback
import TerminalScreen

extension MonitorState {
    mutating func handle(_ event: MouseEvent) -> [MonitorAction] {
        if event.kind == .press(.left), event.row == size.rows - 1,
            player?.isFull != true || inspector != nil
        {
            return footer.command(at: event.column).map { run($0) } ?? []
        }
        if inspector != nil { return handleInInspector(event) }
        if player != nil { return handleInPlayer(event) }
        return wall == nil ? handleInList(event) : handleOnWall(event)
    }

    /// The footer as it stands now.
    package var footer: Footer {
        // Where the strip has no room to say so, a clip that is marked can be exported by the footer.
        let isMarked = scope == .player && player?.clip != nil && PlayerView.clipText(self) == nil
        return Footer(
            keymap: configuration.keymap,
            scope: scope,
            columns: size.columns,
            glyphs: configuration.glyphs,
            isFirstScreen: isFileAlone || player == nil && wall == nil && inspector == nil,
            urgent: isMarked ? .screen(.export) : nil
        )
    }

    // MARK: List

    private mutating func handleInList(_ event: MouseEvent) -> [MonitorAction] {
        let layout = StreamsLayout(size: size, hasFault: streams.fault != nil)
        switch event.kind {
        case .wheelUp: streams.select(index: (streams.selectedIndex ?? 0) - 3)
        case .wheelDown: streams.select(index: (streams.selectedIndex ?? 0) + 3)
        case .press(.left) where event.row == layout.header:
            guard let column = layout.sortColumn(at: event.column) else { return [] }
            streams.setSort(column, isReversed: column == streams.sort && !streams.isReversed, at: now)
        case .press(.left) where layout.rows.contains(event.row):
            let index = streams.scroll + event.row - layout.rows.lowerBound
            guard index < streams.visible.count else { return [] }
            streams.select(index: index)
            if isDoubleClick(on: index) { return run(.open) }
        default: break
        }
        return []
    }

    // MARK: Player

    private mutating func handleInPlayer(_ event: MouseEvent) -> [MonitorAction] {
        guard let layout = playerLayout, let window = player?.window else { return [] }
        let isOnTimeline = layout.rail == event.row || layout.bars?.contains(event.row) == true
        let track = layout.track
        let column = min(max(0, event.column - track.column), track.count - 1)
        let time = window.time(atColumn: column, columns: track.count)
        let isOver = isOnTimeline || layout.ruler == event.row
        player?.pointer = isOver ? TimelinePointer(column: column, columns: track.count) : nil
        switch event.kind {
        case .press(.left) where event.row == layout.rail && mark(at: column, of: track.count) != nil:
            let mark = mark(at: column, of: track.count)
            player?.draggedMark = mark
            return []
        case .drag(.left) where player?.draggedMark != nil:
            moveMark(to: time)
            return []
        case .release(.left) where player?.draggedMark != nil:
            moveMark(to: time)
            player?.draggedMark = nil
            return []
        case .press(.right) where isOnTimeline:
            let isSecond = player?.markIn.map { $0 < time } == true && player?.markOut == nil
            if !isSecond { player?.clearMarks() }
            if isSecond { player?.mark(out: time) } else { player?.mark(in: time) }
            return []
        case .press(.left) where isOnTimeline:
            player?.isDragging = true
            return [.player(.preview(time))]
        case .drag(.left) where player?.isDragging == true:
            return [.player(.preview(dragTime(event.column, track, window)))]
        case .release(.left) where player?.isDragging == true:
            player?.isDragging = false
            return [.player(.preview(time)), .player(.commitPreview)]
        case .press(.left) where event.row == layout.strip:
            let isOnClip = PlayerView.clipText(self).map { (1...$0.count).contains(event.column) } ?? false
            return isOnClip ? run(.screen(.export)) : []
        case .press(.left) where event.row == layout.title:
            if PlayerTitle.badgeColumns(self).contains(event.column) { return [.player(.live)] }
            if PlayerTitle.clockColumns(self).contains(event.column) { return run(.goTo) }
            return []
        case .wheelUp, .wheelDown:
            let isUp = event.kind == .wheelUp
            if isOnTimeline, event.modifiers == .control {
                player?.window.zoom(to: isUp ? window.zoom.nearer : window.zoom.farther, around: time)
                return []
            }
            if isOnTimeline {
                player?.window.pan(by: isUp ? -0.1 : 0.1)
                return []
            }
            return [.player(.seekBy(milliseconds: isUp ? configuration.step : -configuration.step))]
        default: return []
        }
    }

    /// Dragging to the left or right end scrolls the window.
    private mutating func dragTime(
        _ pointer: Int,
        _ track: (column: Int, count: Int),
        _ window: TimelineWindow
    ) -> Timestamp {
        let column = pointer - track.column
        if column <= 0 || column >= track.count - 1 { player?.window.pan(by: column <= 0 ? -0.05 : 0.05) }
        let shown = player?.window ?? window
        return shown.time(atColumn: min(max(0, column), track.count - 1), columns: track.count)
    }

    private func mark(at column: Int, of count: Int) -> ClipMark? {
        guard let player else { return nil }
        func isThere(_ time: Timestamp?) -> Bool {
            time.flatMap { player.window.column(of: $0, columns: count) } == column
        }
        return isThere(player.markIn) ? .start : isThere(player.markOut) ? .end : nil
    }

    private mutating func moveMark(to time: Timestamp) {
        switch player?.draggedMark {
        case .start: player?.mark(in: time)
        case .end: player?.mark(out: time)
        case nil: break
        }
    }
}
