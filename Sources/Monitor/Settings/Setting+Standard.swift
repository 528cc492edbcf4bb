import TerminalVideo

extension Setting {
    /// Everything that can be set, in the order in which it is listed.
    package static let all = [
        Setting(
            key: "endpoint",
            kind: .text("local | aws | URL | a name under [endpoints]"),
            standard: "local",
            words: "the service"
        ),
        Setting(
            key: "theme",
            kind: .text("auto | a name | a path"),
            standard: "auto",
            words: "colours; auto takes theme.dark or theme.light after the terminal's background"
        ),
        Setting(
            key: "theme.dark",
            kind: .text("a name | a path"),
            standard: "nitrate",
            words: "colours on a dark background"
        ),
        Setting(
            key: "theme.light",
            kind: .text("a name | a path"),
            standard: "daylight",
            words: "colours on a light background"
        ),
        Setting(
            key: "glyphs",
            kind: .choice(["auto", "unicode", "ascii"]),
            standard: "auto",
            words: "characters of the screens"
        ),
        Setting(
            key: "colors",
            kind: .choice(["auto"] + ColorDepth.allCases.map(\.rawValue)),
            standard: "auto",
            words: "how many colours the terminal has"
        ),
        Setting(
            key: "mouse",
            kind: .flag,
            standard: "true",
            words: "whether clicks are for the program; Shift leaves them to the terminal in any case"
        ),
        Setting(
            key: "hover",
            kind: .flag,
            standard: "true",
            words: "whether the time under the pointer is shown without a click"
        ),
        Setting(
            key: "zone",
            kind: .choice(["utc", "local"]),
            standard: "utc",
            words: "the zone of all times at the start"
        ),
        Setting(
            key: "clock",
            kind: .choice(["producer", "server"]),
            standard: "producer",
            words: "whose time the player tells at the start"
        ),
        Setting(
            key: "read_only",
            kind: .flag,
            standard: "false",
            words: "hides and refuses whatever changes a stream"
        ),
        Setting(
            key: "player.on_open",
            kind: .choice(["live", "oldest"]),
            standard: "live",
            words: "where a stream begins to play"
        ),
        Setting(
            key: "player.seek",
            kind: .number(1...60),
            standard: "5",
            words: "seconds that an arrow or the wheel moves"
        ),
        Setting(
            key: "player.rate_max",
            kind: .number(1...16),
            standard: "16",
            words: "fastest rate"
        ),
        Setting(
            key: "player.renderer",
            kind: .choice(["auto"] + PictureMode.allCases.map(\.rawValue)),
            standard: "auto",
            words: "how pictures are drawn at first; v takes the next way that the terminal knows"
        ),
        Setting(
            key: "player.memory",
            kind: .memory(8...4096),
            standard: "96MiB",
            words: "compressed media that is kept for going back"
        ),
        Setting(
            key: "player.gaps",
            kind: .choice(["skip", "wait", "hold"]),
            standard: "skip",
            words: "what to do where nothing was recorded: go on behind it, wait, or stand still"
        ),
        Setting(
            key: "screen.fps",
            kind: .number(1...60),
            standard: "30",
            words: "frames a second at most"
        ),
        Setting(
            key: "screen.quality",
            kind: .choice(["auto"] + OutputQuality.allCases.map { "\($0.rawValue)" }),
            standard: "auto",
            words: "what is given up for a slow terminal: auto follows it"
        ),
        Setting(
            key: "screen.target_latency_ms",
            kind: .number(20...2000),
            standard: "100",
            words: "milliseconds that a frame may take on its way to the terminal"
        ),
        Setting(
            key: "wall.grid",
            kind: .number(WallLayout.grids),
            standard: "2",
            words: "tiles in a row of the wall"
        ),
        Setting(
            key: "wall.fps",
            kind: .number(1...30),
            standard: "10",
            words: "pictures a second of the wall's focused tile at most"
        ),
        Setting(
            key: "streams.refresh",
            kind: .number(2...3600),
            standard: "10",
            words: "seconds between two listings of a stream where the service has no statistics feed"
        ),
        Setting(
            key: "streams.calls_per_second",
            kind: .number(1...4),
            standard: "2",
            words: "calls a second at most for such listings"
        ),
        Setting(
            key: "streams.window",
            kind: .number(60...3600),
            standard: "300",
            words: "seconds of the past that such a listing takes in"
        ),
        Setting(
            key: "export.dir",
            kind: .text("a path"),
            standard: ".",
            words: "where clips and pictures go"
        ),
        Setting(
            key: "export.container",
            kind: .choice(["mp4", "mkv"]),
            standard: "mp4",
            words: "what a clip is at first"
        ),
    ]
}
