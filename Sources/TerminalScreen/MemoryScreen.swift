/// A screen in memory: what would be seen, as text and style runs, and a script instead of a keyboard.
package final class MemoryScreen: Screen {
    /// Rows and columns.
    package var size: ScreenSize
    /// False lets frames be refused, as a slow terminal would.
    package var isReady = true
    /// What is said of the way to the terminal.
    package var link = OutputLink.Figures()
    /// Frames shown so far.
    package private(set) var frames: [ScreenFrame] = []
    /// What `takeLost` answers the next time.
    package var isLost = false
    /// How often everything was to be repainted.
    package private(set) var invalidations = 0
    /// How often the program was to be stopped.
    package private(set) var suspensions = 0
    /// True once the terminal has been given back.
    package private(set) var isClosed = false

    private var script: [[InputEvent]]

    /// Creates a screen; each call of `readInput` takes the next entry of the script, and throws behind its
    /// end.
    package init(size: ScreenSize, script: [[InputEvent]] = []) {
        self.size = size
        self.script = script
    }

    /// True once after `isLost` was set.
    package func takeLost() -> Bool {
        defer { isLost = false }
        return isLost
    }

    /// Keeps the frame.
    package func present(_ frame: ScreenFrame) throws(TerminalError) -> Int? {
        guard isReady else { return nil }
        frames.append(frame)
        return frame.picture.count
    }

    /// Counts the call.
    package func invalidate() {
        invalidations += 1
    }

    /// Takes the next entry of the script at once.
    package func readInput(timeout: Duration) throws(TerminalError) -> [InputEvent] {
        guard !script.isEmpty else { throw TerminalError(.inputEnded, "the script is over") }
        return script.removeFirst()
    }

    /// Counts the call.
    package func suspend() {
        suspensions += 1
    }

    /// Notes the call.
    package func close() {
        isClosed = true
    }
}

extension ScreenBuffer {
    /// The whole screen as lines of text, spaces at their ends cut.
    package var textDump: String {
        (0..<size.rows).map { row in
            var line = text(row: row)
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }

    /// The style runs of one row that differ from plain: first column, columns, style, in the row's order.
    package func styleRuns(row: Int) -> [(column: Int, count: Int, style: Style)] {
        var runs: [(column: Int, count: Int, style: Style)] = []
        for column in 0..<size.columns {
            let style = self[row, column].style
            if let last = runs.last, last.style == style, last.column + last.count == column {
                runs[runs.count - 1].count += 1
            } else if style != .plain {
                runs.append((column, 1, style))
            }
        }
        return runs
    }
}
