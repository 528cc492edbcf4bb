/// Reads a shared file line by line.
struct ProfileParser {
    let kind: ProfileFile.Kind
    private(set) var profiles: [String: Profile] = [:]
    private var section: String?
    private var settingIndent: Int?
    private var hasPrefixedDefault = false

    init(kind: ProfileFile.Kind) {
        self.kind = kind
    }

    mutating func read(_ line: Substring) {
        let indent = line.prefix(while: \.isWhitespace).count
        let content = Self.trimmed(line)
        guard let first = content.first, first != "#", first != ";" else { return }
        if first == "[", indent == 0 {
            open(content)
        } else {
            readSetting(content, indent: indent)
        }
    }

    private mutating func open(_ header: Substring) {
        settingIndent = nil
        section = header.firstIndex(of: "]").flatMap { profileName(header[..<$0].dropFirst()) }
        if let section, profiles[section] == nil { profiles[section] = Profile() }
    }

    /// Lines deeper than the setting above them belong to it (`s3 =` and what follows) and are no settings.
    private mutating func readSetting(_ content: Substring, indent: Int) {
        guard let section, settingIndent.map({ indent <= $0 }) ?? true else { return }
        let parts = content.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else { return }
        settingIndent = indent
        profiles[section]?[Self.trimmed(parts[0]).lowercased()] = Self.value(parts[1])
    }

    /// In the configuration file `[profile default]` outranks `[default]`, whichever comes first.
    private mutating func profileName(_ header: Substring) -> String? {
        let words = Self.trimmed(header).split(maxSplits: 1, whereSeparator: \.isWhitespace).map(Self.trimmed)
        switch (kind, words.count) {
        case (.credentials, 1...):
            return String(Self.trimmed(header))
        case (.configuration, 1) where words[0] == "default" && !hasPrefixedDefault:
            return "default"
        case (.configuration, 2) where words[0] == "profile":
            let name = Self.unquoted(words[1])
            if name == "default", !hasPrefixedDefault {
                hasPrefixedDefault = true
                profiles[name] = nil
            }
            return name
        default:
            return nil
        }
    }

    /// A comment behind a value starts with a space; without one, `#` and `;` are part of the value.
    private static func value(_ text: Substring) -> String {
        var end = text.startIndex
        var isAfterSpace = false
        while end < text.endIndex, !(isAfterSpace && (text[end] == "#" || text[end] == ";")) {
            isAfterSpace = text[end].isWhitespace
            end = text.index(after: end)
        }
        return String(trimmed(text[..<end]))
    }

    private static func trimmed(_ text: Substring) -> Substring {
        guard let last = text.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return text[...last].drop(while: \.isWhitespace)
    }

    private static func unquoted(_ name: Substring) -> String {
        let isQuoted = name.count >= 2 && (name.first == "\"" || name.first == "'") && name.first == name.last
        return String(isQuoted ? name.dropFirst().dropLast() : name)
    }
}
