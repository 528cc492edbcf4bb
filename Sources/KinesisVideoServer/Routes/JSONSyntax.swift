/// Tells whether bytes are one JSON text, down to its last byte.
///
/// A decoder looks only at what it is asked for, and more kindly than the grammar; a producer whose JSON is broken should
/// learn of it wherever the fault is. Source: RFC 8259.
struct JSONSyntax {
    private let bytes: [UInt8]
    private var place = 0

    /// Lists and objects inside of each other; what is deeper is refused.
    private static let depthLimit = 512

    /// Takes bytes of any kind.
    init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
    }

    /// True where the bytes are one JSON value and blanks around it, in UTF-8.
    var isValid: Bool {
        guard String(validating: bytes, as: UTF8.self) != nil else { return false }
        var reader = self
        guard reader.takeValue(depth: 0) else { return false }
        reader.skipBlanks()
        return reader.place == bytes.count
    }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipBlanks() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { place += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }

    private mutating func takeWord(_ word: String) -> Bool {
        guard bytes[place...].starts(with: word.utf8) else { return false }
        place += word.utf8.count
        return true
    }

    private mutating func takeValue(depth: Int) -> Bool {
        guard depth < Self.depthLimit else { return false }
        skipBlanks()
        switch next {
        case UInt8(ascii: "{"): return takeItems(until: "}") { $0.takeMember(depth) }
        case UInt8(ascii: "["): return takeItems(until: "]") { $0.takeValue(depth: depth + 1) }
        case UInt8(ascii: "\""): return takeString()
        case UInt8(ascii: "t"): return takeWord("true")
        case UInt8(ascii: "f"): return takeWord("false")
        case UInt8(ascii: "n"): return takeWord("null")
        default: return takeNumber()
        }
    }

    /// Takes an opening bracket, items with commas between them, and the closing bracket.
    private mutating func takeItems(until end: Unicode.Scalar, item: (inout Self) -> Bool) -> Bool {
        place += 1
        skipBlanks()
        if take(end) { return true }
        while item(&self) {
            skipBlanks()
            if take(end) { return true }
            guard take(",") else { return false }
        }
        return false
    }

    private mutating func takeMember(_ depth: Int) -> Bool {
        skipBlanks()
        guard takeString() else { return false }
        skipBlanks()
        return take(":") && takeValue(depth: depth + 1)
    }

    // MARK: Strings

    private mutating func takeString() -> Bool {
        guard take("\"") else { return false }
        while let byte = next {
            place += 1
            switch byte {
            case UInt8(ascii: "\""): return true
            case UInt8(ascii: "\\"): guard takeEscape() else { return false }
            case ..<0x20: return false
            default: continue
            }
        }
        return false
    }

    private mutating func takeEscape() -> Bool {
        guard let byte = next else { return false }
        place += 1
        guard byte == UInt8(ascii: "u") else { return "\"\\/bfnrt".utf8.contains(byte) }
        guard let unit = takeHexadecimal() else { return false }
        guard UTF16.isLeadSurrogate(unit) || UTF16.isTrailSurrogate(unit) else { return true }
        // Half a character is none.
        guard UTF16.isLeadSurrogate(unit), take("\\"), take("u"), let trail = takeHexadecimal() else {
            return false
        }
        return UTF16.isTrailSurrogate(trail)
    }

    private mutating func takeHexadecimal() -> UInt16? {
        let digits = bytes[place...].prefix(4)
        guard digits.count == 4, digits.allSatisfy({ UnicodeScalar($0).properties.isASCIIHexDigit }) else {
            return nil
        }
        place += 4
        return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    // MARK: Numbers

    private mutating func takeNumber() -> Bool {
        _ = take("-")
        // No zero ahead of other digits.
        guard take("0") || takeDigits() else { return false }
        if take("."), !takeDigits() { return false }
        guard take("e") || take("E") else { return true }
        _ = take("+") || take("-")
        return takeDigits()
    }

    private mutating func takeDigits() -> Bool {
        let start = place
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { place += 1 }
        return place > start
    }
}
