import Pixels

/// The cells of a terminal as `tmux capture-pane -e -p -N` writes them out.
struct ScreenCapture: Sendable {
    /// One cell: its character and both colours, nil for the terminal's own.
    struct Cell: Sendable, Hashable {
        var character: Character
        var foreground: RGBColor?
        var background: RGBColor?
    }

    /// The cells, row by row; a row ends where nothing was ever written behind.
    let cells: [[Cell]]

    /// Takes what tmux wrote: text, and colours as SGR sequences.
    init(_ output: String) {
        var pen = Pen()
        cells = output.split(separator: "\n", omittingEmptySubsequences: false).map { pen.row(of: $0) }
    }

    private init(cells: [[Cell]]) {
        self.cells = cells
    }

    /// A part of the screen, in rows and columns from 0.
    func part(rows: Range<Int>, columns: Range<Int>) -> ScreenCapture {
        ScreenCapture(
            cells: cells.indices.filter(rows.contains).map { row in
                Array(
                    cells[row].indices.contains(columns.lowerBound)
                        ? cells[row][columns.clamped(to: cells[row].indices)] : []
                )
            }
        )
    }

    /// The rows as text, without the spaces at their ends.
    var rows: [String] {
        cells.map { row in
            var text = String(row.map(\.character))
            while text.last == " " { text.removeLast() }
            return text
        }
    }

    /// One row as text; empty below the screen.
    func row(_ index: Int) -> String {
        rows.indices.contains(index) ? rows[index] : ""
    }

    /// The first row.
    var title: String { row(0) }

    /// The last row that is not empty.
    var footer: String { rows.last { !$0.isEmpty } ?? "" }

    /// The first row that contains a text.
    func row(containing text: String) -> String? {
        rows.first { $0.contains(text) }
    }
}

/// The state of a terminal between two cells.
private struct Pen {
    private var foreground: RGBColor?
    private var background: RGBColor?

    mutating func row(of line: Substring) -> [ScreenCapture.Cell] {
        var cells: [ScreenCapture.Cell] = []
        var rest = line
        while let character = rest.first {
            if character == "\u{1B}", let end = rest.firstIndex(of: "m") {
                apply(rest[..<end].dropFirst(2))
                rest = rest[rest.index(after: end)...]
            } else {
                cells.append(.init(character: character, foreground: foreground, background: background))
                rest = rest.dropFirst()
            }
        }
        return cells
    }

    /// Understands 24-bit colours and their reset; other attributes do not matter to pictures.
    private mutating func apply(_ parameters: Substring) {
        var numbers = parameters.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }[
            ...
        ]
        while let number = numbers.popFirst() {
            switch number {
            case 0: (foreground, background) = (nil, nil)
            case 38: foreground = Self.color(&numbers)
            case 48: background = Self.color(&numbers)
            case 30...37, 39, 90...97: foreground = nil
            case 40...47, 49, 100...107: background = nil
            default: break
            }
        }
    }

    private static func color(_ numbers: inout ArraySlice<Int>) -> RGBColor? {
        guard numbers.popFirst() == 2 else {
            _ = numbers.popFirst()
            return nil
        }
        let values = numbers.prefix(3).map { UInt32(clamping: $0) & 0xFF }
        numbers = numbers.dropFirst(3)
        return values.count == 3 ? RGBColor(values[0] << 16 | values[1] << 8 | values[2]) : nil
    }
}
