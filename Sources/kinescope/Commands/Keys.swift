import ArgumentParser
import Monitor

/// `kinescope keys`: the keys and commands of the screens.
struct Keys: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the keys and commands of the screens.",
        discussion:
            "With those of the tables [keys.SCREEN] of the settings, and without those they take away."
    )

    @Flag(help: "Print tables in Markdown.")
    var markdown = false

    func run() throws {
        let settings = try Settings.current()
        for warning in settings.warnings { report(warning) }
        let sheet = KeySheet(keymap: settings.keymap)
        print(markdown ? sheet.markdown : sheet.text)
    }
}
