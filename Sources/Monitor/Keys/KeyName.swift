package import TerminalScreen

/// Keys as people write them: `x`, `Ctrl-Right`, `Shift-F5`, `g g`.
package enum KeyName {
    /// Reads keys that are pressed one after the other, with blanks between them.
    ///
    /// - Returns: nil where any of them is no key.
    package static func presses(_ text: String) -> [KeyPress]? {
        let presses = text.split(separator: " ").map(press)
        return presses.isEmpty || presses.contains(nil) ? nil : presses.compactMap { $0 }
    }

    private static func press(_ text: Substring) -> KeyPress? {
        var (rest, modifiers) = (text, KeyPress.Modifiers())
        while let (name, modifier) = modifiersByName.first(where: { rest.lowercased().hasPrefix($0.0) }) {
            guard rest.count > name.count else { break }
            rest = rest.dropFirst(name.count)
            modifiers.insert(modifier)
        }
        if rest.count == 1, let character = rest.first {
            // A control key has no case.
            let key = modifiers.contains(.control) ? Character(character.lowercased()) : character
            return KeyPress(key, modifiers)
        }
        let name = rest.lowercased()
        if let key = named[name] { return KeyPress(key, modifiers) }
        guard name.hasPrefix("f"), let number = Int(name.dropFirst()), (1...12).contains(number) else {
            return nil
        }
        return KeyPress(.function(number), modifiers)
    }

    private static let modifiersByName: [(String, KeyPress.Modifiers)] = [
        ("ctrl-", .control), ("shift-", .shift), ("alt-", .alt),
    ]

    private static let named: [String: KeyPress.Key] = [
        "up": .up, "down": .down, "left": .left, "right": .right, "home": .home, "end": .end,
        "pgup": .pageUp, "pgdn": .pageDown, "insert": .insert, "delete": .delete, "backspace": .backspace,
        "tab": .tab, "enter": .enter, "esc": .escape, "space": .character(" "),
    ]
}
