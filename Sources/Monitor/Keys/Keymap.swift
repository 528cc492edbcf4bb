package import TerminalScreen

/// The one table of keys: dispatch, footer and help all read it, so none of them can disagree.
package struct Keymap: Sendable, Hashable {
    /// The lines, in the order in which help and footer show them.
    package let entries: [KeymapEntry]

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
        for scope in [scope, .everywhere] {
            let bindings = entries.lazy.filter { $0.scope == scope }.flatMap(\.bindings)
            if let binding = bindings.first(where: { $0.keys == keys }) { return .command(binding.command) }
            if bindings.contains(where: { $0.keys.starts(with: keys) }) { return .prefix }
        }
        return .none
    }

    /// The lines for a screen, those that work everywhere last.
    package func entries(in scope: KeymapEntry.Scope) -> [KeymapEntry] {
        entries.filter { $0.scope == scope }
            + entries.filter { $0.scope == .everywhere && scope != .everywhere }
    }
}
