import TerminalScreen

/// Parts that all screens share: title, fault, footer, prompt.
struct ChromeView {
    let state: MonitorState
    let theme: Theme

    /// A run of text in a role.
    typealias Run = (text: String, style: Style)

    /// Which of the texts for the right, the longest first, leaves room for the runs on the left; the last at
    /// worst.
    static func fitting(_ right: [String], beside left: [Run], columns: Int) -> String {
        let width = left.reduce(0) { $0 + $1.text.unicodeScalars.count }
        return right.first { 1 + width + 2 + $0.unicodeScalars.count + 1 <= columns } ?? right.last ?? ""
    }

    /// Runs on the left, text on the right, which ends one column before the edge and wins where both meet.
    func title(left: [Run], right: [String], row: Int, in buffer: inout ScreenBuffer) {
        let right = Self.fitting(right, beside: left, columns: buffer.size.columns)
        let end = buffer.size.columns - 1
        let start = max(0, end - right.unicodeScalars.count)
        var column = 1
        for run in left {
            column = buffer.put(
                run.text,
                row: row,
                column: column,
                style: run.style,
                limit: start - 1 - column
            )
        }
        buffer.putRight(right, row: row, end: end, style: theme[.dim], start: min(start, end))
    }

    /// One row on a lasting fault, or on one that playback has found a way round.
    func fault(_ text: String, isWarning: Bool = false, row: Int, in buffer: inout ScreenBuffer) {
        buffer.put(
            "\(isWarning ? "⚠" : "✕") \(text)",
            row: row,
            column: 1,
            style: theme[isWarning ? .warning : .error],
            limit: buffer.size.columns - 2
        )
    }

    /// The keys that work, or the line being typed.
    func footer(row: Int, in buffer: inout ScreenBuffer) {
        if let prompt = state.prompt {
            let column = buffer.put(prompt.purpose.label, row: row, column: 1, style: theme[.accent])
            // The end of a long text is what is being typed.
            let room = max(1, buffer.size.columns - column - 2)
            let end = buffer.put(
                String(prompt.text.suffix(room)),
                row: row,
                column: column,
                style: theme[.text]
            )
            buffer.put("▏", row: row, column: end, style: theme[.focus])
            return
        }
        for item in state.footer.items {
            let column = buffer.put(item.keys, row: row, column: item.column, style: theme[.accent])
            buffer.put(item.words, row: row, column: column + 1, style: theme[.dim])
        }
    }

    /// What a screen says that is too small for anything else.
    static func tooSmall(_ state: MonitorState, theme: Theme, in buffer: inout ScreenBuffer) {
        let (needed, size) = (PlayerLayout.smallest, state.size)
        let text = "needs \(needed.columns)×\(needed.rows) · is \(size.columns)×\(size.rows) · q quits"
        buffer.put(text, row: 0, column: size.columns > text.count ? 1 : 0, style: theme[.warning])
    }
}
