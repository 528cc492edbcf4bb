/// What the beginning of a buffer of terminal input is.
enum InputSequence {
    /// More bytes are needed.
    case incomplete
    /// A paste follows after so many bytes.
    case pasteBegins(count: Int)
    /// An event, or nothing of interest, in so many bytes.
    case complete(InputEvent?, count: Int)

    /// Reads the first key, report or character; `bytes` is not empty.
    static func read(_ bytes: [UInt8]) -> InputSequence {
        guard bytes[0] == 0x1B else { return readCharacter(bytes[...], modifiers: []) }
        guard bytes.count > 1 else { return .incomplete }
        switch bytes[1] {
        case UInt8(ascii: "["): return readControlSequence(bytes)
        case UInt8(ascii: "O"): return readApplicationKey(bytes)
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"): return readString(bytes)
        case 0x1B: return .complete(.key(KeyPress(.escape)), count: 1)
        default: return readCharacter(bytes.dropFirst(), modifiers: .alt)
        }
    }

    // MARK: Characters

    private static func readCharacter(_ bytes: ArraySlice<UInt8>, modifiers: KeyPress.Modifiers)
        -> InputSequence
    {
        let first = bytes[bytes.startIndex]
        guard first >= 0x80 else {
            return .complete(.key(asciiKey(first, modifiers)), count: bytes.startIndex + 1)
        }
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        let body = bytes.prefix(length)
        guard (0xC2...0xF4).contains(first), body.dropFirst().allSatisfy({ $0 & 0xC0 == 0x80 }) else {
            return .complete(nil, count: bytes.startIndex + 1)
        }
        guard body.count == length else { return .incomplete }
        let text = String(decoding: body, as: UTF8.self)
        guard text.unicodeScalars.count == 1, let character = text.first, character != "\u{FFFD}" else {
            return .complete(nil, count: bytes.startIndex + length)
        }
        return .complete(.key(KeyPress(character, modifiers)), count: bytes.startIndex + length)
    }

    private static func asciiKey(_ byte: UInt8, _ modifiers: KeyPress.Modifiers) -> KeyPress {
        switch byte {
        case 0x09: KeyPress(.tab, modifiers)
        case 0x0A, 0x0D: KeyPress(.enter, modifiers)
        case 0x08, 0x7F: KeyPress(.backspace, modifiers)
        case 0x00: KeyPress(" ", modifiers.union(.control))
        case 0x01...0x1A:
            KeyPress(Character(Unicode.Scalar(byte + 0x60)), modifiers.union(.control))
        case 0x1B...0x1F:
            KeyPress(Character(Unicode.Scalar(byte + 0x40)), modifiers.union(.control))
        default: KeyPress(Character(Unicode.Scalar(byte)), modifiers)
        }
    }

    // MARK: Sequences

    /// `ESC O x`, the arrows of a keypad in application mode.
    private static func readApplicationKey(_ bytes: [UInt8]) -> InputSequence {
        guard bytes.count > 2 else { return .incomplete }
        return .complete(cursorKey(bytes[2]).map { .key(KeyPress($0)) }, count: 3)
    }

    /// `ESC ] ... BEL` and the like: replies that nobody asked for.
    private static func readString(_ bytes: [UInt8]) -> InputSequence {
        for index in 2..<max(2, bytes.count) {
            if bytes[index] == 0x07 { return .complete(nil, count: index + 1) }
            if bytes[index] == UInt8(ascii: "\\"), bytes[index - 1] == 0x1B, index > 2 {
                return .complete(nil, count: index + 1)
            }
        }
        return .incomplete
    }

    private static func readControlSequence(_ bytes: [UInt8]) -> InputSequence {
        guard let end = bytes.dropFirst(2).firstIndex(where: { !(0x20...0x3F).contains($0) }) else {
            return .incomplete
        }
        let final = bytes[end]
        // Anything but a final byte breaks the sequence off; it begins something of its own.
        guard (0x40...0x7E).contains(final) else { return .complete(nil, count: end) }
        // The Linux console sends its first function keys as ESC [ [ A to E.
        if final == UInt8(ascii: "["), end == 2 {
            guard bytes.count > 3 else { return .incomplete }
            let number = Int(bytes[3]) - 0x40
            let key = (1...5).contains(number) ? InputEvent.key(KeyPress(.function(number))) : nil
            return .complete(key, count: 4)
        }
        let parameters = String(decoding: bytes[2..<end], as: UTF8.self)
        if final == UInt8(ascii: "~"), parameters == "200" { return .pasteBegins(count: end + 1) }
        return .complete(event(parameters, final: final), count: end + 1)
    }

    private static func event(_ parameters: String, final: UInt8) -> InputEvent? {
        if parameters.hasPrefix("<") {
            return mouse(parameters.dropFirst(), isRelease: final == UInt8(ascii: "m"))
        }
        let numbers = parameters.split(separator: ";", omittingEmptySubsequences: false).map {
            ControlParameter.value(of: $0) ?? 0
        }
        let modifiers = modifiers(numbers.count > 1 ? numbers[1] : 1)
        switch final {
        case UInt8(ascii: "~"): return editKey(numbers.first ?? 0).map { .key(KeyPress($0, modifiers)) }
        case UInt8(ascii: "Z"): return .key(KeyPress(.tab, .shift))
        case UInt8(ascii: "u"): return unicodeKey(numbers.first ?? 0, modifiers)
        // A report of the cursor's place looks like F3 with a modifier: in the first row nobody asks for it.
        case UInt8(ascii: "R") where numbers.count == 2 && numbers[0] > 1 && numbers[1] > 0:
            return .cursorReport(row: numbers[0], column: numbers[1])
        case UInt8(ascii: "P"), UInt8(ascii: "Q"), UInt8(ascii: "R"), UInt8(ascii: "S"):
            guard numbers.first == 1 || parameters.isEmpty else { return nil }
            return cursorKey(final).map { .key(KeyPress($0, modifiers)) }
        default: return cursorKey(final).map { .key(KeyPress($0, modifiers)) }
        }
    }

    private static func modifiers(_ number: Int) -> KeyPress.Modifiers {
        KeyPress.Modifiers(rawValue: UInt8(clamping: number - 1) & 0b111)
    }

    private static func cursorKey(_ final: UInt8) -> KeyPress.Key? {
        switch final {
        case UInt8(ascii: "A"): .up
        case UInt8(ascii: "B"): .down
        case UInt8(ascii: "C"): .right
        case UInt8(ascii: "D"): .left
        case UInt8(ascii: "H"): .home
        case UInt8(ascii: "F"): .end
        case UInt8(ascii: "M"): .enter
        case UInt8(ascii: "P")...UInt8(ascii: "S"): .function(Int(final) - 0x4F)
        default: nil
        }
    }

    private static func editKey(_ number: Int) -> KeyPress.Key? {
        switch number {
        case 1, 7: .home
        case 2: .insert
        case 3: .delete
        case 4, 8: .end
        case 5: .pageUp
        case 6: .pageDown
        case 11...15: .function(number - 10)
        case 17...21: .function(number - 11)
        case 23, 24: .function(number - 12)
        default: nil
        }
    }

    private static func unicodeKey(_ code: Int, _ modifiers: KeyPress.Modifiers) -> InputEvent? {
        switch code {
        case 9: return .key(KeyPress(.tab, modifiers))
        case 13: return .key(KeyPress(.enter, modifiers))
        case 27: return .key(KeyPress(.escape, modifiers))
        case 127: return .key(KeyPress(.backspace, modifiers))
        case 32...0x10FFFF:
            guard let scalar = Unicode.Scalar(UInt32(code)) else { return nil }
            return .key(KeyPress(Character(scalar), modifiers))
        default: return nil
        }
    }

    /// `ESC [ < button ; column ; row M`, with `m` for a release.
    private static func mouse(_ parameters: Substring, isRelease: Bool) -> InputEvent? {
        let numbers = parameters.split(separator: ";").compactMap(ControlParameter.value)
        guard numbers.count == 3, numbers[1] > 0, numbers[2] > 0, let kind = kind(numbers[0], isRelease)
        else {
            return nil
        }
        let held = KeyPress.Modifiers(rawValue: UInt8(numbers[0] >> 2 & 0b111))
        return .mouse(MouseEvent(kind, row: numbers[2] - 1, column: numbers[1] - 1, modifiers: held))
    }

    private static func kind(_ code: Int, _ isRelease: Bool) -> MouseEvent.Kind? {
        if code & 64 != 0 { return code & 3 == 0 ? .wheelUp : code & 3 == 1 ? .wheelDown : nil }
        let button: MouseEvent.Button
        switch code & 3 {
        case 0: button = .left
        case 1: button = .middle
        case 2: button = .right
        default: return code & 32 != 0 ? .move : nil
        }
        if code & 32 != 0 { return .drag(button) }
        return isRelease ? .release(button) : .press(button)
    }
}
