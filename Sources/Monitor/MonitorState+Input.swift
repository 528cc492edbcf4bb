import KinesisVideo
import Playback
import TerminalScreen

extension MonitorState {
    mutating func handle(_ event: InputEvent) -> [MonitorAction] {
        defer { settle() }
        if player?.isFull == true { player?.chromeUntil = now.advanced(byMilliseconds: 2000) }
        switch event {
        case .key(let key) where prompt != nil: return type(key)
        case .key(let key): return press(key)
        case .paste(let text):
            guard prompt != nil else { return [] }
            edit { $0 += text.filter { !$0.isNewline } }
            return []
        case .mouse(let event): return prompt == nil && help == nil && clipDialog == nil ? handle(event) : []
        }
    }

    // MARK: Keys

    private mutating func press(_ key: KeyPress) -> [MonitorAction] {
        if isTooSmall, key == KeyPress("q") { return [.quit] }
        if help != nil, let answer = pressInHelp(key) { return answer }
        if let answer = pressInExport(key) { return answer }
        switch configuration.keymap.match(pending + [key], in: scope) {
        case .command(let command):
            pending = []
            return run(command)
        case .prefix:
            pending.append(key)
            return []
        case .none:
            // What began a sequence is forgotten; the key counts on its own.
            guard !pending.isEmpty else { return [] }
            pending = []
            return press(key)
        }
    }

    /// Keys of the help itself; nil for those that work as ever.
    private mutating func pressInHelp(_ key: KeyPress) -> [MonitorAction]? {
        switch key.key {
        case .escape, .enter, .character("?"), .character("q"): help = nil
        case .up, .character("k"): help = max(0, (help ?? 0) - 1)
        case .down, .character("j"): help = (help ?? 0) + 1
        case .character("Q"): return nil
        case .character where key.modifiers == .control: return nil
        default: break
        }
        help = help.map {
            min($0, HelpView.lastScroll(scope: scope, keymap: configuration.keymap, size: size))
        }
        return []
    }

    // MARK: Commands

    mutating func run(_ command: MonitorCommand) -> [MonitorAction] {
        switch command {
        case .quit: return quit()
        case .back: return goBack()
        case .cancel: return cancel()
        case .help: help = 0
        case .redraw: return [.redraw]
        case .suspend: return [.suspend]
        case .open:
            guard let row = streams.selectedIndex.map({ streams.visible[$0] }) else { return [] }
            return openPlayer(row.name)
        case .filter: prompt = Prompt(purpose: .filter, text: streams.filter)
        case .goTo: prompt = Prompt(purpose: .goTo, text: "")
        case .moveRows, .movePages, .firstRow, .lastRow, .sort, .reverseSort: runInList(command)
        case .player(let command): return [.player(command)]
        case .screen(let command): return run(command)
        case .seekTenths(let tenths):
            guard let window = player?.window else { return [] }
            let offset = window.length * Int64(tenths) / 10
            return [.player(.seek(to: window.start.advanced(byMilliseconds: offset)))]
        case .zoomIn: player?.window.zoomIn()
        case .zoomOut: player?.window.zoomOut()
        case .info: player?.isInfoShown.toggle()
        case .full:
            player?.isFull.toggle()
            player?.chromeUntil = nil
        }
        return []
    }

    private mutating func runInList(_ command: MonitorCommand) {
        let index = streams.selectedIndex ?? 0
        let page = max(1, StreamsLayout(size: size, hasFault: streams.fault != nil).rows.count - 1)
        switch command {
        case .moveRows(let count): streams.select(index: index + count)
        case .movePages(let count): streams.select(index: index + count * page)
        case .firstRow: streams.select(index: 0)
        case .lastRow: streams.select(index: .max)
        case .sort: streams.setSort(streams.sort.next, isReversed: false, at: now)
        case .reverseSort: streams.setSort(streams.sort, isReversed: !streams.isReversed, at: now)
        default: break
        }
    }

    private mutating func goBack() -> [MonitorAction] {
        guard player != nil else { return quit() }
        player = nil
        pending = []
        return [.closePlayer]
    }

    private mutating func cancel() -> [MonitorAction] {
        if player?.isDragging == true {
            player?.isDragging = false
            return [.player(.cancelPreview)]
        }
        if player?.isFull == true {
            player?.isFull = false
            return []
        }
        if player != nil { return goBack() }
        streams.setFilter("", at: now)
        return []
    }

    // MARK: Prompts

    private mutating func type(_ key: KeyPress) -> [MonitorAction] {
        switch (key.key, key.modifiers) {
        case (.escape, _):
            if prompt?.purpose == .filter { streams.setFilter("", at: now) }
            closePrompt()
        case (.enter, _): return commitPrompt()
        case (.backspace, _):
            if prompt?.text.isEmpty == true { closePrompt() } else { edit { _ = $0.popLast() } }
        case (.character("u"), .control): edit { $0 = "" }
        case (.character("c"), .control): return [.quit]
        case (.character(let character), []): edit { $0.append(character) }
        default: break
        }
        return []
    }

    private mutating func edit(_ change: (inout String) -> Void) {
        guard var text = prompt?.text else { return }
        change(&text)
        // Longer than any time or stream name; a paste cannot make it grow for ever.
        prompt?.text = String(text.prefix(256))
        if prompt?.purpose == .filter { streams.setFilter(prompt?.text ?? "", at: now) }
    }

    private mutating func closePrompt() {
        prompt = nil
        place = nil
    }

    private mutating func commitPrompt() -> [MonitorAction] {
        guard let prompt else { return [] }
        guard prompt.purpose == .goTo, !prompt.text.isEmpty else {
            closePrompt()
            return []
        }
        // A text that is no time stays for correction; the row above says what is wrong.
        guard let expression = try? TimeExpression(prompt.text, now: now) else { return [] }
        closePrompt()
        switch expression {
        case .now: return [.player(.live)]
        case .time(let time): return [.player(.seek(to: time))]
        case .fragment(let number): return [.player(.seekToFragment(number))]
        }
    }
}
