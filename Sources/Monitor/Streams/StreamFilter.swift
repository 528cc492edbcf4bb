package import KinesisVideo

/// Which streams a typed expression leaves: parts with blanks between them, all of which must fit.
///
/// | part | fits |
/// |---|---|
/// | `door` | names that hold the text, whatever its case |
/// | `/^do+r/` | names that the regular expression finds something in |
/// | `state:idle` | streams in that state, by the word of the list |
/// | `tag:site=yard` `tag:site` | streams with a tag of that name, whose value holds the text |
/// | `rate>2` `age<10` `lag>1` `view>0` | figures: Mb/s, seconds, seconds, readers |
/// | `!x` | what `x` does not fit |
package struct StreamFilter {
    private enum Part {
        case name(String)
        case expression(Regex<AnyRegexOutput>)
        case state(String)
        case tag(TagPattern)
        case figure(String, isAbove: Bool, Double)
    }

    private var parts: [(part: Part, isWanted: Bool)] = []
    /// What is wrong with the text: then it fits nothing.
    package private(set) var fault: String?

    /// Reads an expression; an empty one fits everything.
    package init(_ text: String) {
        for word in text.split(separator: " ") {
            let isWanted = !word.hasPrefix("!")
            let body = isWanted ? word : word.dropFirst()
            // The rest is still being typed.
            guard !body.isEmpty else { continue }
            if let part = read(body) { parts.append((part, isWanted)) }
        }
    }

    /// True where a stream fits at a moment of the service's clock.
    package func keeps(_ row: StreamRow, at now: Timestamp) -> Bool {
        fault == nil && parts.allSatisfy { Self.fits($0.part, row, now) == $0.isWanted }
    }

    private mutating func read(_ text: Substring) -> Part? {
        if text.hasPrefix("/") {
            // The second slash is still being typed.
            let pattern = text.dropFirst().hasSuffix("/") ? text.dropFirst().dropLast() : text.dropFirst()
            guard let expression = try? Regex(String(pattern)).ignoresCase() else {
                fault = "'\(pattern)' is no regular expression"
                return nil
            }
            return .expression(expression)
        }
        // The name is still being typed.
        if text.hasPrefix("tag:") { return TagPattern(text).map(Part.tag) }
        if text.hasPrefix("state:") { return .state(text.dropFirst(6).lowercased()) }
        if let sign = text.firstIndex(where: { $0 == "<" || $0 == ">" }) {
            let name = text[..<sign].lowercased()
            guard ["rate", "age", "lag", "view"].contains(name) else {
                fault = "'\(name)' is no figure (there are rate, age, lag, view)"
                return nil
            }
            let number = text[text.index(after: sign)...]
            guard let value = Double(number) else {
                if !number.isEmpty { fault = "'\(number)' is no number" }
                return nil
            }
            return .figure(name, isAbove: text[sign] == ">", value)
        }
        return .name(text.lowercased())
    }

    private static func fits(_ part: Part, _ row: StreamRow, _ now: Timestamp) -> Bool {
        switch part {
        case .name(let text): return row.name.lowercased().contains(text)
        case .expression(let expression): return row.name.contains(expression)
        case .state(let word): return row.state(at: now).word.hasPrefix(word)
        // Tags that are not known fit nothing.
        case .tag(let pattern):
            return row.statistics.tags?.contains { pattern.fits($0.key, $0.value) } ?? false
        case .figure(let name, let isAbove, let bound):
            // A figure that is not known is neither above nor below.
            guard let figure = figure(name, row, now) else { return false }
            return isAbove ? figure > bound : figure < bound
        }
    }

    private static func figure(_ name: String, _ row: StreamRow, _ now: Timestamp) -> Double? {
        switch name {
        case "rate": return row.bitRate(at: now).map { $0 / 1_000_000 }
        case "age": return row.age(at: now).map { Double($0) / 1000 }
        case "lag":
            guard case .milliseconds(let lag)? = row.lag(at: now) else { return nil }
            return Double(lag) / 1000
        default: return row.statistics.readers.map(Double.init)
        }
    }
}

extension StreamRow.State {
    /// The word of the list for it.
    package var word: String {
        switch self {
        case .live: "live"
        case .idle: "idle"
        case .off: "off"
        case .new: "new"
        case .edit: "edit"
        case .delete: "delete"
        case .error: "error"
        }
    }
}
