import KinesisVideo
import Playback
import TerminalScreen

/// The wall: everything but the pictures, whose regions stay blank.
struct WallView {
    let state: MonitorState
    let theme: Theme
    let wall: WallScreen
    let layout: WallLayout

    /// Draws it; the words that lie over pictures.
    func draw(in buffer: inout ScreenBuffer) -> [ScreenRectangle] {
        let chrome = ChromeView(state: state, theme: theme)
        drawTitle(chrome, in: &buffer)
        if let row = layout.fault, let fault = state.streams.fault {
            chrome.fault(fault, row: row, in: &buffer)
        }
        let covers = state.tileNames.enumerated().compactMap { index, name in
            drawLabel(name, index, in: &buffer)
            return drawWords(name, index, in: &buffer)
        }
        chrome.footer(row: layout.footer, in: &buffer)
        return covers
    }

    /// `Wall 2×2 · 4 of 7 · same time 13:58:00.000`.
    private func drawTitle(_ chrome: ChromeView, in buffer: inout ScreenBuffer) {
        let page = wall.page(grid: layout.grid)
        let first = page.lowerBound == 0 ? "" : "\(page.lowerBound + 1)–"
        let shown = "\(first)\(page.upperBound) of \(wall.streams.count)"
        var left: [ChromeView.Run] = [
            ("kinescope", theme[.focus]),
            ("  Wall \(layout.grid)×\(layout.grid) · \(shown)", theme[.text]),
        ]
        if wall.isKeyFramesOnly { left.append((" · key pictures", theme[.dim])) }
        if let sameTime = wall.sameTime {
            let time = sameTime.time(at: state.now).map { Figure.preciseClock(state.zoned($0)) } ?? "live"
            let pause = sameTime.isRunning ? "" : " ‖"
            left.append((" · same time \(time)\(pause)", theme[.accent]))
        }
        left.append((state.exportWords, theme[.accent]))
        let clock = state.streams.serviceClock(at: state.now)
        let time = "\(Figure.clock(state.zoned(clock))) \(state.zoneName(clock))"
        let right = ["\(state.configuration.endpoint) · \(time)", time, ""]
        chrome.title(left: left, right: right, row: 0, in: &buffer)
    }

    /// Name and badge below the picture.
    private func drawLabel(_ name: String, _ index: Int, in buffer: inout ScreenBuffer) {
        let tile = layout.tiles[index]
        let row = tile.row + tile.size.rows - 1
        let end = tile.column + tile.size.columns - 2
        let isFocused = name == wall.focused
        let badge = WallLabel(state: state, wall: wall, name: name).badge
        let start = max(tile.column + 3, end - badge.text.unicodeScalars.count)
        if isFocused { buffer.put("▸", row: row, column: tile.column + 1, style: theme[.focus]) }
        buffer.put(
            name.shortened(to: max(0, start - 1 - tile.column - 3)),
            row: row,
            column: tile.column + 3,
            style: isFocused ? theme[.text].adding(.bold) : theme[.text]
        )
        buffer.putRight(badge.text, row: row, end: end, style: theme[badge.role], start: start)
    }

    /// What is waited for, or why nothing moves, in the middle of the picture.
    private func drawWords(_ name: String, _ index: Int, in buffer: inout ScreenBuffer) -> ScreenRectangle? {
        guard let words = WallLabel(state: state, wall: wall, name: name).words else { return nil }
        let area = layout.picture(of: index)
        let text = " \(words) "
        let width = min(text.count, area.size.columns)
        let column = area.column + (area.size.columns - width) / 2
        let row = area.row + area.size.rows / 2
        buffer.put(text, row: row, column: column, style: theme[.dim], limit: width)
        return ScreenRectangle(row: row, column: column, rows: 1, columns: width)
    }
}
