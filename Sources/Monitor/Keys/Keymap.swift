import Playback
package import TerminalScreen

/// The one table of keys: dispatch, footer and help all read it, so none of them can disagree.
package struct Keymap: Sendable, Hashable {
    /// The lines, in the order in which help and footer show them.
    package private(set) var entries: [KeymapEntry]

    /// Takes a table.
    package init(entries: [KeymapEntry]) {
        self.entries = entries
    }

    /// What keys pressed one after the other mean.
    package enum Match: Sendable, Hashable {
        /// Nothing.
        case none
        /// The beginning of something.
        case prefix
        /// A command.
        case command(MonitorCommand)
    }

    /// Looks keys up on a screen, then everywhere.
    package func match(_ keys: [KeyPress], in scope: KeymapEntry.Scope) -> Match {
        for scope in scope.chain {
            let bindings = entries.lazy.filter { $0.scope == scope }.flatMap(\.bindings)
            if let binding = bindings.first(where: { $0.keys == keys }) { return .command(binding.command) }
            if bindings.contains(where: { $0.keys.starts(with: keys) }) { return .prefix }
        }
        return .none
    }

    /// The lines for a screen, those that work everywhere last.
    package func entries(in scope: KeymapEntry.Scope) -> [KeymapEntry] {
        var taken: Set<[KeyPress]> = []
        return scope.chain.flatMap { scope in
            let own = entries.filter {
                $0.scope == scope && !$0.bindings.contains { taken.contains($0.keys) }
            }
            taken.formUnion(own.flatMap(\.bindings).map(\.keys))
            return own
        }
    }

    /// Where the help shows what the user has bound.
    private static let ownSection = "YOUR OWN"

    /// Gives keys another meaning on a screen; the entry goes below those delivered.
    package mutating func bind(
        _ keys: [KeyPress],
        to command: MonitorCommand,
        label: String,
        words: String,
        in scope: KeymapEntry.Scope
    ) {
        unbind(keys, in: scope)
        let binding = KeymapEntry.Binding(keys, command)
        entries.append(KeymapEntry(scope, Self.ownSection, label, words, [binding]))
    }

    /// Takes the meaning of keys away on a screen; an entry without keys is gone.
    ///
    /// What begins with the keys goes too: it could not be reached any more.
    package mutating func unbind(_ keys: [KeyPress], in scope: KeymapEntry.Scope) {
        for index in entries.indices where entries[index].scope == scope {
            entries[index].bindings.removeAll { $0.keys.starts(with: keys) || keys.starts(with: $0.keys) }
        }
        entries.removeAll { $0.bindings.isEmpty }
    }

    /// The first keys that run a command, as the help shows them; nil where none do.
    package func label(of command: MonitorCommand, in scope: KeymapEntry.Scope) -> String? {
        entries(in: scope).first { $0.bindings.contains { $0.command == command } }?.label
    }

    /// Lets what moves by five seconds move by so many.
    package mutating func setStep(seconds: Int) {
        let standard: Int64 = 5000
        for index in entries.indices where entries[index].section != Self.ownSection {
            let isStep = entries[index].bindings.contains {
                $0.command == .player(.seekBy(milliseconds: standard))
            }
            guard isStep else { continue }
            for place in entries[index].bindings.indices {
                guard case .player(.seekBy(milliseconds: let step)) = entries[index].bindings[place].command
                else { continue }
                let moved = step.signum() * Int64(seconds) * 1000
                entries[index].bindings[place].command = .player(.seekBy(milliseconds: moved))
            }
            entries[index].words = entries[index].words.replacing("5 s", with: "\(seconds) s")
            entries[index].footer?.words = "\(seconds)s"
        }
    }

    /// Takes away all that changes streams.
    mutating func removeChanges() {
        for index in entries.indices {
            entries[index].bindings.removeAll { binding in
                switch binding.command {
                case .create, .delete, .deleteStream, .change, .tags: true
                default: false
                }
            }
        }
        entries.removeAll { $0.bindings.isEmpty }
    }
}
