/// One thing that can be set: in `config.toml`, by a variable of the environment, by a flag.
package struct Setting: Sendable, Hashable {
    /// What values a setting takes.
    package enum Kind: Sendable, Hashable {
        /// One of some words.
        case choice([String])
        /// `true` or `false`.
        case flag
        /// A whole number of a range.
        case number(ClosedRange<Int>)
        /// Any text; what it names.
        case text(String)

        /// What may be written, in words.
        package var words: String {
            switch self {
            case .choice(let words): words.joined(separator: " | ")
            case .flag: "true | false"
            case .number(let range): "\(range.lowerBound) to \(range.upperBound)"
            case .text(let name): name
            }
        }

        /// True where a text is one of the values.
        func accepts(_ text: String) -> Bool {
            switch self {
            case .choice(let words): words.contains(text)
            case .flag: ["true", "false"].contains(text)
            case .number(let range): Int(text).map(range.contains) ?? false
            case .text: !text.isEmpty
            }
        }
    }

    /// Its key in `config.toml`, tables before it with dots: `screen.fps`.
    package let key: String
    /// What values it takes.
    package let kind: Kind
    /// Its value where nobody sets it.
    package let standard: String
    /// What it does.
    package let words: String

    /// The variable of the environment that sets it: `KINESCOPE_SCREEN_FPS`.
    package var variable: String {
        "KINESCOPE_" + key.uppercased().replacing(".", with: "_")
    }

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
            kind: .choice(["auto", "truecolor", "256", "16", "none"]),
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
            key: "read_only",
            kind: .flag,
            standard: "false",
            words: "hides and refuses whatever changes a stream"
        ),
        Setting(
            key: "screen.fps",
            kind: .number(1...60),
            standard: "30",
            words: "frames a second at most"
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
    ]

    /// The setting of a key; nil where there is none.
    package static func named(_ key: String) -> Setting? {
        all.first { $0.key == key }
    }
}
