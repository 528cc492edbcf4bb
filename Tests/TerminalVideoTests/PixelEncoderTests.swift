import KinescopeTesting
import Pixels
import TerminalVideo
import Testing

/// Pictures in sixels and kitty's graphics, replayed on a terminal that draws them.
@Suite struct PixelEncoderTests {
    private static let cells = [PixelSize(width: 4, height: 8), PixelSize(width: 5, height: 9)]
    private static let (columns, rows) = (12, 9)

    private static func size(_ cell: PixelSize) -> PixelSize {
        PixelSize(width: columns * cell.width, height: rows * cell.height)
    }

    /// Slanted gradients that move, without the steps that dithering would have to invent.
    private static func gradient(_ size: PixelSize, at time: Int) -> RGBImage {
        var image = RGBImage(size: size)
        for y in 0..<size.height {
            for x in 0..<size.width {
                func shade(_ value: Int) -> UInt8 { UInt8(128 + 100 * (value % 200 - 100) / 100) }
                image[x, y] = RGBColor(
                    red: shade(x + 3 * time),
                    green: shade(2 * y + time),
                    blue: shade(x + y)
                )
            }
        }
        return image
    }

    /// The means of squares of eight pixels, which is what the eye sees of dithered ones.
    private static func seen(_ image: RGBImage, height: Int) -> RGBImage {
        let side = 8
        var means = RGBImage(size: PixelSize(width: image.size.width / side, height: height / side))
        for y in 0..<means.size.height {
            for x in 0..<means.size.width {
                var sums = [0, 0, 0]
                for pixel in 0..<side * side {
                    let color = image[side * x + pixel % side, side * y + pixel / side]
                    sums[0] += Int(color.red)
                    sums[1] += Int(color.green)
                    sums[2] += Int(color.blue)
                }
                let channels = sums.map { UInt8($0 / (side * side)) }
                means[x, y] = RGBColor(red: channels[0], green: channels[1], blue: channels[2])
            }
        }
        return means
    }

    @Test(arguments: cells)
    func kittyShowsEveryPixelOfEveryFrame(cell: PixelSize) throws {
        var encoder = PixelEncoder(mode: .kitty, cell: cell)
        var terminal = TerminalModel(columns: Self.columns, rows: Self.rows, cell: cell)
        var numbers = RepeatableNumbers(state: 11)
        var image = RGBImage(size: Self.size(cell))
        for frame in 0..<12 {
            for _ in 0..<(frame % 3) * 20 {
                let x = Int(numbers.next() % UInt64(image.size.width))
                let y = Int(numbers.next() % UInt64(image.size.height))
                image[x, y] = RGBColor(UInt32(truncatingIfNeeded: numbers.next() & 0xFF_FFFF))
            }
            if frame == 8 { encoder.invalidate() }
            var bytes: [UInt8] = []
            encoder.encode(image, into: &bytes)
            try terminal.feed(bytes)
            terminal.disturb()
            #expect(terminal.pixels == image)
            #expect(frame == 0 || frame % 3 != 0 || bytes.isEmpty)
        }
    }

    @Test(arguments: cells)
    func sixelsLookLikeThePicture(cell: PixelSize) throws {
        var encoder = PixelEncoder(mode: .sixel, cell: cell)
        var terminal = TerminalModel(columns: Self.columns, rows: Self.rows, cell: cell)
        let size = Self.size(cell)
        for frame in 0..<4 {
            let image = Self.gradient(size, at: frame)
            var bytes: [UInt8] = []
            encoder.encode(image, into: &bytes)
            try terminal.feed(bytes)
            terminal.disturb()
            // At most five rows are missing at the lower end.
            let height = size.height - 5
            let noise = Self.seen(image, height: height).signalToNoise(
                of: Self.seen(terminal.pixels, height: height)
            )
            #expect(noise > 36)
            bytes = []
            encoder.encode(image, into: &bytes)
            #expect(bytes.isEmpty)
        }
    }

    @Test func sixelsOfATinyPictureAreTheseBytes() {
        var image = RGBImage(size: PixelSize(width: 6, height: 6))
        for y in 0..<3 { for x in 0..<6 { image[x, y] = .white } }
        var encoder = PixelEncoder(mode: .sixel, cell: PixelSize(width: 3, height: 6))
        var bytes: [UInt8] = []
        encoder.encode(image, at: CellPosition(column: 4, row: 2), into: &bytes)
        let colors = "#0;2;0;0;0#251;2;100;100;100"
        let text = "\u{1B}[3;5H\u{1B}P0;1q\"1;1;6;6\(colors)#0!6w$#251!6F\u{1B}\\"
        #expect(String(decoding: bytes, as: UTF8.self) == text)
    }

    @Test func kittysBytesOfATinyPictureAreThese() {
        let image = RGBImage(size: PixelSize(width: 2, height: 1), color: RGBColor(0x0A64C8))
        var encoder = PixelEncoder(mode: .kitty, cell: PixelSize(width: 1, height: 1))
        var bytes: [UInt8] = []
        encoder.encode(image, at: CellPosition(column: 4, row: 2), into: &bytes)
        let keys = "a=T,f=24,s=2,v=1,c=2,r=1,i=8197,p=1,C=1,q=2"
        #expect(String(decoding: bytes, as: UTF8.self) == "\u{1B}[3;5H\u{1B}_G\(keys);CmTICmTI\u{1B}\\")
    }

    @Test(arguments: [PictureMode.sixel, .kitty])
    func whatLiesOverThePictureStays(mode: PictureMode) throws {
        let cell = PixelSize(width: 4, height: 6)
        var encoder = PixelEncoder(mode: mode, cell: cell)
        var terminal = TerminalModel(columns: Self.columns, rows: Self.rows, cell: cell)
        let black = RGBImage(size: Self.size(cell))
        let white = RGBImage(size: Self.size(cell), color: .white)
        func show(_ image: RGBImage) throws {
            var bytes: [UInt8] = []
            encoder.encode(image, into: &bytes)
            try terminal.feed(bytes)
        }
        try show(black)
        encoder.cover(columns: 3..<7, rows: 2..<5)
        try show(white)
        for y in 2 * cell.height..<5 * cell.height {
            for x in 3 * cell.width..<7 * cell.width { #expect(terminal.pixels[x, y] == .black) }
        }
        #expect(terminal.pixels[0, 0] == .white)
        #expect(terminal.pixels[black.size.width - 1, 2 * cell.height] == .white)
        encoder.invalidate(columns: 3..<7, rows: 2..<5)
        try show(white)
        #expect(terminal.pixels == white)
    }

    @Test func aBudgetLeavesOutPiecesThatTheNextFramesBring() throws {
        let cell = PixelSize(width: 4, height: 6)
        var encoder = PixelEncoder(mode: .kitty, cell: cell)
        var terminal = TerminalModel(columns: Self.columns, rows: Self.rows, cell: cell)
        let image = Self.gradient(Self.size(cell), at: 0)
        var frames = 0
        while terminal.pixels != image, frames < 10 {
            var bytes: [UInt8] = []
            encoder.encode(
                image,
                budget: ByteBudget(wanted: 100, largestDifference: 0, most: 100),
                into: &bytes
            )
            try terminal.feed(bytes)
            frames += 1
        }
        // Stripes of four rows: three of them.
        #expect(frames == 3 && terminal.pixels == image)
    }
}
