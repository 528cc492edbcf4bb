/// The last row: the keys that work now, cut at whole items.
package struct Footer: Sendable, Hashable {
    /// One item and where it stands.
    package struct Item: Sendable, Hashable {
        /// First column.
        package var column: Int
        /// The keys, shown apart from the words.
        package var keys: String
        /// What they do.
        package var words: String
        /// What a click does.
        package var command: MonitorCommand

        /// Columns that it takes.
        package var width: Int { keys.count + 1 + words.count }
    }

    /// From left to right.
    package let items: [Item]

    /// Chooses what fits.
    ///
    /// Items of low rank stay when the row is short, and `? help` always; the order is the table's. From 120
    /// columns on they stand further apart where there is room.
    ///
    /// - Parameters:
    ///   - keymap: The keys.
    ///   - scope: The screen.
    ///   - columns: Columns of the screen.
    ///   - glyphs: Characters to use.
    ///   - isFirstScreen: True where going back quits.
    ///   - urgent: What the moment asks for: stays before all others.
    package init(
        keymap: Keymap,
        scope: KeymapEntry.Scope,
        columns: Int,
        glyphs: Glyphs,
        isFirstScreen: Bool,
        urgent: MonitorCommand? = nil
    ) {
        let candidates = keymap.entries(in: scope).compactMap { entry -> (rank: Int, item: Item)? in
            guard let footer = entry.footer, footer.scope.map({ $0 == scope }) ?? true,
                columns >= footer.leastColumns,
                let command = entry.bindings.first?.command
            else { return nil }
            let words = command == .back && !isFirstScreen ? "back" : footer.words
            let keys = glyphs == .ascii ? footer.asciiKeys : footer.keys
            let rank = command == urgent ? -1 : footer.rank
            return (rank, Item(column: 0, keys: keys, words: words, command: command))
        }
        var chosen = Set<Int>()
        var width = 1
        for index in candidates.indices.sorted(by: { candidates[$0].rank < candidates[$1].rank }) {
            let needed = candidates[index].item.width + (chosen.isEmpty ? 0 : 2)
            guard width + needed <= columns else { continue }
            width += needed
            chosen.insert(index)
        }
        let isWide = scope == .streams && columns >= 120 && width + chosen.count <= columns
        var column = 1
        items = candidates.indices.filter(chosen.contains).map { index in
            var item = candidates[index].item
            item.column = column
            column += item.width + (isWide ? 3 : 2)
            return item
        }
    }

    /// The command under a column; nil between items.
    package func command(at column: Int) -> MonitorCommand? {
        items.first { ($0.column..<$0.column + $0.width).contains(column) }?.command
    }
}
