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

    private static let substitutes: [Unicode.Scalar: Unicode.Scalar] = [
        "▸": ">", "●": "*", "◌": "o", "○": "O", "◐": "@", "■": "#", "✕": "x", "…": "~", "–": "-", "−": "-",
        "━": "-", "═": "=", "┄": ".", "╎": "!", "┃": "|", "▶": ">", "›": ">", "‖": "\"", "─": "-", "│": "|",
        "▁": "_", "▂": ".", "▃": ",", "▄": "-", "▅": "=", "▆": "+", "▇": "*", "█": "#", "▏": "|", "≈": "~",
        "·": ".", "×": "x", "→": ">", "←": "<", "↑": "^", "↓": "v", "▲": "^", "▼": "v", "⇧": "^", "␣": "_",
        "⏎": "~", "▾": "v", "✓": "+", "⚠": "!", "½": "h",
        "░": ".", "▒": ":", "▓": "%", "≠": "!", "≥": ">", "±": "+",
    ]
}
