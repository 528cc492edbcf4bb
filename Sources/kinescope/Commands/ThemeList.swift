import ArgumentParser
import Foundation
import Monitor
import TerminalVideo

/// `kinescope themes`: the themes there are.
struct ThemeList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "themes",
        abstract: "List the colour themes, or check one.",
        discussion: """
            Files NAME.toml in $XDG_CONFIG_HOME/kinescope/themes and $XDG_DATA_DIRS/kinescope/themes come before
            the built-in themes of the same name. With a name or a path, one line tells on each thing in it that
            means nothing, and the exit status is 7 where there is any.
            """
    )

    @Argument(help: "A theme to check: a name, or a path with a slash in it.")
    var name: String?

    @Flag(help: "Print one JSON object for each theme.")
    var json = false

    func run() throws {
        let catalog = ThemeCatalog(environment: ProcessInfo.processInfo.environment)
        if let name { return try check(name, in: catalog) }
        let rows = catalog.names.map { name in
            let path = catalog.path(ofThemeNamed: name)
            do {
                let theme = try catalog.theme(named: name, depth: .truecolor).theme
                return ThemeRow(name: name, variant: theme.variant.rawValue, path: path)
            } catch {
                return ThemeRow(name: name, path: path, fault: "\(error)")
            }
        }
        if json {
            for row in rows { try JSONLine.write(row) }
        } else {
            let cells = rows.map { [$0.name, $0.variant ?? "✕", $0.fault ?? $0.path ?? "built in"] }
            print(TextTable.text(["THEME", "FOR", "FROM"], cells))
        }
    }

    private func check(_ name: String, in catalog: ThemeCatalog) throws {
        let depths: [ColorDepth] = [.truecolor, .palette256, .palette16]
        var warnings: [String] = []
        do {
            for depth in depths {
                let found = try catalog.theme(named: name, depth: depth).warnings
                warnings += found.filter { !warnings.contains($0) }
            }
        } catch {
            throw CommandFailure(catalog.path(ofThemeNamed: name) == nil ? .notFound : .corrupt, "\(error)")
        }
        for warning in warnings { report(warning) }
        if !warnings.isEmpty { throw CommandFailure(.corrupt) }
        print("\(name): nothing to find fault with")
    }
}

/// A theme as `themes --json` prints it.
struct ThemeRow: Encodable {
    var name: String
    var variant: String?
    var path: String?
    var fault: String?
}
