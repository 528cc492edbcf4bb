/// A command as the parser describes itself, as far as the manual page needs it.
struct CommandDescription: Decodable {
    /// An argument, an option or a flag.
    struct Argument: Decodable {
        struct Name: Decodable {
            var kind: String
            var name: String

            /// As it is typed: `--json`, `-o`.
            var typed: String { (kind == "long" ? "--" : "-") + name }
        }

        var kind: String
        var shouldDisplay: Bool
        var isOptional: Bool
        var isRepeating: Bool
        var names: [Name]?
        var valueName: String?
        var defaultValue: String?
        var abstract: String?
    }

    var commandName: String
    var abstract: String?
    var discussion: String?
    var arguments: [Argument]?
    var subcommands: [CommandDescription]?
}

/// The description of the whole program.
struct ProgramDescription: Decodable {
    var command: CommandDescription
}
