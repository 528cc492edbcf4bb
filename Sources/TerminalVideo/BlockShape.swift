/// The grids of equal blocks that one character can show in two colours.
public enum BlockShape: Sendable, Hashable, CaseIterable {
    /// 2 x 2, in every font with block elements.
    case quadrant
    /// 2 x 3, Unicode 13.
    case sextant
    /// 2 x 4, Unicode 16.
    case octant

    /// Blocks side by side.
    public static let columns = 2

    /// Blocks one above the other.
    public var rows: Int {
        switch self {
        case .quadrant: 2
        case .sextant: 3
        case .octant: 4
        }
    }

    /// Blocks in a cell.
    var count: Int { Self.columns * rows }

    /// The characters by the set of blocks in the foreground colour.
    ///
    /// Bit 0 is the upper left block, bit 1 the one right of it, bit 2 that below the first.
    var scalars: [Unicode.Scalar] {
        switch self {
        case .quadrant: Self.quadrants
        case .sextant: Self.sextants
        case .octant: Self.octants
        }
    }

    private static let quadrants: [Unicode.Scalar] = Array(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█".unicodeScalars)

    /// U+1FB00 to U+1FB3B in order, without the sets that had a character before.
    private static let sextants: [Unicode.Scalar] = listed(
        from: 0x1FB00,
        count: 64,
        others: [0: " ", 0b01_0101: "▌", 0b10_1010: "▐", 0b11_1111: "█"]
    )

    /// U+1CD00 to U+1CDE5 in order, without the sets that have another character.
    private static let octants: [Unicode.Scalar] = listed(
        from: 0x1CD00,
        count: 256,
        others: [
            0x00: " ", 0x01: "\u{1CEA8}", 0x02: "\u{1CEAB}", 0x03: "\u{1FB82}", 0x05: "▘", 0x0A: "▝",
            0x0F: "▀",
            0x14: "\u{1FBE6}", 0x28: "\u{1FBE7}", 0x3F: "\u{1FB85}", 0x40: "\u{1CEA3}", 0x50: "▖", 0x55: "▌",
            0x5A: "▞", 0x5F: "▛", 0x80: "\u{1CEA0}", 0xA0: "▗", 0xA5: "▚", 0xAA: "▐", 0xAF: "▜", 0xC0: "▂",
            0xF0: "▄", 0xF5: "▙", 0xFA: "▟", 0xFC: "▆", 0xFF: "█",
        ]
    )

    private static func listed(from first: UInt32, count: Int, others: [Int: Unicode.Scalar])
        -> [Unicode.Scalar]
    {
        var next = first
        return (0..<count).map { set in
            if let other = others[set] { return other }
            defer { next += 1 }
            return Unicode.Scalar(next) ?? " "
        }
    }
}
