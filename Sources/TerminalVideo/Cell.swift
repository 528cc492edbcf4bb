public import Pixels

/// One character cell of a picture in half blocks: two square pixels, one above the other.
public struct Cell: Sendable, Hashable {
    /// Both colours in one word: top in bits 0 to 23, bottom in bits 32 to 55, red lowest; the rest is 0.
    ///
    /// One word makes comparing and moving a cell one instruction.
    var bits: UInt64

    init(bits: UInt64) {
        self.bits = bits
    }

    /// Creates a cell out of its two colours.
    public init(top: RGBColor, bottom: RGBColor) {
        bits = Self.word(top) | Self.word(bottom) << 32
    }

    /// Creates a cell in one colour.
    public init(_ color: RGBColor) {
        self.init(top: color, bottom: color)
    }

    /// A black cell.
    public static let black = Cell(bits: 0)

    /// Colour of the upper half.
    public var top: RGBColor {
        get { Self.color(bits) }
        set { bits = bits & ~0xFF_FFFF | Self.word(newValue) }
    }

    /// Colour of the lower half.
    public var bottom: RGBColor {
        get { Self.color(bits >> 32) }
        set { bits = bits & 0xFF_FFFF | Self.word(newValue) << 32 }
    }

    private static func word(_ color: RGBColor) -> UInt64 {
        UInt64(color.red) | UInt64(color.green) << 8 | UInt64(color.blue) << 16
    }

    private static func color(_ word: UInt64) -> RGBColor {
        RGBColor(
            red: UInt8(truncatingIfNeeded: word),
            green: UInt8(truncatingIfNeeded: word >> 8),
            blue: UInt8(truncatingIfNeeded: word >> 16)
        )
    }
}
