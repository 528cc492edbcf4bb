/// One command that can be typed: its name, its arguments, and the words for it.
package struct PaletteEntry: Sendable {
    /// What an argument can be completed from.
    package enum Completion: Sendable, Hashable {
        /// Nothing.
        case nothing
        /// Names of streams.
        case streams
        /// Names of themes.
        case themes
        /// Names of services.
        case endpoints
        /// Some words.
        case words([String])
    }

    /// Why a text is no command.
    package struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
        /// One line: what was seen and what is wanted.
        package var description: String

        /// Takes the line.
        package init(description: String) {
            self.description = description
        }
    }

    /// Makes a command of the arguments.
    typealias Reading = @Sendable (_ arguments: [Substring]) throws(Failure) -> MonitorCommand

    /// What is typed.
    package let name: String
    /// The arguments as they are shown: `TIME|±T|#N`; empty for none.
    package let arguments: String
    /// What it does.
    package let words: String
    /// Where it works; nil for everywhere.
    package let scope: KeymapEntry.Scope?
    /// What the first argument can be completed from.
    package let completion: Completion
    /// True where it changes the service.
    package let isChange: Bool
    /// A command that stands for it in the table of keys; nil where no key does the like.
    package let sample: MonitorCommand?
    let read: Reading

    init(
        _ name: String,
        _ arguments: String,
        _ words: String,
        in scope: KeymapEntry.Scope? = nil,
        completion: Completion = .nothing,
        isChange: Bool = false,
        sample: MonitorCommand? = nil,
        _ read: @escaping Reading
    ) {
        self.name = name
        self.arguments = arguments
        self.words = words
        self.scope = scope
        self.completion = completion
        self.isChange = isChange
        self.sample = sample
        self.read = read
    }

    /// A command without arguments.
    init(_ name: String, _ words: String, in scope: KeymapEntry.Scope? = nil, _ command: MonitorCommand) {
        self.init(name, "", words, in: scope, sample: command) { arguments throws(Failure) in
            guard arguments.isEmpty else { throw Failure(description: "\(name) takes no arguments") }
            return command
        }
    }

    /// True where nothing must follow the name.
    package var standsAlone: Bool { arguments.isEmpty || arguments.hasPrefix("[") }

    /// Name and arguments.
    package var usage: String { arguments.isEmpty ? name : "\(name) \(arguments)" }
}
