import TerminalScreen

extension MonitorState {
    /// True while something lies over the screen that takes keys and wheel first.
    var isOverlayOpen: Bool {
        help != nil || logScreen != nil || inspector?.acknowledgementScroll != nil
    }

    /// Keys of the overlay that is open; nil for those that work as ever.
    mutating func pressInOverlay(_ key: KeyPress) -> [MonitorAction]? {
        if key.modifiers == .control, key.key != .character("u"), key.key != .character("d") { return nil }
        if key == KeyPress("Q"), help?.filter.isEmpty ?? true { return nil }
        if help == nil, logScreen == nil { return pressInAcknowledgements(key) }
        if logScreen != nil { return pressInLog(key) }
        pressInHelp(key)
        return []
    }

    /// Turns the wheel over an overlay: rows down, or up where negative.
    mutating func scrollOverlay(by rows: Int) {
        if help != nil {
            scrollHelp(by: rows)
        } else if logScreen != nil {
            scrollLog(by: -rows)
        } else {
            scrollAcknowledgements(by: -rows)
        }
    }

    // MARK: Help

    private mutating func pressInHelp(_ key: KeyPress) {
        switch key.key {
        case .escape, .enter, .character("?"): help = nil
        case .up: scrollHelp(by: -1)
        case .down: scrollHelp(by: 1)
        case .pageUp: scrollHelp(by: -10)
        case .pageDown: scrollHelp(by: 10)
        case .backspace: filterHelp { _ = $0.popLast() }
        case .character("u") where key.modifiers == .control: filterHelp { $0 = "" }
        case .character(let character) where key.modifiers.isEmpty: filterHelp { $0.append(character) }
        default: break
        }
    }

    private mutating func filterHelp(_ change: (inout String) -> Void) {
        guard var filter = help?.filter else { return }
        change(&filter)
        help = HelpScreen(scroll: 0, filter: String(filter.prefix(32)))
    }

    private mutating func scrollHelp(by rows: Int) {
        guard let help else { return }
        let last = HelpView(self, filter: help.filter).lastScroll(in: size)
        self.help?.scroll = min(max(0, help.scroll + rows), last)
    }

    // MARK: Log

    private mutating func pressInLog(_ key: KeyPress) -> [MonitorAction] {
        switch key.key {
        case .escape, .enter, .character("L"), .character("q"): logScreen = nil
        case .up, .character("k"): scrollLog(by: 1)
        case .down, .character("j"): scrollLog(by: -1)
        case .pageUp: scrollLog(by: LogView.height(in: size))
        case .pageDown: scrollLog(by: -LogView.height(in: size))
        case .character("/"): prompt = Prompt(purpose: .logFilter, text: logScreen?.filter ?? "")
        case .character("y"): return copyLog()
        case .character(let character):
            guard let number = Int(String(character)), let level = EventLog.Level(rawValue: number) else {
                break
            }
            logScreen?.level = level
            scrollLog(by: 0)
        default: break
        }
        return []
    }

    private mutating func copyLog() -> [MonitorAction] {
        guard let lines = logScreen?.lines(of: log), !lines.isEmpty else { return [] }
        show("copied \(lines.count) lines")
        return [.copy(lines.map(\.description).joined(separator: "\n"))]
    }

    mutating func scrollLog(by lines: Int) {
        guard let logScreen else { return }
        let last = max(0, logScreen.lines(of: log).count - LogView.height(in: size))
        self.logScreen?.scroll = min(max(0, logScreen.scroll + lines), last)
    }

    mutating func record(_ level: EventLog.Level, _ source: String, _ text: String) {
        log.add(EventLog.Line(time: now, level: level, source: source, text: text))
    }
}
