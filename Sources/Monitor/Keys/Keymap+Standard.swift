import Playback
import TerminalScreen

extension Keymap {
    /// The keys as delivered.
    ///
    /// In the player the keys of mpv win, in lists those of vim; `[ ] { }` are fragments and recordings,
    /// because those are what this player is about.
    package static let standard = Keymap(
        entries: streams + playerMoves + playerViews + wall + sameTime + inspector + everywhere
    )

    private typealias Entry = KeymapEntry
    private typealias Item = KeymapEntry.FooterItem

    private static let streams: [Entry] = [
        Entry(
            .streams,
            "LIST",
            "⏎",
            "watch the stream",
            footer: Item(keys: "⏎", asciiKeys: "Enter", words: "watch", rank: 0),
            [key(.enter, .open)]
        ),
        Entry(
            .streams,
            "LIST",
            "w",
            "wall: marked, else all",
            footer: Item(keys: "w", asciiKeys: "w", words: "wall", rank: 3),
            [key("w", .wall([]))]
        ),
        Entry(
            .streams,
            "LIST",
            "d",
            "look into the fragments",
            footer: Item(keys: "d", asciiKeys: "d", words: "inspect", rank: 4),
            [key("d", .inspector(.openSelection))]
        ),
        Entry(
            .streams,
            "LIST",
            "/",
            "filter: name, state, tag",
            footer: Item(keys: "/", asciiKeys: "/", words: "filter", rank: 1),
            [key("/", .filter)]
        ),
        Entry(
            .streams,
            "LIST",
            "n N",
            "next, previous match",
            [key("n", .nextMatch(1)), key("N", .nextMatch(-1))]
        ),
        Entry(
            .streams,
            "LIST",
            "s S",
            "next column, other way",
            footer: Item(keys: "s", asciiKeys: "s", words: "sort", rank: 2),
            [key("s", .sort), key("S", .reverseSort)]
        ),
        Entry(
            .streams,
            "LIST",
            "␣",
            "mark for wall, next row",
            footer: Item(keys: "␣", asciiKeys: "Space", words: "mark", rank: 12, leastColumns: 81),
            [key(" ", .mark)]
        ),
        Entry(
            .streams,
            "CHANGE",
            "c",
            "create a stream",
            footer: Item(keys: "c", asciiKeys: "c", words: "create", rank: 13),
            [key("c", .create)]
        ),
        Entry(.streams, "CHANGE", "x", "delete the stream", [key("x", .delete)]),
        Entry(.streams, "CHANGE", "t", "tags of the stream", [key("t", .tags)]),
        Entry(
            .streams,
            "MOVE",
            "↑ ↓ k j",
            "row",
            [
                key(.up, .moveRows(-1)), key(.down, .moveRows(1)), key("k", .moveRows(-1)),
                key("j", .moveRows(1)),
            ]
        ),
        Entry(
            .streams,
            "MOVE",
            "PgUp PgDn",
            "page, also Ctrl-U, Ctrl-D",
            [
                key(.pageUp, .movePages(-1)), key(.pageDown, .movePages(1)), control("u", .movePages(-1)),
                control("d", .movePages(1)),
            ]
        ),
        Entry(
            .streams,
            "MOVE",
            "Home End",
            "ends; also gg, G",
            [
                key(.home, .firstRow), key(.end, .lastRow),
                Entry.Binding([KeyPress("g"), KeyPress("g")], .firstRow), key("G", .lastRow),
            ]
        ),
    ]

    private static let playerMoves: [Entry] = [
        Entry(
            .player,
            "MOVE",
            "␣ p",
            "pause, play",
            footer: Item(keys: "␣", asciiKeys: "Space", words: "play", rank: 0),
            [key(" ", .player(.togglePause)), key("p", .player(.togglePause))]
        ),
        Entry(
            .player,
            "MOVE",
            "← →",
            "back, forward 5 s",
            footer: Item(keys: "←→", asciiKeys: "Left/Right", words: "5s", rank: 1),
            [key(.left, seek(-5)), key(.right, seek(5))]
        ),
        Entry(.player, "MOVE", "⇧← ⇧→", "1 s", [shift(.left, seek(-1)), shift(.right, seek(1))]),
        Entry(
            .player,
            "MOVE",
            "↑ ↓",
            "forward, back 1 min",
            footer: Item(keys: "↑↓", asciiKeys: "Up/Down", words: "1m", rank: 8),
            [key(.up, seek(60)), key(.down, seek(-60))]
        ),
        Entry(.player, "MOVE", "⇧↑ ⇧↓", "10 min", [shift(.up, seek(600)), shift(.down, seek(-600))]),
        Entry(
            .player,
            "MOVE",
            ", .",
            "one frame, then pause",
            footer: Item(keys: ",.", asciiKeys: ",.", words: "frame", rank: 2),
            [key(",", .player(.stepFrames(-1))), key(".", .player(.stepFrames(1)))]
        ),
        Entry(
            .player,
            "MOVE",
            "[ ]",
            "fragment",
            footer: Item(keys: "[]", asciiKeys: "[]", words: "fragment", rank: 3),
            [key("[", .player(.stepFragments(-1))), key("]", .player(.stepFragments(1)))]
        ),
        Entry(
            .player,
            "MOVE",
            "{ }",
            "recording: over the gap",
            footer: Item(keys: "{}", asciiKeys: "{}", words: "recording", rank: 9),
            [key("{", .player(.stepRecordings(-1))), key("}", .player(.stepRecordings(1)))]
        ),
        Entry(
            .player,
            "MOVE",
            "l End",
            "live",
            footer: Item(keys: "l", asciiKeys: "l", words: "live", rank: 4),
            [key("l", .player(.live)), key(.end, .player(.live))]
        ),
        Entry(.player, "MOVE", "Home", "oldest media", [key(.home, .player(.oldest))]),
        Entry(
            .player,
            "MOVE",
            "g",
            "go to a time",
            footer: Item(keys: "g", asciiKeys: "g", words: "go to", rank: 5),
            [key("g", .goTo)]
        ),
        Entry(
            .player,
            "MOVE",
            "0–9",
            "tenths of the window",
            (0...9).map { key(Character("\($0)"), .seekTenths($0)) }
        ),
        Entry(.player, "MOVE", "Ctrl-O", "before the last jump", [control("o", .player(.back))]),
    ]

    private static let playerViews: [Entry] = [
        Entry(
            .player,
            "RATE",
            "< >",
            "slower, faster",
            [key("<", .player(.slower)), key(">", .player(.faster))]
        ),
        Entry(.player, "RATE", "Bksp", "1×", [key(.backspace, .player(.setRate(1)))]),
        Entry(.player, "RATE", "r", "reverse on key frames", [key("r", .player(.reverse))]),
        Entry(
            .player,
            "VIEW",
            "i",
            "info panel",
            footer: Item(keys: "i", asciiKeys: "i", words: "info", rank: 6),
            [key("i", .info)]
        ),
        Entry(.player, "VIEW", "f", "picture only", [key("f", .full)]),
        Entry(.player, "VIEW", "v", "another way to draw", [key("v", .screen(.nextMode))]),
        Entry(
            .player,
            "VIEW",
            "+ −",
            "zoom the timeline",
            footer: Item(keys: "+−", asciiKeys: "+-", words: "zoom", rank: 7),
            [key("+", .zoomIn), key("=", .zoomIn), key("-", .zoomOut)]
        ),
        Entry(
            .player,
            "VIEW",
            "d",
            "look into this fragment",
            footer: Item(keys: "d", asciiKeys: "d", words: "inspect", rank: 13),
            [key("d", .inspector(.openSelection))]
        ),
        Entry(.player, "VIEW", "T", "producer's, server's time", [key("T", .screen(.toggleClock))]),
        Entry(.player, "VIEW", "u", "UTC or local zone", [key("u", .screen(.toggleZone))]),
        Entry(
            .player,
            "VIEW",
            "n N",
            "other stream, same time",
            [key("n", .screen(.neighbor(1))), key("N", .screen(.neighbor(-1)))]
        ),
        Entry(.player, "VIEW", "/", "another stream, live", [key("/", .palette("watch "))]),
        Entry(.player, "VIEW", "w", "wall at this time", [key("w", .wall([]))]),
        Entry(
            .player,
            "CLIP",
            "I O",
            "begin, end of a clip",
            footer: Item(keys: "I O", asciiKeys: "I O", words: "marks", rank: 11),
            [key("I", .screen(.markIn)), key("O", .screen(.markOut))]
        ),
        Entry(.player, "CLIP", "X", "clear the marks", [key("X", .screen(.clearMarks))]),
        Entry(
            .player,
            "CLIP",
            "e",
            "export the clip",
            footer: Item(keys: "e", asciiKeys: "e", words: "export", rank: 12),
            [key("e", .screen(.export))]
        ),
        Entry(.player, "CLIP", "s", "save the picture as PNG", [key("s", .screen(.snapshot))]),
        Entry(.player, "CONNECTION", "F5", "retry now", [key(.function(5), .player(.retryNow))]),
    ]

    private static let wall: [Entry] = [
        Entry(
            .wall,
            "TILES",
            "⏎",
            "play the focused stream",
            footer: Item(keys: "⏎", asciiKeys: "Enter", words: "open", rank: 0),
            [key(.enter, .open)]
        ),
        Entry(
            .wall,
            "TILES",
            "← ↑ ↓ →",
            "focus",
            footer: Item(keys: "←↑↓→", asciiKeys: "arrows", words: "focus", rank: 1),
            [
                key(.left, .onWall(.focus(.left))), key(.right, .onWall(.focus(.right))),
                key(.up, .onWall(.focus(.up))), key(.down, .onWall(.focus(.down))),
            ]
        ),
        Entry(
            .wall,
            "TILES",
            "2 3 4",
            "grid 2×2, 3×3, 4×4",
            footer: Item(keys: "2 3 4", asciiKeys: "2 3 4", words: "grid", rank: 4),
            WallLayout.grids.map { key(Character("\($0)"), .onWall(.grid($0))) }
        ),
        Entry(
            .wall,
            "TILES",
            "n N",
            "next, previous page",
            footer: Item(keys: "n", asciiKeys: "n", words: "page", rank: 3),
            [key("n", .onWall(.page(1))), key("N", .onWall(.page(-1)))]
        ),
        Entry(
            .wall,
            "TILES",
            "k",
            "key pictures only",
            footer: Item(keys: "k", asciiKeys: "k", words: "key pictures", rank: 5),
            [key("k", .onWall(.toggleKeyFrames))]
        ),
        Entry(
            .wall,
            "TILES",
            "s",
            "all at the same time",
            footer: Item(keys: "s", asciiKeys: "s", words: "same time", rank: 2),
            [key("s", .onWall(.toggleSameTime))]
        ),
        Entry(
            .wall,
            "TILES",
            "Tab ⇧Tab",
            "next, previous tile",
            [key(.tab, .onWall(.focus(.next(1)))), shift(.tab, .onWall(.focus(.next(-1))))]
        ),
        Entry(
            .wall,
            "TIME",
            "l End",
            "live",
            footer: Item(keys: "l", asciiKeys: "l", words: "live", rank: 6),
            [key("l", .player(.live)), key(.end, .player(.live))]
        ),
        Entry(
            .wall,
            "TIME",
            "␣ p",
            "pause, play",
            footer: Item(keys: "␣", asciiKeys: "Space", words: "pause", rank: 7),
            [key(" ", .player(.togglePause)), key("p", .player(.togglePause))]
        ),
        Entry(
            .wall,
            "TIME",
            ", .",
            "one frame, then pause",
            [key(",", .player(.stepFrames(-1))), key(".", .player(.stepFrames(1)))]
        ),
        Entry(.wall, "TIME", "⇧← ⇧→", "1 s", [shift(.left, seek(-1)), shift(.right, seek(1))]),
        Entry(.wall, "TIME", "⇧↑ ⇧↓", "10 min", [shift(.up, seek(600)), shift(.down, seek(-600))]),
    ]

    /// What the arrows do while all tiles are held to one time; the focus still moves by Tab and mouse.
    private static let sameTime: [Entry] = [
        Entry(
            .sameTime,
            "TIME",
            "← →",
            "back, forward 5 s",
            footer: Item(keys: "←→", asciiKeys: "Left/Right", words: "5s", rank: 1),
            [key(.left, seek(-5)), key(.right, seek(5))]
        ),
        Entry(
            .sameTime,
            "TIME",
            "↑ ↓",
            "forward, back 1 min",
            footer: Item(keys: "↑↓", asciiKeys: "Up/Down", words: "1m", rank: 8),
            [key(.up, seek(60)), key(.down, seek(-60))]
        ),
        Entry(
            .sameTime,
            "TIME",
            "␣ p",
            "pause, play all",
            footer: Item(keys: "␣", asciiKeys: "Space", words: "pause all", rank: 3),
            [key(" ", .player(.togglePause)), key("p", .player(.togglePause))]
        ),
        Entry(
            .sameTime,
            "TILES",
            "Tab ⇧Tab",
            "focus",
            footer: Item(keys: "Tab", asciiKeys: "Tab", words: "focus", rank: 5),
            [key(.tab, .onWall(.focus(.next(1)))), shift(.tab, .onWall(.focus(.next(-1))))]
        ),
    ]

    private static let inspector: [Entry] = [
        Entry(
            .inspector,
            "MOVE",
            "↑ ↓ k j",
            "fragment, or line of pane",
            footer: Item(keys: "↑↓", asciiKeys: "Up/Down", words: "fragment", rank: 0),
            [
                key(.down, .moveRows(1)), key(.up, .moveRows(-1)), key("k", .moveRows(-1)),
                key("j", .moveRows(1)),
            ]
        ),
        Entry(
            .inspector,
            "MOVE",
            "← → h l",
            "frame, byte; fold, unfold",
            footer: Item(keys: "←→", asciiKeys: "Left/Right", words: "frame", rank: 1),
            [
                key(.right, .inspector(.right)), key(.left, .inspector(.left)), key("h", .inspector(.left)),
                key("l", .inspector(.right)),
            ]
        ),
        Entry(
            .inspector,
            "MOVE",
            "PgUp PgDn",
            "page, also Ctrl-U, Ctrl-D",
            [
                key(.pageUp, .movePages(-1)), key(.pageDown, .movePages(1)), control("u", .movePages(-1)),
                control("d", .movePages(1)),
            ]
        ),
        Entry(
            .inspector,
            "MOVE",
            "Home End",
            "first, last; also gg, G",
            [
                key(.home, .firstRow), key(.end, .lastRow),
                Entry.Binding([KeyPress("g"), KeyPress("g")], .firstRow), key("G", .lastRow),
            ]
        ),
        Entry(
            .inspector,
            "MOVE",
            "Tab ⇧Tab",
            "arrows: table or pane",
            footer: Item(keys: "tab", asciiKeys: "Tab", words: "arrows", rank: 11),
            [key(.tab, .inspector(.toggleFocus)), shift(.tab, .inspector(.toggleFocus))]
        ),
        Entry(
            .inspector,
            "VIEW",
            "1–6",
            "one of the six panes",
            footer: Item(keys: "1-6", asciiKeys: "1-6", words: "pane", rank: 2),
            InspectorScreen.Pane.allCases.map { pane in
                key(Character("\(pane.rawValue)"), .inspector(.show(pane)))
            }
        ),
        Entry(
            .inspector,
            "FRAGMENT",
            "⏎",
            "play from here",
            footer: Item(keys: "⏎", asciiKeys: "Enter", words: "play here", rank: 3),
            [key(.enter, .inspector(.play))]
        ),
        Entry(
            .inspector,
            "FRAGMENT",
            "a",
            "the service's ack log",
            footer: Item(keys: "a", asciiKeys: "a", words: "ack log", rank: 4),
            [key("a", .inspector(.acknowledgements))]
        ),
        Entry(
            .inspector,
            "FRAGMENT",
            "␣",
            "mark, next fragment",
            footer: Item(keys: "␣", asciiKeys: "Space", words: "mark", rank: 7),
            [key(" ", .inspector(.mark))]
        ),
        Entry(
            .inspector,
            "FRAGMENT",
            "e",
            "export the marked ones",
            footer: Item(keys: "e", asciiKeys: "e", words: "export", rank: 8),
            [key("e", .inspector(.export))]
        ),
        Entry(
            .inspector,
            "FRAGMENT",
            "D",
            "compare two, side by side",
            footer: Item(keys: "D", asciiKeys: "D", words: "compare", rank: 9),
            [key("D", .inspector(.compare))]
        ),
        Entry(.inspector, "VIEW", "m", "map of gaps, lags, acks", [key("m", .inspector(.map))]),
        Entry(
            .inspector,
            "VIEW",
            "s S",
            "by size, length; turn it",
            [key("s", .sort), key("S", .reverseSort)]
        ),
        Entry(.inspector, "FRAGMENT", "F", "follow the newest", [key("F", .inspector(.follow))]),
        Entry(
            .inspector,
            "FIND",
            "/",
            "find; tag:k=v everywhere",
            footer: Item(keys: "/", asciiKeys: "/", words: "find", rank: 5),
            [key("/", .inspector(.find))]
        ),
        Entry(
            .inspector,
            "FIND",
            "n N",
            "next, previous match",
            [
                key("n", .inspector(.findNext(forward: true))),
                key("N", .inspector(.findNext(forward: false))),
            ]
        ),
    ]

    private static let everywhere: [Entry] = [
        Entry(
            .everywhere,
            "GENERAL",
            ":",
            "command, also Ctrl-P",
            footer: Item(keys: ":", asciiKeys: ":", words: "command", rank: 11, scope: .streams),
            [key(":", .palette("")), control("p", .palette(""))]
        ),
        Entry(
            .everywhere,
            "GENERAL",
            "y",
            "copy ARN, place or number",
            footer: Item(keys: "y", asciiKeys: "y", words: "copy", rank: 6, scope: .inspector),
            [key("y", .copy)]
        ),
        Entry(
            .everywhere,
            "GENERAL",
            "?",
            "help",
            footer: Item(keys: "?", asciiKeys: "?", words: "help", rank: -1),
            [key("?", .help)]
        ),
        Entry(.everywhere, "GENERAL", "Esc", "cancel, back", [key(.escape, .cancel)]),
        Entry(
            .everywhere,
            "GENERAL",
            "q",
            "back, at last quit",
            footer: Item(keys: "q", asciiKeys: "q", words: "quit", rank: 10),
            [key("q", .back)]
        ),
        Entry(.everywhere, "GENERAL", "Q Ctrl-C", "quit", [key("Q", .quit), control("c", .quit)]),
        Entry(.everywhere, "GENERAL", "L", "log", [key("L", .log)]),
        Entry(.everywhere, "GENERAL", "F5", "ask the service now", [key(.function(5), .refresh)]),
        Entry(.everywhere, "GENERAL", "Ctrl-L", "redraw", [control("l", .redraw)]),
        Entry(.everywhere, "GENERAL", "Ctrl-Z", "suspend", [control("z", .suspend)]),
    ]

    private static func key(_ key: KeyPress.Key, _ command: MonitorCommand) -> Entry.Binding {
        Entry.Binding([KeyPress(key)], command)
    }

    private static func key(_ character: Character, _ command: MonitorCommand) -> Entry.Binding {
        Entry.Binding([KeyPress(character)], command)
    }

    private static func shift(_ key: KeyPress.Key, _ command: MonitorCommand) -> Entry.Binding {
        Entry.Binding([KeyPress(key, .shift)], command)
    }

    private static func control(_ character: Character, _ command: MonitorCommand) -> Entry.Binding {
        Entry.Binding([KeyPress(character, .control)], command)
    }

    private static func seek(_ seconds: Int64) -> MonitorCommand {
        .player(.seekBy(milliseconds: seconds * 1000))
    }
}
