package import TerminalScreen

/// Which characters a screen may use.
///
/// Views draw in Unicode; where only ASCII will do, the finished cells are translated one by one, so that
/// nothing can be forgotten.
package enum Glyphs: String, Sendable, Hashable, CaseIterable {
    /// Everything.
    case unicode
    /// Nothing above 0x7E.
    case ascii

    /// Translates a finished screen.
    package func apply(to buffer: inout ScreenBuffer) {
        guard self == .ascii else { return }
        buffer.replaceCharacters { character in
            character.isASCII ? character : Self.substitutes[character] ?? "?"
        }
    }

    /// Names keys with the characters in use: `⇧←` is `Shift-Left` in ASCII.
    package func keys(_ label: String) -> String {
        guard self == .ascii else { return label }
        return label.reduce(into: "") { $0 += Self.keyNames[$1] ?? String($1) }
    }

    private static let keyNames: [Character: String] = [
        "⏎": "Enter", "␣": "Space", "⇧": "Shift-", "←": "Left", "→": "Right", "↑": "Up", "↓": "Down",
        "−": "-", "–": "-",
    ]

    private static let substitutes: [Unicode.Scalar: Unicode.Scalar] = [
        "▸": ">", "●": "*", "◌": "o", "○": "O", "◐": "@", "■": "#", "✕": "x", "…": "~", "–": "-", "−": "-",
        "━": "-", "═": "=", "┄": ".", "╎": "!", "┃": "|", "▶": ">", "›": ">", "‖": "\"", "─": "-", "│": "|",
        "▁": "_", "▂": ".", "▃": ",", "▄": "-", "▅": "=", "▆": "+", "▇": "*", "█": "#", "▏": "|", "≈": "~",
        "·": ".", "×": "x", "→": ">", "←": "<", "↑": "^", "↓": "v", "▲": "^", "▼": "v", "⇧": "^", "␣": "_",
        "⏎": "~", "▾": "v", "✓": "+", "⚠": "!", "½": "h",
        "░": ".", "▒": ":", "▓": "%", "≠": "!", "≥": ">", "±": "+",
    ]
}
