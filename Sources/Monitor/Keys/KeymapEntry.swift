package import TerminalScreen

/// One line of the key table: some keys, what each does, and the words for both.
package struct KeymapEntry: Sendable, Hashable {
    /// Where keys work.
    package enum Scope: String, Sendable, Hashable, CaseIterable {
        /// On every screen that does not say otherwise.
        case everywhere = "Everywhere"
        /// In the list of streams.
        case streams = "Streams"
        /// In the player.
        case player = "Player"
        /// In the inspector.
        case inspector = "Inspector"
        /// On the wall.
        case wall = "Wall"
        /// On the wall while all tiles are held to one time: these come before the keys of the wall.
        case sameTime = "Same-time"

        /// The scopes whose keys work here, the first one first.
        var chain: [Scope] {
            switch self {
            case .everywhere: [.everywhere]
            case .streams, .player, .wall, .inspector: [self, .everywhere]
            case .sameTime: [.sameTime, .wall, .everywhere]
            }
        }
    }

    /// A key or a sequence of keys, and what it does.
    package struct Binding: Sendable, Hashable {
        /// The keys, in the order in which they are pressed.
        package var keys: [KeyPress]
        /// What they do.
        package var command: MonitorCommand

        /// Creates a binding.
        package init(_ keys: [KeyPress], _ command: MonitorCommand) {
            self.keys = keys
            self.command = command
        }
    }

    /// An entry as the footer shows it.
    package struct FooterItem: Sendable, Hashable {
        /// The keys.
        package var keys: String
        /// The keys where only ASCII will do.
        package var asciiKeys: String
        /// What they do.
        package var words: String
        /// 0 stays longest when the row is short.
        package var rank: Int
        /// The only screen that shows it; nil for all.
        package var scope: Scope?
        /// Columns of the screen from which on it is shown at all.
        package var leastColumns = 0
    }

    /// Where the keys work.
    package var scope: Scope
    /// The keys; the first one is what a click on the footer does.
    package var bindings: [Binding]
    /// Heading in the help.
    package var section: String
    /// The keys as the help shows them.
    package var label: String
    /// What they do, as the help says it.
    package var words: String
    /// The entry in the footer; nil where it has none.
    package var footer: FooterItem?

    init(
        _ scope: Scope,
        _ section: String,
        _ label: String,
        _ words: String,
        footer: FooterItem? = nil,
        _ bindings: [Binding]
    ) {
        self.scope = scope
        self.bindings = bindings
        self.section = section
        self.label = label
        self.words = words
        self.footer = footer
    }
}
