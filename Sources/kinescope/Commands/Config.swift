import ArgumentParser
import Monitor

/// `kinescope config`: what holds, and where it comes from.
struct Config: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the settings that hold, and where each comes from.",
        discussion: """
            Settings are read from $XDG_CONFIG_HOME/kinescope/config.toml; a variable of the environment outranks
            the file, a flag outranks both. What the file holds and nobody reads is told on stderr with its line.
            """
    )

    @Flag(help: "Print one JSON object for each setting.")
    var json = false

    func run() throws {
        let settings = try Settings.current()
        for warning in settings.warnings { report(warning) }
        let rows = Setting.all.map { setting in
            let value = settings[setting.key]
            return SettingRow(
                key: setting.key,
                value: value.text,
                origin: "\(value.origin)",
                variable: setting.variable
            )
        }
        if json {
            for row in rows { try JSONLine.write(row) }
            return
        }
        print(TextTable.text(["SETTING", "VALUE", "FROM"], rows.map { [$0.key, $0.value, $0.origin] }))
        for (name, endpoint) in settings.endpoints.sorted(by: { $0.key < $1.key }) {
            let parts = [endpoint.url, endpoint.region, endpoint.profile.map { "profile \($0)" }]
            print("endpoints.\(name)  \(parts.compactMap { $0 }.joined(separator: "  "))")
        }
    }
}

/// A setting as `config --json` prints it.
struct SettingRow: Encodable {
    var key: String
    var value: String
    var origin: String
    var variable: String
}
