/// How well a few typed characters name a word.
enum FuzzyMatch {
    /// The score of a match: the higher the better; nil where the characters do not all occur in order.
    ///
    /// What follows the character before, and what begins a part of the word, counts more; of equals the shorter
    /// word wins.
    static func score(_ typed: String, in word: String) -> Int? {
        let (wanted, letters) = (Array(typed.lowercased()), Array(word.lowercased()))
        var (score, place, last) = (0, 0, -2)
        for character in wanted {
            guard let found = letters[place...].firstIndex(of: character) else { return nil }
            let beginsPart = found == 0 || !letters[found - 1].isLetter
            score += found == last + 1 ? 8 : beginsPart ? 6 : 1
            (place, last) = (found + 1, found)
        }
        return score * 64 - min(letters.count, 63)
    }

    /// The items that match, the best first; those of one score keep their order.
    static func sorted<Item>(_ items: [Item], by typed: String, name: (Item) -> String) -> [Item] {
        guard !typed.isEmpty else { return items }
        let scored = items.enumerated().compactMap { index, item in
            score(typed, in: name(item)).map { (score: $0, index: index, item: item) }
        }
        return scored.sorted { ($1.score, $0.index) < ($0.score, $1.index) }.map(\.item)
    }
}
