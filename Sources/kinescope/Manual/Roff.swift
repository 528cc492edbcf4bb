/// Text for a manual page, made safe for the formatter.
struct Roff {
    private(set) var text = ""

    /// Adds lines as they are: requests and macros.
    mutating func line(_ lines: String...) {
        for line in lines { text += line + "\n" }
    }

    /// Begins a section.
    mutating func section(_ title: String, _ lines: String...) {
        line(".Sh \(title)")
        for line in lines { self.line(line) }
    }

    /// Adds a paragraph.
    mutating func text(_ words: String) {
        guard !words.isEmpty else { return }
        line(Self.escaped(words.split(separator: "\n").joined(separator: " ")))
    }

    /// Adds lines that keep their shape.
    mutating func literal(_ words: String) {
        line(".Bd -literal")
        for part in words.split(separator: "\n", omittingEmptySubsequences: false) {
            line(Self.escaped(String(part)))
        }
        line(".Ed")
    }

    /// Adds an item of a list of terms.
    mutating func item(_ term: String, _ words: String) {
        line(".It Sy \(Self.quoted(term))")
        text(words)
    }

    /// A text whose backslashes and leading dots the formatter would take for its own.
    static func escaped(_ text: String) -> String {
        let text = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
        return text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" + text : text
    }

    /// An argument of a macro that is one word whatever is in it, and is no macro itself.
    static func quoted(_ text: String) -> String {
        "\"\\&" + escaped(text).replacing("\"", with: "\\(dq") + "\""
    }
}
