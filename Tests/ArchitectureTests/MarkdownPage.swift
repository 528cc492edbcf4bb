import Foundation

/// A document of the project: README or a page of the DocC catalog.
struct MarkdownPage {
    /// The folder of the catalog.
    static let catalog = "Sources/kinescope/Documentation.docc"

    let path: String
    private let lines: [String]
    /// The same lines without what stands in fenced blocks.
    private let prose: [String]
    /// Lines of fenced blocks, joined where they end in a backslash.
    private let code: [String]

    init(_ path: String) throws {
        try self.init(path, text: Checkout.text(path))
    }

    init(_ path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var (prose, code): ([String], [String]) = ([], [])
        var (isInside, continues) = (false, false)
        for line in lines {
            if line.trimmingCharacters(in: .whitespaces).hasPrefix("```") {
                (isInside, continues) = (!isInside, false)
            } else if !isInside {
                prose.append(line)
            } else {
                let part = continues ? code.removeLast() + line : line
                continues = part.hasSuffix("\\")
                code.append(continues ? String(part.dropLast()) : part)
            }
        }
        (self.prose, self.code) = (prose, code)
    }

    /// README and every page of the catalog.
    static func all() throws -> [MarkdownPage] {
        let pages = try Checkout.paths(below: catalog).filter { $0.hasSuffix(".md") }
        return try (["README.md"] + pages).map { try MarkdownPage($0) }
    }

    /// What stands between backticks in the prose.
    private var spans: [String] {
        prose.flatMap { line in line.matches(of: /`([^`]+)`/).map { String($0.1) } }
    }

    /// Calls of the program, word by word from its name on.
    var commands: [[String]] {
        (code + spans).flatMap { text in
            text.split(whereSeparator: { "|;&".contains($0) }).compactMap { Self.command(String($0)) }
        }
    }

    /// A call is the program's name, alone or behind `swift run`, with a prompt or settings ahead of it.
    private static func command(_ text: String) -> [String]? {
        let uncommented = text.split(separator: " #").first ?? ""
        var words = uncommented.split(separator: " ").map(String.init)[...]
        while let word = words.first, word == "$" || word.contains(/^[A-Z_]+=/) { words.removeFirst() }
        if words.starts(with: ["swift", "run"]) {
            words = words.drop { !$0.hasSuffix("kinescope") }
        }
        guard let name = words.first, name == "kinescope" || name.hasSuffix("/kinescope") else { return nil }
        return Array(words)
    }

    /// Targets of links in the prose; code spans hold none.
    var links: [String] {
        prose.flatMap { line in
            let text = line.replacing(/`[^`]*`/, with: "")
            return text.matches(of: /\]\(([^)\s]+)[^)]*\)/).map { String($0.1) }
                + text.matches(of: /<(doc:[^>]+)>/).map { String($0.1) }
        }
    }

    /// The names that headings have in links.
    var anchors: Set<String> {
        Set(
            prose.filter { $0.hasPrefix("#") }.map { heading in
                heading.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces).lowercased()
                    .filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_" }
                    .replacing(" ", with: "-")
            }
        )
    }

    /// Rows of tables whose first cell is a name in backticks: the name, then the other cells.
    var rows: [(name: String, cells: [String])] {
        prose.compactMap { line in
            guard line.hasPrefix("|") else { return nil }
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard let name = cells.first?.wholeMatch(of: /`(\w+)`/)?.1 else { return nil }
            return (String(name), Array(cells.dropFirst()))
        }
    }
}
