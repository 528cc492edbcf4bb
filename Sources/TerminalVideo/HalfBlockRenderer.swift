public import Pixels

/// Turns a picture into half-block cells, two of its rows into one row of cells.
///
/// ```
/// picture   row 0   a b c       cells   row 0   a/d b/e c/f
///           row 1   d e f
/// ```
public struct HalfBlockRenderer: Sendable {
    /// Colour of what the picture leaves free: the last half row where its height is odd.
    public var background: RGBColor

    /// Creates a renderer.
    public init(background: RGBColor = .black) {
        self.background = background
    }

    /// Draws a whole picture; the grid takes its size: `width` columns, half of `height` rows, rounded up.
    public func render(_ image: RGBImage, into grid: inout CellGrid) {
        let (width, height) = (image.size.width, image.size.height)
        grid.resize(columns: width, rows: (height + 1) / 2)
        let rest = Cell(background).bits
        image.bytes.withUnsafeBufferPointer { bytes in
            grid.cells.withUnsafeMutableBufferPointer { cells in
                guard var top = bytes.baseAddress, var cell = cells.baseAddress else { return }
                for row in 0..<cells.count / max(1, width) {
                    let hasBottom = 2 * row + 1 < height
                    var bottom = top + 3 * width
                    for _ in 0..<width {
                        let lower = hasBottom ? Self.pixel(bottom) : rest >> 32
                        cell.initialize(to: Cell(bits: Self.pixel(top) | lower << 32))
                        cell += 1
                        top += 3
                        bottom += 3
                    }
                    top = bottom
                }
            }
        }
    }

    private static func pixel(_ bytes: UnsafePointer<UInt8>) -> UInt64 {
        UInt64(bytes[0]) | UInt64(bytes[1]) << 8 | UInt64(bytes[2]) << 16
    }
}
