package import Pixels

/// How a cell is drawn: colours and attributes.
package struct Style: Sendable, Hashable {
    /// A colour of the screen.
    package enum Color: Sendable, Hashable {
        /// 24 bits; the screen sees to it that it arrives unchanged.
        case rgb(RGBColor)
        /// An entry of the terminal's own palette, 0 to 255.
        case palette(UInt8)
    }

    /// What a cell is besides its colours.
    package struct Attributes: OptionSet, Sendable, Hashable {
        /// Bits, one an attribute.
        package let rawValue: UInt8

        /// Takes the bits.
        package init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// Heavier strokes.
        package static let bold = Attributes(rawValue: 1)
        /// Fainter than other text.
        package static let dim = Attributes(rawValue: 2)
        /// A line below.
        package static let underline = Attributes(rawValue: 4)
        /// Foreground and background exchanged.
        package static let reverse = Attributes(rawValue: 8)
    }

    /// Colour of the strokes; nil for the terminal's own.
    package var foreground: Color?
    /// Colour behind them; nil for the terminal's own.
    package var background: Color?
    /// Attributes.
    package var attributes: Attributes

    /// Creates a style; the default is the terminal's own.
    package init(foreground: Color? = nil, background: Color? = nil, attributes: Attributes = []) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }

    /// The terminal's own colours, no attributes.
    package static let plain = Style()

    /// The same style with further attributes.
    package func adding(_ attributes: Attributes) -> Style {
        var style = self
        style.attributes.formUnion(attributes)
        return style
    }
}
