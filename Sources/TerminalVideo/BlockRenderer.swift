import Pixels

/// Finds for each cell the two colours, and the blocks in each, that come nearest to the picture.
///
/// The blocks are sorted along the line between the two that differ most, and cut in two where the sum of squared errors
/// is least: for colours that lie along a line, as they do across an edge, nothing is better.
struct BlockRenderer {
    private typealias Color = SIMD4<Float>

    let shape: BlockShape

    /// Draws a picture of `BlockShape.columns` x `shape.rows` pixels for each cell, row by row.
    func render(_ image: RGBImage, columns: Int, rows: Int, into cells: inout [BlockCell]) {
        precondition(
            image.size == PixelSize(width: columns * BlockShape.columns, height: rows * shape.rows),
            "\(image.size) is no picture of \(columns) x \(rows) cells"
        )
        cells.removeAll(keepingCapacity: true)
        cells.reserveCapacity(columns * rows)
        let stride = 3 * image.size.width
        image.bytes.withUnsafeBufferPointer { bytes in
            withUnsafeTemporaryAllocation(of: Color.self, capacity: shape.count) { blocks in
                for row in 0..<rows {
                    for column in 0..<columns {
                        for block in 0..<shape.count {
                            let (y, x) = (row * shape.rows + block / 2, column * 2 + block % 2)
                            let at = y * stride + 3 * x
                            blocks[block] = Color(
                                Float(bytes[at]),
                                Float(bytes[at + 1]),
                                Float(bytes[at + 2]),
                                0
                            )
                        }
                        cells.append(Self.cell(UnsafeBufferPointer(blocks)))
                    }
                }
            }
        }
    }

    private static func cell(_ blocks: UnsafeBufferPointer<Color>) -> BlockCell {
        let total = blocks.reduce(Color.zero, +)
        let count = Float(blocks.count)
        let first = farthest(from: total / count, in: blocks)
        let axis = farthest(from: first, in: blocks) - first
        guard axis != .zero else {
            let color = word(total / count)
            return BlockCell(set: 0, foreground: color, background: color)
        }
        // Insertion sort of at most eight, by the place along the axis.
        var order: InlineArray<8, UInt8> = .init(repeating: 0)
        var keys: InlineArray<8, Float> = .init(repeating: 0)
        for block in 0..<blocks.count {
            let key = (blocks[block] * axis).sum()
            var place = block
            while place > 0, keys[place - 1] > key {
                (keys[place], order[place]) = (keys[place - 1], order[place - 1])
                place -= 1
            }
            (keys[place], order[place]) = (key, UInt8(block))
        }
        // The error of a cut is least where the squares of the two sums, each by its number of blocks, are most.
        var (sum, best, cut) = (Color.zero, -Float.infinity, 0)
        var cutSum = Color.zero
        for place in 1..<blocks.count {
            sum += blocks[Int(order[place - 1])]
            let rest = total - sum
            let gain = (sum * sum).sum() / Float(place) + (rest * rest).sum() / (count - Float(place))
            if gain > best { (best, cut, cutSum) = (gain, place, sum) }
        }
        var set: UInt8 = 0
        for place in cut..<blocks.count { set |= 1 << order[place] }
        return BlockCell(
            set: set,
            foreground: word((total - cutSum) / (count - Float(cut))),
            background: word(cutSum / Float(cut))
        )
    }

    private static func farthest(from color: Color, in blocks: UnsafeBufferPointer<Color>) -> Color {
        var (best, distance) = (color, Float(0))
        for block in blocks {
            let difference = block - color
            let squared = (difference * difference).sum()
            if squared > distance { (best, distance) = (block, squared) }
        }
        return best
    }

    private static func word(_ color: Color) -> UInt32 {
        UInt32(color[0] + 0.5) | UInt32(color[1] + 0.5) << 8 | UInt32(color[2] + 0.5) << 16
    }
}
