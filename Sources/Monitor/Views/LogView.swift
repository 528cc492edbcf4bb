import TerminalScreen

/// What has happened, over the screen.
struct LogView {
    let state: MonitorState
    let theme: Theme

    /// Where the overlay lies.
    static func area(in size: ScreenSize) -> ScreenRectangle {
        OverlayFrame.centred(rows: OverlayFrame.rows, in: size)
    }

    /// Lines that the overlay shows at a time.
    static func height(in size: ScreenSize) -> Int { area(in: size).size.rows - 2 }

    func draw(_ screen: LogScreen, in buffer: inout ScreenBuffer) {
        let frame = OverlayFrame(Self.area(in: buffer.size), theme: theme)
        let counts = EventLog.Level.allCases.filter { $0 <= screen.level }.map {
            "\(state.log.count($0)) \($0.word)"
        }
        let filter = screen.filter.isEmpty ? "" : " · filter: \(screen.filter)"
        let title = "Log · \(state.zoneName(state.now))\(filter)"
        frame.draw(title: title, right: counts.joined(separator: " "), in: &buffer)
        let lines = screen.lines(of: state.log)
        let shown = lines.dropLast(screen.scroll).suffix(Self.height(in: buffer.size))
        if shown.isEmpty {
            frame.put("nothing of this kind has happened", row: 1, column: 1, role: .dim, in: &buffer)
        }
        for (index, line) in shown.enumerated() { draw(line, row: index + 1, frame, in: &buffer) }
        let arrows = state.configuration.glyphs == .ascii ? "Up/Down" : "↑↓"
        let hint = "1 error  2 warn  3 info  4 debug  / filter  y copy  \(arrows) scroll  Esc close"
        frame.put(hint, row: frame.area.size.rows - 1, column: 1, role: .dim, in: &buffer)
    }

    private func draw(
        _ line: EventLog.Line,
        row: Int,
        _ frame: OverlayFrame,
        in buffer: inout ScreenBuffer
    ) {
        frame.put(Figure.preciseClock(state.zoned(line.time)), row: row, column: 1, role: .dim, in: &buffer)
        frame.put(line.level.word, row: row, column: 14, role: line.level.role, in: &buffer)
        let source = line.source.shortened(to: 16)
        let column = frame.put(source, row: row, column: 20, role: .accent, in: &buffer)
        frame.put(line.text, row: row, column: max(column + 2, 32), role: .text, in: &buffer)
    }
}

extension EventLog.Level {
    fileprivate var role: Theme.Role {
        switch self {
        case .error: .error
        case .warning: .warning
        case .info: .text
        case .debug: .dim
        }
    }
}
