import Foundation
import Monitor

/// The manual page: every part comes from the table that the program itself uses.
///
/// ```
/// commands and options   the parser's description of itself
/// keys and commands      Keymap, Palette
/// settings, variables    Setting.all
/// exit statuses          CommandFailure.Status
/// ```
struct ManualPage {
    private let command: CommandDescription

    /// Takes the parser's description, as JSON.
    ///
    /// - Throws: DecodingError where it has another form than this version knows.
    init(help: String) throws {
        command = try JSONDecoder().decode(ProgramDescription.self, from: Data(help.utf8)).command
    }

    /// The page in mdoc.
    var text: String {
        var page = Roff()
        page.line(".Dd November 22, 2026", ".Dt KINESCOPE 1", ".Os")
        page.section("NAME", ".Nm kinescope", ".Nd " + (command.abstract ?? "").lowercasedStart)
        page.section("SYNOPSIS", ".Nm", ".Op Ar command", ".Op Ar options")
        page.section("DESCRIPTION", "Without a command")
        page.line(".Nm")
        page.text("shows the streams of a service and plays them; behind a pipe it lists them as text.")
        page.section("COMMANDS")
        for subcommand in command.subcommands ?? [] where subcommand.commandName != "help" {
            describe(subcommand, in: &page)
        }
        describeKeys(in: &page)
        describeSettings(in: &page)
        page.section("EXIT STATUS", ".Bl -tag -width 3n")
        for status in CommandFailure.Status.allCases {
            page.item("\(status.rawValue)", status.words)
        }
        page.line(".El")
        return page.text
    }

    private func describe(_ command: CommandDescription, after parent: String = "", in page: inout Roff) {
        page.line(".Ss \(Roff.escaped(parent + synopsis(of: command)))")
        page.text(command.abstract ?? "")
        if let discussion = command.discussion, !discussion.isEmpty { page.literal(discussion) }
        let options = (command.arguments ?? []).filter { $0.shouldDisplay && $0.names?.first?.name != "help" }
        if !options.isEmpty { list(options, in: &page) }
        for subcommand in command.subcommands ?? [] where subcommand.commandName != "help" {
            describe(subcommand, after: "\(parent)\(command.commandName) ", in: &page)
        }
    }

    private func list(_ options: [CommandDescription.Argument], in page: inout Roff) {
        page.line(".Bl -tag -width indent")
        for option in options {
            let names = option.names?.map(\.typed).joined(separator: ", ")
            let value = option.kind == "flag" ? nil : option.valueName.map { "<\($0)>" }
            let head = [names, value].compactMap { $0 }.joined(separator: " ")
            let standard = option.defaultValue.map { " Default: \($0)." } ?? ""
            page.item(head, (option.abstract ?? "") + standard)
        }
        page.line(".El")
    }

    private func synopsis(of command: CommandDescription) -> String {
        let positional = (command.arguments ?? []).filter { $0.kind == "positional" && $0.shouldDisplay }
        let names = positional.map { argument in
            let name = "<\(argument.valueName ?? "")>" + (argument.isRepeating ? " ..." : "")
            return argument.isOptional ? "[\(name)]" : name
        }
        return ([command.commandName] + names).joined(separator: " ")
    }

    private func describeKeys(in page: inout Roff) {
        page.section("KEYS")
        for (title, lines) in KeySheet().tables {
            page.line(".Ss \(title)", ".Bl -tag -width 24n -compact")
            for line in lines { page.item(line.keys, line.words) }
            page.line(".El")
        }
    }

    private func describeSettings(in page: inout Roff) {
        page.section("SETTINGS")
        page.text(
            "Read from $XDG_CONFIG_HOME/kinescope/config.toml. The variable behind each outranks the file, a flag outranks both."
        )
        page.line(".Bl -tag -width indent")
        for setting in Setting.all {
            page.item(
                setting.key,
                "\(setting.words): \(setting.kind.words). Default: \(setting.standard). \(setting.variable)"
            )
        }
        page.item("endpoints.NAME.url, .region, .profile", "A service by a name of one's own.")
        page.item("keys.SCREEN.KEY", "A command that the key runs; empty takes the key away.")
        page.line(".El")
    }
}

extension String {
    /// The same text with its first letter small and no full stop, as manual pages name things.
    fileprivate var lowercasedStart: String {
        let text = hasSuffix(".") ? dropLast() : self[...]
        return text.prefix(1).lowercased() + text.dropFirst()
    }
}
