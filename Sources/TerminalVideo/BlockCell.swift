import Pixels

/// One character cell of a picture in two colours, some of its blocks in each.
struct BlockCell: Sendable, Hashable {
    /// Blocks in the foreground colour, as `BlockShape.scalars` counts them.
    var set: UInt8
    /// Colours as red, green and blue from the lowest byte, or as numbers in a palette.
    var foreground: UInt32
    var background: UInt32

    /// True where no block's colour differs from that in the other cell by more than `tolerance` in any channel.
    @inline(__always)
    func isNear(_ other: BlockCell, within tolerance: UInt64, full: UInt8) -> Bool {
        let (mine, theirs) = (set, other.set)
        func fits(_ blocks: UInt8, _ first: UInt32, _ second: UInt32) -> Bool {
            blocks & full == 0 || first == second
                || EscapeWriter.isNear(UInt64(first), UInt64(second), tolerance)
        }
        return fits(mine & theirs, foreground, other.foreground)
            && fits(mine & ~theirs, foreground, other.background)
            && fits(~mine & theirs, background, other.foreground)
            && fits(~mine & ~theirs, background, other.background)
    }
}
