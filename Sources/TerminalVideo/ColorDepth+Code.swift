import Pixels

extension ColorDepth {
    /// Characters of growing ink, as most fonts draw them.
    static let ramp = [UInt8](" .:-=+*#%@".utf8)

    /// A cell in the colours of a palette: number of the upper half in the low word, of the lower half in the high one.
    ///
    /// - Parameters:
    ///   - cell: What to show.
    ///   - x: Column, for dithering.
    ///   - y: Row, for dithering.
    ///   - shown: What the terminal shows there; kept where it is nearly as good as the best, so that noise does not
    ///     make a cell jump between two colours.
    ///   - slack: How much worse it may be, as a difference of one channel; with 0 the best is taken.
    /// - Returns: The two numbers.
    @inline(__always)
    func code(of cell: Cell, x: Int, y: Int, shown: UInt64, slack: Int) -> UInt64 {
        switch self {
        case .truecolor:
            return cell.bits
        case .palette256:
            let top = Self.number256(cell.top, shown: shown & 0xFFFF_FFFF, slack: slack)
            let bottom = Self.number256(cell.bottom, shown: shown >> 32, slack: slack)
            return top | bottom << 32
        case .palette16:
            let top = UInt64(Palette16.dithered(cell.top, x: x, y: 2 * y))
            let bottom = UInt64(Palette16.dithered(cell.bottom, x: x, y: 2 * y + 1))
            return top | bottom << 32
        case .none:
            let luma = (Int(cell.top.luma) + Int(cell.bottom.luma)) / 2
            let glyph = UInt64(Self.ramp[luma * Self.ramp.count / 256])
            return glyph | glyph << 32
        }
    }

    private static func number256(_ color: RGBColor, shown: UInt64, slack: Int) -> UInt64 {
        let best = Palette256.nearest(to: color)
        guard slack > 0, (16...255).contains(shown), shown != best else { return UInt64(best) }
        let error = color.squaredDistance(to: Palette256.color(best))
        return color.squaredDistance(to: Palette256.color(Int(shown))) <= error + 3 * slack * slack
            ? shown : UInt64(best)
    }
}
