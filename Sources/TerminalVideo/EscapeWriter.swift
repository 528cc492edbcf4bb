/// The terminal's pens and cursor while one frame is written, and the bytes that move them.
///
/// Borrows the buffer it writes to, which must hold `bound(cells:)` bytes. Stores go eight bytes at a time where fewer
/// count, which a table of digits makes three times faster than a byte at a time.
struct EscapeWriter {
    private let depth: ColorDepth
    /// True where the terminal repeats a glyph on demand (ECMA-48 REP).
    private let repeats: Bool
    /// How near a colour must be to stand for another in the cell that is written.
    private var penTolerance: UInt64 = 0
    /// True where a colour may lie between those of two cells: in a picture that rests it would be set right once more.
    private var sharesPens = false
    private let numbers: UnsafePointer<UInt32>
    private var out: UnsafeMutablePointer<UInt8>
    private var foreground = noPen
    private var background = noPen
    /// Where the next glyph goes, from 0; the column is `columns` of the screen or more when a wrap is pending.
    private var row = -1
    private var column = 0

    /// No colour of any depth.
    private static let noPen = UInt32.max

    /// Begins a frame at the start of a buffer, with the table of `numbers`.
    init(
        depth: ColorDepth,
        repeats: Bool = false,
        at start: UnsafeMutablePointer<UInt8>,
        numbers: UnsafePointer<UInt32>
    ) {
        self.depth = depth
        self.repeats = repeats
        self.numbers = numbers
        out = start
    }

    /// Bytes a frame can need: 36 for two colours, 3 for a glyph, 22 for a place, and room for whole words.
    static func bound(cells: Int) -> Int {
        64 * cells + 64
    }

    func count(from start: UnsafeMutablePointer<UInt8>) -> Int {
        out - start
    }
}

// MARK: - Cells

extension EscapeWriter {
    /// Writes the cells that differ and records what the terminal shows afterwards.
    ///
    /// - Parameters:
    ///   - shown: What the terminal shows.
    ///   - wanted: What it should show, row by row; with the row before and after it where there are any.
    ///   - columns: Cells in a row.
    ///   - rows: Rows.
    ///   - origin: Place of the first cell.
    ///   - judge: Tells which differences stay.
    mutating func writeDifference(
        from shown: UnsafeMutablePointer<UInt64>,
        to wanted: UnsafePointer<UInt64>,
        columns: Int,
        rows: Int,
        origin: CellPosition,
        judge: inout DifferenceJudge
    ) {
        sharesPens = judge.isBusy
        for line in 0..<rows {
            let start = line * columns
            var index = start
            while index < start + columns {
                defer { index += 1 }
                let code = wanted[index]
                if code == shown[index] || shown[index] == ANSIEncoder.covered { continue }
                guard let pen = judge.penTolerance(for: code, over: shown[index], at: index, of: wanted)
                else {
                    continue
                }
                penTolerance = UInt64(pen)
                let column = index - start
                move(toRow: origin.row + line, column: origin.column + column, over: shown + index)
                let isLast = index + 1 == start + columns
                let next = isLast || wanted[index + 1] == shown[index + 1] ? code : wanted[index + 1]
                shown[index] = put(code, before: next)
                self.column += 1
                if repeats, !isLast {
                    let room = start + columns - index - 1
                    index += repeatGlyph(over: shown + index, as: wanted + index, room: room)
                }
            }
        }
    }

    /// Has the terminal repeat the glyph just written over the cells behind it that are to show the same.
    ///
    /// - Parameters:
    ///   - shown: What the terminal shows at that cell and behind it.
    ///   - wanted: What it should show there.
    ///   - room: Cells behind it in its row.
    /// - Returns: How many cells were written; none where their own glyphs are no longer than the order.
    private mutating func repeatGlyph(
        over shown: UnsafeMutablePointer<UInt64>,
        as wanted: UnsafePointer<UInt64>,
        room: Int
    ) -> Int {
        var count = 0
        while count < room, wanted[count + 1] == wanted[0], shown[count + 1] != wanted[0],
            shown[count + 1] != ANSIEncoder.covered
        { count += 1 }
        // A blank or a character is one byte, a block three.
        let glyph = (out - 1).pointee < 0x80 ? 1 : 3
        guard count * glyph > 3 + Self.digits(count) else { return 0 }
        write(control: count, final: UInt8(ascii: "b"))
        for place in 1...count { shown[place] = shown[0] }
        column += count
        return count
    }

    /// Writes one cell with the pens that need least change; returns the colours it now has.
    ///
    /// `next` is the cell that follows: a pen that has to change takes a colour that does for both where there is one.
    @inline(__always)
    private mutating func put(_ code: UInt64, before next: UInt64) -> UInt64 {
        let top = UInt32(truncatingIfNeeded: code)
        let bottom = UInt32(truncatingIfNeeded: code >> 32)
        if depth == .none {
            write(byte: UInt8(truncatingIfNeeded: top))
            return code
        }
        if matches(top, bottom) { return putSolid(top, bottom) }
        let upper = (foreground: matches(foreground, top), background: matches(background, bottom))
        let lower = (foreground: matches(foreground, bottom), background: matches(background, top))
        if Self.count(lower) > Self.count(upper) {
            setPens(
                foreground: lower.foreground ? nil : shared(bottom, next >> 32),
                background: lower.background ? nil : shared(top, next)
            )
            write(glyph: .lowerHalf)
            return UInt64(background) | UInt64(foreground) << 32
        }
        setPens(
            foreground: upper.foreground ? nil : shared(top, next),
            background: upper.background ? nil : shared(bottom, next >> 32)
        )
        write(glyph: .upperHalf)
        return UInt64(foreground) | UInt64(background) << 32
    }

    /// The colour halfway to that of the next cell, where it is near enough to both; else the colour itself.
    @inline(__always)
    private func shared(_ color: UInt32, _ next: UInt64) -> UInt32 {
        let other = UInt32(truncatingIfNeeded: next)
        guard sharesPens, penTolerance > 0, color != other,
            Self.isNear(UInt64(color), UInt64(other), 2 * penTolerance)
        else { return color }
        return Self.mean(color, other)
    }

    @inline(__always)
    private mutating func putSolid(_ top: UInt32, _ bottom: UInt32) -> UInt64 {
        if !(matches(background, top) && matches(background, bottom)) {
            if matches(foreground, top) && matches(foreground, bottom) {
                write(glyph: .full)
                return UInt64(foreground) | UInt64(foreground) << 32
            }
            setPens(foreground: nil, background: top == bottom ? top : Self.mean(top, bottom))
        }
        write(byte: UInt8(ascii: " "))
        return UInt64(background) | UInt64(background) << 32
    }

    private static func count(_ kept: (foreground: Bool, background: Bool)) -> Int {
        (kept.foreground ? 1 : 0) + (kept.background ? 1 : 0)
    }

    @inline(__always)
    private func matches(_ pen: UInt32, _ color: UInt32) -> Bool {
        pen == color || (penTolerance > 0 && Self.isNear(UInt64(pen), UInt64(color), penTolerance))
    }

    /// True where no byte of the two differs by more than `tolerance`.
    @inline(__always)
    static func isNear(_ first: UInt64, _ second: UInt64, _ tolerance: UInt64) -> Bool {
        let a = unsafeBitCast(first, to: SIMD8<UInt8>.self)
        let b = unsafeBitCast(second, to: SIMD8<UInt8>.self)
        let difference = pointwiseMax(a, b) &- pointwiseMin(a, b)
        let limit = SIMD8<UInt8>(repeating: UInt8(truncatingIfNeeded: tolerance))
        return unsafeBitCast(pointwiseMax(difference, limit), to: UInt64.self)
            == unsafeBitCast(limit, to: UInt64.self)
    }

    /// Mean of each of the four bytes, rounded down, without carry from one to the next.
    private static func mean(_ first: UInt32, _ second: UInt32) -> UInt32 {
        (first & second) &+ (((first ^ second) & 0xFEFE_FEFE) >> 1)
    }
}

// MARK: - Blocks

extension EscapeWriter {
    /// Writes a cell of blocks, as it is or with colours and blocks exchanged, whichever needs fewer new pens.
    ///
    /// - Parameters:
    ///   - cell: Blocks and colours.
    ///   - full: The set of all blocks.
    ///   - penTolerance: How near a colour must be to stand for another.
    ///   - glyphs: UTF-8 of the character for each set.
    /// - Returns: What the terminal shows now.
    mutating func put(
        _ cell: BlockCell,
        full: UInt8,
        penTolerance: UInt64,
        glyphs: [(bytes: UInt32, count: Int)]
    ) -> BlockCell {
        self.penTolerance = penTolerance
        var cell = cell
        if cell.set == 0 { cell.foreground = foreground }
        if cell.set == full {
            (cell.set, cell.background, cell.foreground) = (0, cell.foreground, foreground)
        }
        let asIs = Self.count((matches(foreground, cell.foreground), matches(background, cell.background)))
        let exchanged = Self.count(
            (matches(foreground, cell.background), matches(background, cell.foreground))
        )
        if exchanged > asIs, cell.set != 0 || matches(foreground, cell.background) {
            cell = BlockCell(
                set: ~cell.set & full,
                foreground: cell.background,
                background: cell.foreground
            )
            if cell.set == full { cell.background = background }
        }
        setPens(
            foreground: matches(foreground, cell.foreground) ? nil : cell.foreground,
            background: matches(background, cell.background) ? nil : cell.background
        )
        let glyph = glyphs[Int(cell.set)]
        store(UInt64(glyph.bytes), count: glyph.count)
        column += 1
        return BlockCell(set: cell.set, foreground: foreground, background: background)
    }

    /// Moves to a cell by the fewest bytes, without writing cells again.
    mutating func move(toRow newRow: Int, column newColumn: Int) {
        if newRow == row {
            let gap = newColumn - column
            if gap > 0 { write(control: gap == 1 ? nil : gap, final: UInt8(ascii: "C")) }
        } else {
            writeAddress(row: newRow + 1, column: newColumn + 1)
        }
        (row, column) = (newRow, newColumn)
    }
}

// MARK: - Cursor

extension EscapeWriter {
    /// Moves to a cell by the fewest bytes.
    ///
    /// `shown` is what the terminal shows at that cell; what is left of it in the row may be written once more where
    /// that is no longer than a jump.
    private mutating func move(
        toRow newRow: Int,
        column newColumn: Int,
        over shown: UnsafeMutablePointer<UInt64>
    ) {
        if newRow == row {
            let gap = newColumn - column
            guard gap > 0 else { return }
            column = newColumn
            let jump = gap == 1 ? 3 : 3 + Self.digits(gap)
            if repeats(shown - gap, count: gap, within: jump) { return }
            return write(control: gap == 1 ? nil : gap, final: UInt8(ascii: "C"))
        }
        let address = 3 + Self.digits(newRow + 1) + (newColumn > 0 ? 1 + Self.digits(newColumn + 1) : 0)
        let advance = newColumn == 0 ? 0 : newColumn == 1 ? 3 : 3 + Self.digits(newColumn)
        if row >= 0, newRow == row + 1, 2 + advance < address {
            write(byte: UInt8(ascii: "\r"))
            write(byte: UInt8(ascii: "\n"))
            if newColumn > 0 { write(control: newColumn == 1 ? nil : newColumn, final: UInt8(ascii: "C")) }
        } else {
            writeAddress(row: newRow + 1, column: newColumn + 1)
        }
        (row, column) = (newRow, newColumn)
    }

    /// Writes cells again that stay as they are, with the pens as they are; false, and nothing written, where that
    /// would take another pen or more than `limit` bytes.
    private mutating func repeats(_ cells: UnsafeMutablePointer<UInt64>, count: Int, within limit: Int)
        -> Bool
    {
        guard count <= limit else { return false }
        let start = out
        for index in 0..<count {
            let top = UInt32(truncatingIfNeeded: cells[index])
            let bottom = UInt32(truncatingIfNeeded: cells[index] >> 32)
            if depth == .none {
                write(byte: UInt8(truncatingIfNeeded: top))
            } else if top == background, bottom == background {
                write(byte: UInt8(ascii: " "))
            } else if top == foreground, bottom == background {
                write(glyph: .upperHalf)
            } else if top == background, bottom == foreground {
                write(glyph: .lowerHalf)
            } else if top == foreground, bottom == foreground {
                write(glyph: .full)
            } else {
                out = start
                return false
            }
        }
        guard out - start <= limit else {
            out = start
            return false
        }
        return true
    }

    private static func digits(_ number: Int) -> Int {
        number < 10 ? 1 : number < 100 ? 2 : number < 1000 ? 3 : number < 10_000 ? 4 : 5
    }
}

// MARK: - Bytes

extension EscapeWriter {
    /// UTF-8 of a glyph, first byte lowest.
    private enum Glyph: UInt32 {
        case upperHalf = 0x80_96E2
        case lowerHalf = 0x84_96E2
        case full = 0x88_96E2
    }

    /// `0;` to `255;`, first byte lowest: a number and the separator in one store.
    static let numbers: [UInt32] = (0...255).map { number in
        var word: UInt32 = 0
        for byte in "\(number);".utf8.reversed() { word = word << 8 | UInt32(byte) }
        return word
    }

    @inline(__always)
    private mutating func setPens(foreground newForeground: UInt32?, background newBackground: UInt32?) {
        guard newForeground != nil || newBackground != nil else { return }
        write(byte: 0x1B)
        write(byte: UInt8(ascii: "["))
        if let newForeground {
            foreground = newForeground
            writeColor(newForeground, isBackground: false)
        }
        if let newBackground {
            background = newBackground
            writeColor(newBackground, isBackground: true)
        }
        (out - 1).pointee = UInt8(ascii: "m")
    }

    /// Writes the parameters of a colour, each with a separator behind it.
    @inline(__always)
    private mutating func writeColor(_ color: UInt32, isBackground: Bool) {
        switch depth {
        case .truecolor:
            // "38;2;" and "48;2;"
            store(isBackground ? 0x3B_323B_3834 : 0x3B_323B_3833, count: 5)
            write(parameter: color & 0xFF)
            write(parameter: color >> 8 & 0xFF)
            write(parameter: color >> 16 & 0xFF)
        case .palette256:
            // "38;5;" and "48;5;"
            store(isBackground ? 0x3B_353B_3834 : 0x3B_353B_3833, count: 5)
            write(parameter: color & 0xFF)
        case .palette16:
            let base: UInt32 = color < 8 ? 30 : 82
            write(parameter: base + color + (isBackground ? 10 : 0))
        case .none:
            break
        }
    }

    @inline(__always)
    private mutating func write(parameter: UInt32) {
        UnsafeMutableRawPointer(out).storeBytes(of: numbers[Int(parameter)], as: UInt32.self)
        out += 2 + (parameter > 9 ? 1 : 0) + (parameter > 99 ? 1 : 0)
    }

    private mutating func write(control number: Int?, final: UInt8) {
        write(byte: 0x1B)
        write(byte: UInt8(ascii: "["))
        if let number { write(decimal: number) }
        write(byte: final)
    }

    private mutating func writeAddress(row: Int, column: Int) {
        write(byte: 0x1B)
        write(byte: UInt8(ascii: "["))
        write(decimal: row)
        if column > 1 {
            write(byte: UInt8(ascii: ";"))
            write(decimal: column)
        }
        write(byte: UInt8(ascii: "H"))
    }

    private mutating func write(decimal number: Int) {
        let count = Self.digits(number)
        var rest = number
        for index in (0..<count).reversed() {
            out[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        out += count
    }

    private mutating func write(glyph: Glyph) {
        UnsafeMutableRawPointer(out).storeBytes(of: glyph.rawValue, as: UInt32.self)
        out += 3
    }

    private mutating func write(byte: UInt8) {
        out.pointee = byte
        out += 1
    }

    private mutating func store(_ word: UInt64, count: Int) {
        UnsafeMutableRawPointer(out).storeBytes(of: word, as: UInt64.self)
        out += count
    }
}
