public import Pixels

/// A terminal that understands exactly what pictures may be written with, and refuses everything else.
///
/// A cell holds its glyph and pens; `halves` tells the colours it shows. Sixels and kitty's graphics end up in
/// `pixels`, over the cells.
public struct TerminalModel {
    /// A colour of a cell.
    public enum Pen: Hashable, Sendable {
        /// The terminal's own.
        case initial
        /// One of 24 bits.
        case direct(RGBColor)
        /// One of the palette.
        case indexed(Int)
    }

    /// What a cell shows.
    public struct Glyph: Hashable, Sendable {
        /// The character.
        public var scalar: Unicode.Scalar = " "
        /// Its colour.
        public var foreground = Pen.initial
        /// The colour behind it.
        public var background = Pen.initial

        /// A blank in the terminal's own colours.
        public init() {}

        init(scalar: Unicode.Scalar, foreground: Pen, background: Pen) {
            (self.scalar, self.foreground, self.background) = (scalar, foreground, background)
        }
    }

    /// The model was sent what no frame may hold.
    public struct Refusal: Error {
        let text: String
    }

    /// Cells in a row.
    public let columns: Int
    /// Rows of cells.
    public let rows: Int
    /// Size of a cell in pixels.
    public let cell: PixelSize
    /// The cells, row by row.
    public private(set) var glyphs: [Glyph]
    /// The pixels that were drawn over the cells; black where none were.
    public internal(set) var pixels: RGBImage
    /// Where kitty's pictures lie, by their numbers.
    public internal(set) var placements: [Int: PixelRect] = [:]
    /// Characters of a picture of kitty's that is not complete.
    var transfer: (keys: [String: Int], text: [UInt8])?
    private(set) var row = 0
    private(set) var column = 0
    private var foreground = Pen.initial
    private var background = Pen.initial
    /// True while nothing has come since the last glyph.
    private var isBehindGlyph = false

    /// Creates an empty screen.
    public init(columns: Int, rows: Int, cell: PixelSize = PixelSize(width: 1, height: 2)) {
        (self.columns, self.rows, self.cell) = (columns, rows, cell)
        pixels = RGBImage(size: PixelSize(width: columns * cell.width, height: rows * cell.height))
        glyphs = [Glyph](repeating: Glyph(), count: columns * rows)
    }

    /// Colours of the upper and lower half of a cell.
    public func halves(column: Int, row: Int) -> (top: Pen, bottom: Pen) {
        let glyph = glyphs[row * columns + column]
        return switch glyph.scalar {
        case "▀": (glyph.foreground, glyph.background)
        case "▄": (glyph.background, glyph.foreground)
        case "█": (glyph.foreground, glyph.foreground)
        default: (glyph.background, glyph.background)
        }
    }

    /// The character of a cell.
    public func scalar(column: Int, row: Int) -> Unicode.Scalar {
        glyphs[row * columns + column].scalar
    }

    /// What chrome does between two frames: other pens, another place.
    public mutating func disturb() {
        (foreground, background) = (.indexed(1), .indexed(2))
        (row, column) = (rows - 1, columns / 2)
    }

    /// Takes the bytes of whole frames.
    ///
    /// - Throws: `Refusal` at the first thing that it does not understand.
    public mutating func feed(_ bytes: [UInt8]) throws {
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
            isBehindGlyph = scalar.value >= 0x20
        }
    }

    private mutating func print(_ scalar: Unicode.Scalar) throws {
        guard scalar.value >= 0x20, column < columns, row < rows else {
            throw Refusal(text: "\(scalar) at column \(column), row \(row)")
        }
        glyphs[row * columns + column] = Glyph(scalar: scalar, foreground: foreground, background: background)
        column += 1
    }

    /// Prints the last character once more, where that is right before the cursor: REP after anything else is undefined.
    private mutating func printAgain() throws {
        guard isBehindGlyph else { throw Refusal(text: "REP behind no glyph") }
        try print(glyphs[row * columns + column - 1].scalar)
    }

    private mutating func control(_ rest: inout Substring.UnicodeScalarView) throws {
        let introducer = rest.popFirst()
        if introducer == "P" || introducer == "_" {
            let text = try string(&rest)
            return introducer == "P" ? try drawSixels(text) : try graphics(text)
        }
        guard introducer == "[" else { throw Refusal(text: "ESC without [, P or _") }
        var text = ""
        while let scalar = rest.popFirst() {
            guard !("0"..."9").contains(scalar), scalar != ";", scalar != "?" else {
                text.unicodeScalars.append(scalar)
                continue
            }
            let numbers = text.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
            switch scalar {
            case "H": (row, column) = (max(1, numbers[0]) - 1, max(1, numbers.count > 1 ? numbers[1] : 1) - 1)
            case "C": column += max(1, numbers[0])
            case "b": for _ in 0..<max(1, numbers[0]) { try printAgain() }
            case "m": try select(numbers)
            case "h" where text == "?2026", "l" where text == "?2026": break
            case "J" where text == "2": clear()
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
            case 0: (foreground, background) = (.initial, .initial)
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

    private mutating func clear() {
        glyphs = [Glyph](repeating: Glyph(), count: columns * rows)
        pixels = RGBImage(size: pixels.size)
        placements = [:]
    }

    /// What stands before the string terminator.
    private func string(_ rest: inout Substring.UnicodeScalarView) throws -> Substring.UnicodeScalarView {
        guard let end = rest.firstIndex(of: "\u{1B}"), rest[end...].dropFirst().first == "\\" else {
            throw Refusal(text: "a string without its end")
        }
        defer { rest = rest[end...].dropFirst(2) }
        return rest[..<end]
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
