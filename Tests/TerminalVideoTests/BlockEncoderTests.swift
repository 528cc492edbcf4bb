import KinescopeTesting
import Pixels
import TerminalVideo
import Testing

@Suite struct BlockEncoderTests {
    /// The blocks a character shows in its foreground, told from the code charts and not from the encoder's tables.
    private static func blocks(_ scalar: Unicode.Scalar, _ shape: BlockShape) -> Int? {
        let quadrants: [Unicode.Scalar: Int] = [
            " ": 0, "▘": 1, "▝": 2, "▀": 3, "▖": 4, "▌": 5, "▞": 6, "▛": 7, "▗": 8, "▚": 9, "▐": 10, "▜": 11,
            "▄": 12, "▙": 13, "▟": 14, "█": 15,
        ]
        switch shape {
        case .quadrant:
            return quadrants[scalar]
        case .sextant:
            if let columns = [" ": 0, "▌": 0b01_0101, "▐": 0b10_1010, "█": 0b11_1111][scalar] {
                return columns
            }
            guard (0x1FB00...0x1FB3B).contains(scalar.value) else { return nil }
            var set = Int(scalar.value) - 0x1FB00 + 1
            if set >= 0b01_0101 { set += 1 }
            if set >= 0b10_1010 { set += 1 }
            return set
        case .octant:
            if let quadrant = quadrants[scalar] {
                // Each quadrant is two octants high.
                return (0..<8).reduce(0) { $0 | (quadrant >> ($1 / 4 * 2 + $1 % 2) & 1) << $1 }
            }
            let single: [UInt32: Int] = [
                0x1CEA8: 0x01, 0x1CEAB: 0x02, 0x1CEA3: 0x40, 0x1CEA0: 0x80, 0x1FBE6: 0x14, 0x1FBE7: 0x28,
                0x1FB82: 0x03, 0x1FB85: 0x3F, 0x2582: 0xC0, 0x2586: 0xFC,
            ]
            if let set = single[scalar.value] { return set }
            let elsewhere = Set(single.values).union(
                quadrants.values.map { quadrant in
                    (0..<8).reduce(0) { $0 | (quadrant >> ($1 / 4 * 2 + $1 % 2) & 1) << $1 }
                }
            )
            let rest = (0..<256).filter { !elsewhere.contains($0) }
            let index = Int(scalar.value) - 0x1CD00
            return rest.indices.contains(index) ? rest[index] : nil
        }
    }

    /// What the terminal shows, a pixel for each block.
    private static func picture(_ terminal: TerminalModel, _ shape: BlockShape) throws -> RGBImage {
        var image = RGBImage(
            size: PixelSize(width: 2 * terminal.columns, height: shape.rows * terminal.rows)
        )
        for row in 0..<terminal.rows {
            for column in 0..<terminal.columns {
                let glyph = terminal.glyphs[row * terminal.columns + column]
                let set = try #require(
                    blocks(glyph.scalar, shape),
                    "U+\(String(glyph.scalar.value, radix: 16))"
                )
                for block in 0..<2 * shape.rows {
                    let pen = set >> block & 1 == 1 ? glyph.foreground : glyph.background
                    guard case .direct(let color) = pen else {
                        Issue.record("no colour is set")
                        continue
                    }
                    image[2 * column + block % 2, shape.rows * row + block / 2] = color
                }
            }
        }
        return image
    }

    private static func randomColor(_ numbers: inout RepeatableNumbers) -> RGBColor {
        RGBColor(UInt32(truncatingIfNeeded: numbers.next() & 0xFF_FFFF))
    }

    @Test(arguments: BlockShape.allCases, 0..<4)
    func cellsOfTwoColoursAreShownExactly(shape: BlockShape, seed: Int) throws {
        let (columns, rows) = (16, 16)
        var numbers = RepeatableNumbers(state: UInt64(seed))
        var encoder = BlockEncoder(shape: shape, depth: .truecolor)
        var terminal = TerminalModel(columns: columns, rows: rows)
        var image = RGBImage(size: PixelSize(width: 2 * columns, height: shape.rows * rows))
        for frame in 0..<4 {
            for cell in 0..<columns * rows where frame == 0 || numbers.next() % 3 == 0 {
                let colors = [Self.randomColor(&numbers), Self.randomColor(&numbers)]
                // Every set of blocks once in each frame.
                for block in 0..<2 * shape.rows {
                    image[2 * (cell % columns) + block % 2, shape.rows * (cell / columns) + block / 2] =
                        colors[cell >> block & 1]
                }
            }
            var bytes: [UInt8] = []
            encoder.encode(image, into: &bytes)
            try terminal.feed(bytes)
            terminal.disturb()
            #expect(try Self.picture(terminal, shape) == image)
            bytes.removeAll()
            encoder.encode(image, into: &bytes)
            #expect(bytes.isEmpty)
        }
    }

    /// Mean squared error of the channels.
    private static func error(_ first: RGBImage, _ second: RGBImage) -> Double {
        let sum = zip(first.bytes, second.bytes).reduce(0) { sum, pair in
            sum + (Int(pair.0) - Int(pair.1)) * (Int(pair.0) - Int(pair.1))
        }
        return Double(sum) / Double(first.bytes.count)
    }

    @Test(arguments: BlockShape.allCases)
    func anEdgeOverAGradientStaysSharp(shape: BlockShape) throws {
        let (columns, rows) = (20, 8)
        var image = RGBImage(size: PixelSize(width: 2 * columns, height: shape.rows * rows))
        for y in 0..<image.size.height {
            for x in 0..<image.size.width {
                // A slanted edge between a dark and a bright gradient.
                let isBright = 3 * x * shape.rows > 2 * image.size.height + 4 * y
                let shade = UInt8((isBright ? 150 : 20) + x)
                image[x, y] = RGBColor(red: shade, green: shade / 2, blue: 255 - shade)
            }
        }
        var encoder = BlockEncoder(shape: shape, depth: .truecolor)
        var terminal = TerminalModel(columns: columns, rows: rows)
        var bytes: [UInt8] = []
        encoder.encode(image, into: &bytes)
        try terminal.feed(bytes)
        // Above 45 dB: less than one step of the gradient.
        #expect(Self.error(try Self.picture(terminal, shape), image) < 2.05)
    }

    @Test(arguments: BlockShape.allCases)
    func errorsStayWithinTheTolerance(shape: BlockShape) throws {
        var encoder = BlockEncoder(shape: shape, depth: .truecolor)
        var terminal = TerminalModel(columns: 2, rows: 1)
        let size = PixelSize(width: 4, height: shape.rows)
        for grey in UInt32(0)..<256 {
            let color = RGBColor(grey << 16 | grey << 8 | grey)
            var bytes: [UInt8] = []
            encoder.encode(RGBImage(size: size, color: color), tolerance: .justVisible, into: &bytes)
            try terminal.feed(bytes)
            let shown = try Self.picture(terminal, shape)
            #expect(shown[0, 0].distance(to: color) <= Int(Tolerance.justVisible.cell))
        }
    }

    @Test(arguments: [ColorDepth.palette256, .palette16])
    func paletteColoursAreNumbers(depth: ColorDepth) throws {
        var encoder = BlockEncoder(shape: .quadrant, depth: depth)
        var terminal = TerminalModel(columns: 1, rows: 1)
        var image = RGBImage(size: PixelSize(width: 2, height: 2))
        image[1, 0] = .white
        var bytes: [UInt8] = []
        encoder.encode(image, into: &bytes)
        try terminal.feed(bytes)
        let glyph = terminal.glyphs[0]
        let isAsDrawn = glyph.scalar == "▝"
        #expect(isAsDrawn || glyph.scalar == "▙")
        let (black, white) = depth == .palette256 ? (16, 231) : (0, 15)
        #expect(glyph.foreground == .indexed(isAsDrawn ? white : black))
        #expect(glyph.background == .indexed(isAsDrawn ? black : white))
    }
}
