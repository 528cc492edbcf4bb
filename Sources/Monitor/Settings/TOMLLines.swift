/// Finds the lines of keys in a TOML text, because its parser keeps no places.
///
/// ```
/// [screen]        line 1 is ["screen"]
/// fps = 30        line 2 is ["screen", "fps"]
/// keys.q = "x"    line 3 is ["screen", "keys", "q"]
/// ```
struct TOMLLines {
    private var lines: [(path: [String], number: Int)] = []

    /// Reads a text; one that is no TOML has lines all the same.
    init(_ text: String) {
        var table: [String] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = line.drop { $0 == " " || $0 == "\t" }
            if line.hasPrefix("[") {
                table = Self.path(line.drop { $0 == "[" }.prefix { $0 != "]" })
                lines.append((table, index + 1))
            } else if !line.hasPrefix("#"), let end = Self.equalsSign(in: line) {
                lines.append((table + Self.path(line[..<end]), index + 1))
            }
        }
    }

    /// The first line that sets a key, or a table around it; nil where there is none.
    func line(of path: [String]) -> Int? {
        for length in stride(from: path.count, to: 0, by: -1) {
            let part = Array(path.prefix(length))
            if let line = lines.first(where: { $0.path == part }) { return line.number }
        }
        return nil
    }

    /// The sign behind the key; one inside quotes belongs to the key.
    private static func equalsSign(in line: Substring) -> Substring.Index? {
        var isQuoted = false
        return line.indices.first { index in
            if line[index] == "\"" { isQuoted.toggle() }
            return line[index] == "=" && !isQuoted
        }
    }

    private static func path(_ text: Substring) -> [String] {
        var (parts, isQuoted) = ([""], false)
        for character in text where !character.isWhitespace || isQuoted {
            switch character {
            case "\"": isQuoted.toggle()
            case "." where !isQuoted: parts.append("")
            default: parts[parts.count - 1].append(character)
            }
        }
        return parts
    }
}
