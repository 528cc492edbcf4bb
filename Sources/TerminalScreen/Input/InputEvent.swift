/// Something that the user did, or that the terminal answered.
package enum InputEvent: Sendable, Hashable {
    /// A key was pressed.
    case key(KeyPress)
    /// The mouse was pressed, moved or turned.
    case mouse(MouseEvent)
    /// Text was pasted.
    case paste(String)
    /// The terminal tells where its cursor is, because it was asked; row and column from 1.
    case cursorReport(row: Int, column: Int)
}

/// One press of a key.
package struct KeyPress: Sendable, Hashable {
    /// A key, apart from what was held with it.
    package enum Key: Sendable, Hashable {
        /// A character as typed, shifted where Shift was held.
        case character(Character)
        /// An arrow.
        case up, down, left, right
        /// Moves by more.
        case home, end, pageUp, pageDown
        /// Edits.
        case insert, delete, backspace
        /// The big keys.
        case tab, enter, escape
        /// A function key, from 1.
        case function(Int)
    }

    /// Keys held with another.
    package struct Modifiers: OptionSet, Sendable, Hashable {
        /// Bits, one a key, as terminals count them.
        package let rawValue: UInt8

        /// Takes the bits.
        package init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// Shift, where the character does not say so itself.
        package static let shift = Modifiers(rawValue: 1)
        /// Alt or Meta.
        package static let alt = Modifiers(rawValue: 2)
        /// Control.
        package static let control = Modifiers(rawValue: 4)
    }

    /// The key.
    package var key: Key
    /// What was held with it.
    package var modifiers: Modifiers

    /// Creates a press.
    package init(_ key: Key, _ modifiers: Modifiers = []) {
        self.key = key
        self.modifiers = modifiers
    }

    /// Creates the press of a character.
    package init(_ character: Character, _ modifiers: Modifiers = []) {
        self.init(.character(character), modifiers)
    }
}

/// One report of the mouse.
package struct MouseEvent: Sendable, Hashable {
    /// A button.
    package enum Button: Sendable, Hashable {
        /// The buttons of a mouse with three.
        case left, middle, right
    }

    /// What happened.
    package enum Kind: Sendable, Hashable {
        /// A button went down.
        case press(Button)
        /// A button came up.
        case release(Button)
        /// The mouse moved with a button held.
        case drag(Button)
        /// The mouse moved.
        case move
        /// The wheel was turned away from the user.
        case wheelUp
        /// The wheel was turned towards the user.
        case wheelDown
    }

    /// What happened.
    package var kind: Kind
    /// Row of the pointer, from 0.
    package var row: Int
    /// Column of the pointer, from 0.
    package var column: Int
    /// Keys held.
    package var modifiers: KeyPress.Modifiers

    /// Creates a report.
    package init(_ kind: Kind, row: Int, column: Int, modifiers: KeyPress.Modifiers = []) {
        self.kind = kind
        self.row = row
        self.column = column
        self.modifiers = modifiers
    }
}
