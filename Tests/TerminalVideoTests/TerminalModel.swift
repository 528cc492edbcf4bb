import Pixels

/// A terminal that understands exactly what `ANSIEncoder` may send, and refuses everything else.
///
/// A cell holds its glyph and pens; `halves` tells the colours it shows.
struct TerminalModel {
    enum Pen: Hashable {
        case initial
        case direct(RGBColor)
        case indexed(Int)
    }

    struct Glyph: Hashable {
        var scalar: Unicode.Scalar = " "
        var foreground = Pen.initial
        var background = Pen.initial
    }

    struct Refusal: Error {
        let text: String
    }

    let columns: Int
    let rows: Int
    private(set) var glyphs: [Glyph]
    private var row = 0
    private var column = 0
    private var foreground = Pen.initial
    private var background = Pen.initial

    init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
        glyphs = [Glyph](repeating: Glyph(), count: columns * rows)
    }

    /// Colours of the upper and lower half of a cell.
    func halves(column: Int, row: Int) -> (top: Pen, bottom: Pen) {
        let glyph = glyphs[row * columns + column]
        return switch glyph.scalar {
        case "▀": (glyph.foreground, glyph.background)
        case "▄": (glyph.background, glyph.foreground)
        case "█": (glyph.foreground, glyph.foreground)
        default: (glyph.background, glyph.background)
        }
    }

    func scalar(column: Int, row: Int) -> Unicode.Scalar {
        glyphs[row * columns + column].scalar
    }

    /// What chrome does between two frames: other pens, another place.
    mutating func disturb() {
        (foreground, background) = (.indexed(1), .indexed(2))
        (row, column) = (rows - 1, columns / 2)
    }

    mutating func feed(_ bytes: [UInt8]) throws {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Refusal(text: "not UTF-8") }
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\u{1B}": try control(&rest)
            case "\r": column = 0
            case "\n":
                guard row + 1 < rows else { throw Refusal(text: "line feed scrolls") }
                row += 1
            default: try print(scalar)
            }
        }
    }

    private mutating func print(_ scalar: Unicode.Scalar) throws {
        guard scalar.value >= 0x20, column < columns, row < rows else {
            throw Refusal(text: "\(scalar) at column \(column), row \(row)")
        }
        glyphs[row * columns + column] = Glyph(scalar: scalar, foreground: foreground, background: background)
        column += 1
    }

    private mutating func control(_ rest: inout Substring.UnicodeScalarView) throws {
        guard rest.popFirst() == "[" else { throw Refusal(text: "ESC without [") }
        var text = ""
        while let scalar = rest.popFirst() {
            guard !("0"..."9").contains(scalar), scalar != ";" else {
                text.unicodeScalars.append(scalar)
                continue
            }
            let numbers = text.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
            switch scalar {
            case "H": (row, column) = (max(1, numbers[0]) - 1, max(1, numbers.count > 1 ? numbers[1] : 1) - 1)
            case "C": column += max(1, numbers[0])
            case "m": try select(numbers)
            default: throw Refusal(text: "CSI \(text)\(scalar)")
            }
            return
        }
        throw Refusal(text: "unfinished CSI \(text)")
    }

    private mutating func select(_ numbers: [Int]) throws {
        var rest = numbers[...]
        while let number = rest.popFirst() {
            switch number {
            case 38: foreground = try color(&rest)
            case 48: background = try color(&rest)
            case 30...37: foreground = .indexed(number - 30)
            case 90...97: foreground = .indexed(number - 82)
            case 40...47: background = .indexed(number - 40)
            case 100...107: background = .indexed(number - 92)
            default: throw Refusal(text: "SGR \(number)")
            }
        }
    }

    private func color(_ rest: inout ArraySlice<Int>) throws -> Pen {
        switch rest.popFirst() {
        case 2:
            guard rest.count >= 3, rest.prefix(3).allSatisfy((0...255).contains) else { break }
            let channels = rest.prefix(3).map { UInt8($0) }
            rest = rest.dropFirst(3)
            return .direct(RGBColor(red: channels[0], green: channels[1], blue: channels[2]))
        case 5:
            guard let index = rest.popFirst(), (0...255).contains(index) else { break }
            return .indexed(index)
        default: break
        }
        throw Refusal(text: "SGR colour \(rest)")
    }
}
