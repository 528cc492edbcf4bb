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
        // The screen keeps these to itself.
        case .cursorReport: return []
        case .mouse(let event) where prompt != nil: return handleOverPrompt(event)
        case .mouse(let event) where isOverlayOpen: return handleOverOverlay(event)
        case .mouse(let event) where clipDialog != nil: return handleOverExport(event)
        case .mouse(let event): return handle(event)
        }
    }

    // MARK: Keys

    private mutating func press(_ key: KeyPress) -> [MonitorAction] {
        if isTooSmall, key == KeyPress("q") { return quit() }
        if isOverlayOpen, let answer = pressInOverlay(key) { return answer }
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

    // MARK: Commands

    mutating func run(_ command: MonitorCommand) -> [MonitorAction] {
        switch command {
        case .quit: return quit()
        case .back: return goBack()
        case .cancel: return cancel()
        case .help: help = HelpScreen()
        case .redraw: return [.redraw]
        case .suspend: return [.suspend]
        case .streams where isFileAlone, .watch where isFileAlone, .wall where isFileAlone:
            show("there is no service behind this file: :endpoint NAME goes to one", isError: true)
        case .streams(let filter): return showStreams(filter)
        case .watch(let name): return watch(name)
        case .wall(let names): return openWall(names)
        case .open where wall != nil: return openFocused()
        case .inspector(let command): return run(command)
        case .open:
            guard let row = streams.selectedIndex.map({ streams.visible[$0] }) else { return [] }
            return openPlayer(row.name)
        case .onWall(let command): return run(command)
        case .mark:
            streams.toggleMark()
            streams.select(index: (streams.selectedIndex ?? 0) + 1)
        case .palette(let typed):
            paletteSelection = 0
            prompt = Prompt(purpose: .command, text: typed)
        case .log: logScreen = LogScreen()
        case .theme(let name): theme = name
        case .copy: return copy()
        case .refresh:
            inspector?.relist()
            return [.refresh]
        case .create: prompt = Prompt(purpose: .create, text: "")
        case .delete: prompt = streams.selection.map { Prompt(purpose: .delete($0), text: "") }
        case .deleteStream(let name): askToDelete(name)
        case .saveClip(let name): return saveClip(as: name)
        case .saveSnapshot(let name): return saveSnapshot(as: name)
        case .tags: return openTags()
        case .set(let setting, let value): return set(setting, to: value)
        case .connect(let destination): return connect(to: destination)
        case .change(let change): return self.change(change)
        case .setFilter(let text): streams.setFilter(text, at: now)
        case .setSort(let column): streams.setSort(column, isReversed: false, at: now)
        case .scaleBars(let isCommon): streams.isScaleCommon = isCommon
        case .seek(let text): return seek(to: text)
        case .zoom(let zoom): player?.window.zoom(to: zoom)
        case .filter: prompt = Prompt(purpose: .filter, text: streams.filter)
        case .nextMatch(let step):
            guard !streams.filter.isEmpty else {
                show("there is no filter: / types one")
                return []
            }
            streams.selectNext(step)
        case .goTo: prompt = Prompt(purpose: .goTo, text: "")
        case .moveRows(let count): move(.rows(count))
        case .movePages(let count): move(.pages(count))
        case .firstRow: move(.first)
        case .lastRow: move(.last)
        case .sort where inspector != nil: inspector?.sortByNext()
        case .reverseSort where inspector != nil: inspector?.isReversed.toggle()
        case .sort:
            let columns = StreamsLayout(size: size, hasFault: streams.fault != nil).sortColumns
            streams.setSort(streams.sort.next(of: columns), isReversed: false, at: now)
        case .reverseSort: streams.setSort(streams.sort, isReversed: !streams.isReversed, at: now)
        case .player(let command) where player == nil && wall != nil: return runOnTiles(command)
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

    private mutating func watch(_ name: String) -> [MonitorAction] {
        guard streams.row(named: name) != nil || !streams.hasReport else {
            show("no stream is named '\(name)'", isError: true)
            return []
        }
        closeInspector()
        return openPlayer(name)
    }

    private mutating func showStreams(_ filter: String?) -> [MonitorAction] {
        if let filter { streams.setFilter(filter, at: now) }
        closeInspector()
        return leaveScreens()
    }

    private mutating func move(_ move: MonitorCommand.Move) {
        guard inspector == nil else { return moveInInspector(move) }
        let index = streams.selectedIndex ?? 0
        let page = max(1, StreamsLayout(size: size, hasFault: streams.fault != nil).rows.count - 1)
        switch move {
        case .rows(let count): streams.select(index: index + count)
        case .pages(let count): streams.select(index: index + count * page)
        case .first: streams.select(index: 0)
        case .last: streams.select(index: .max)
        }
    }

    /// Sets what can be set while the program runs, and says of the rest where it belongs.
    private mutating func set(_ setting: Setting, to value: String) -> [MonitorAction] {
        switch setting.key {
        case "screen.fps": frameRate = Int(value)
        case "colors": chooseColors(value)
        case "wall.grid": wallGrid = Int(value)
        case "theme" where value != "auto": theme = value
        case "endpoint": return connect(to: .endpoint(value))
        default:
            show(
                "\(setting.key) holds from the next start on: set it in config.toml or by \(setting.variable)"
            )
            return []
        }
        show("\(setting.key) is \(value) until the program ends")
        return []
    }

    /// Leaves for another service, if it is one.
    private mutating func connect(to destination: ConsoleDestination) -> [MonitorAction] {
        if case .endpoint(let name) = destination, !name.hasPrefix("http://"), !name.hasPrefix("https://"),
            !configuration.endpoints.contains(name)
        {
            let names = configuration.endpoints.joined(separator: ", ")
            show("'\(name)' is no service (there are \(names), or a URL)", isError: true)
            return []
        }
        guard runningClip == nil else {
            show("an export is under way: it belongs to this service", isError: true)
            return []
        }
        return [.connect(destination)]
    }

    private mutating func goBack() -> [MonitorAction] {
        if inspector != nil {
            if closeInspectorPart() { return [] }
            if isFileAlone { return quit() }
            closeInspector()
            return []
        }
        guard player != nil else { return wall == nil ? quit() : leaveScreens() }
        player = nil
        // An export under way goes on; its overlay belongs to the player.
        clipDialog = nil
        pending = []
        return [.closePlayer]
    }

    private mutating func cancel() -> [MonitorAction] {
        if inspector != nil { return goBack() }
        if player?.isDragging == true {
            player?.isDragging = false
            return [.player(.cancelPreview)]
        }
        if player?.isFull == true {
            player?.isFull = false
            return []
        }
        if player != nil || wall != nil { return goBack() }
        streams.setFilter("", at: now)
        return []
    }

    // MARK: Prompts

    mutating func type(_ key: KeyPress) -> [MonitorAction] {
        if prompt?.purpose == .command, let answer = typeInPalette(key) { return answer }
        switch (key.key, key.modifiers) {
        case (.escape, _):
            if prompt?.purpose == .filter { streams.setFilter("", at: now) }
            if prompt?.purpose == .logFilter { logScreen?.filter = "" }
            closePrompt()
        case (.enter, _): return commitPrompt()
        case (.backspace, _):
            if prompt?.text.isEmpty == true { closePrompt() } else { edit { _ = $0.popLast() } }
        case (.character("u"), .control): edit { $0 = "" }
        case (.character("c"), .control): return quit()
        case (.character(let character), []): edit { $0.append(character) }
        default: break
        }
        return []
    }

    mutating func edit(_ change: (inout String) -> Void) {
        guard var text = prompt?.text else { return }
        change(&text)
        // Longer than any time or stream name; a paste cannot make it grow for ever.
        prompt?.text = String(text.prefix(256))
        paletteSelection = 0
        if prompt?.purpose == .filter { streams.setFilter(prompt?.text ?? "", at: now) }
        if prompt?.purpose == .logFilter {
            logScreen?.filter = prompt?.text ?? ""
            scrollLog(by: 0)
        }
    }

    mutating func closePrompt() {
        prompt = nil
        place = nil
        tagSheet = nil
    }

    private mutating func commitPrompt() -> [MonitorAction] {
        guard let prompt else { return [] }
        switch prompt.purpose {
        case .create where !prompt.text.isEmpty: return commitCreate(prompt.text)
        case .delete(let name) where !prompt.text.isEmpty:
            return commitDelete(of: name, typed: prompt.text)
        case .tag(let name) where !prompt.text.isEmpty: return commitTag(of: name, typed: prompt.text)
        case .goTo where !prompt.text.isEmpty:
            // A text that is no time stays for correction; the row above says what is wrong.
            guard (try? TimeExpression(prompt.text, now: now, zoneOffset: zoneOffset)) != nil else {
                return []
            }
            closePrompt()
            return seek(to: prompt.text)
        case .find where !prompt.text.isEmpty:
            closePrompt()
            commitFind(prompt.text)
            return []
        case .filter, .logFilter, .command, .create, .delete, .goTo, .find, .tag:
            closePrompt()
            return []
        }
    }

    private mutating func seek(to text: String) -> [MonitorAction] {
        guard let expression = try? TimeExpression(text, now: now, zoneOffset: zoneOffset) else { return [] }
        guard player != nil else {
            guard wall != nil, case .time(let time) = expression else { return [] }
            let surroundings = wallSurroundings
            return wall?.seek(to: time, isRunning: true, surroundings) ?? []
        }
        return switch expression {
        case .now: [.player(.live)]
        case .time(let time): [.player(.seek(to: time))]
        case .fragment(let number): [.player(.seekToFragment(number))]
        }
    }
}
