import ArgumentParser
import Monitor

/// Options of every command that opens the screens.
struct ScreenOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Colours: a name, or a path with a slash in it.", valueName: "name|path"))
    var theme: String?

    @Option(
        help: ArgumentHelp(
            "Colours that the terminal has: auto, truecolor, 256, 16 or none.",
            valueName: "colors"
        )
    )
    var colors: String?

    @Option(help: ArgumentHelp("Characters of the screens: auto, unicode or ascii.", valueName: "glyphs"))
    var glyphs: String?

    @Option(help: ArgumentHelp("Zone of all times: utc or local.", valueName: "zone"))
    var zone: String?

    @Flag(help: "Refuse whatever changes a stream.")
    var readOnly = false

    @Option(
        name: [.customShort("c"), .customLong("command")],
        help: ArgumentHelp(
            "Commands to run at once, as after the key : (with ; between them).",
            valueName: "command"
        )
    )
    var commands: String?

    /// What holds, with these options on top.
    func settings() throws -> Settings {
        try Settings.current(flags: [
            ("--theme", "theme", theme), ("--colors", "colors", colors), ("--glyphs", "glyphs", glyphs),
            ("--zone", "zone", zone), ("--read-only", "read_only", readOnly ? "true" : nil),
        ])
    }
}
