package import Matroska

/// `tag:NAME=VALUE` as it is typed: a tag of that name whose value holds the text; without a value, any.
package struct TagPattern: Sendable, Hashable {
    /// What was typed, `tag:` among it.
    package let text: String
    private let name: String
    private let value: String

    /// Reads a text; nil for one that is none, or names nothing yet.
    package init?(_ text: some StringProtocol) {
        guard text.hasPrefix("tag:") else { return nil }
        let body = text.dropFirst(4).lowercased()
        name = String(body.prefix { $0 != "=" })
        value = String(body.dropFirst(name.count + 1))
        guard !name.isEmpty else { return nil }
        self.text = String(text)
    }

    /// True for a tag that fits; letters count whatever their case.
    package func fits(_ name: String, _ value: String) -> Bool {
        name.lowercased() == self.name && (self.value.isEmpty || value.lowercased().contains(self.value))
    }

    /// True where one of a fragment's tags fits.
    package func fits(_ tags: [Tag]) -> Bool {
        tags.contains { tag in
            guard let text = tag.text else { return false }
            return fits(tag.name, text)
        }
    }
}

/// How far a search for a tag has come.
package struct TagFindings: Sendable, Hashable {
    /// What is searched for.
    package var pattern: TagPattern
    /// The fragments that have it, in the order of their numbers.
    package var fragments: [InspectedFragment] = []
    /// Fragments looked into.
    package var searched = 0
    /// Fragments to look into in all; nil before they are listed.
    package var total: Int?
    /// True once all have been looked into.
    package var isOver = false

    /// Creates findings of a search that is about to begin.
    package init(_ pattern: TagPattern) {
        self.pattern = pattern
    }
}
