import KinescopeTesting
import Pixels
import TerminalVideo
import Testing

/// Every mode in sequence with changes of size, place and screen.
@Suite struct PictureEncoderTests {
    /// What the model shows, in the pixels of half blocks.
    private static func halves(_ terminal: TerminalModel, at origin: CellPosition, _ place: PixelSize)
        -> RGBImage?
    {
        var image = RGBImage(size: place)
        for row in 0..<place.height / 2 {
            for column in 0..<place.width {
                let shown = terminal.halves(column: origin.column + column, row: origin.row + row)
                guard case (.direct(let top), .direct(let bottom)) = shown else { return nil }
                image[column, 2 * row] = top
                image[column, 2 * row + 1] = bottom
            }
        }
        return image
    }

    @Test(arguments: 0..<6)
    func halfBlocksShowThePictureAfterAnySequence(seed: Int) throws {
        var numbers = RepeatableNumbers(state: UInt64(seed))
        func random(_ range: Range<Int>) -> Int { Int.random(in: range, using: &numbers) }
        var terminal = TerminalModel(columns: 60, rows: 30)
        var encoder = PictureEncoder(mode: .half, depth: .truecolor)
        var (place, origin) = (PixelSize(width: 40, height: 40), CellPosition.home)
        for frame in 0..<40 {
            switch random(0..<6) {
            case 0:
                place = PixelSize(width: random(8..<50), height: 2 * random(4..<24))
                origin = CellPosition(column: random(0..<10), row: random(0..<6))
            case 1:
                // A frame that was dropped: the encoder is told to forget, as the player does.
                var lost: [UInt8] = []
                encoder.encode(picture(place, frame, seed), at: origin, tolerance: .justVisible, into: &lost)
                encoder.invalidate(columns: 0..<place.width, rows: 0..<place.height / 2)
            default: break
            }
            let image = picture(place, frame, seed)
            var bytes: [UInt8] = []
            encoder.encode(image, at: origin, tolerance: .justVisible, into: &bytes)
            try terminal.feed(bytes)
            terminal.disturb()
            let shown = try #require(Self.halves(terminal, at: origin, place))
            #expect(image.signalToNoise(of: shown) > 36)
        }
    }

    private func picture(_ place: PixelSize, _ frame: Int, _ seed: Int) -> RGBImage {
        var image = RGBImage(size: place)
        var numbers = RepeatableNumbers(state: UInt64(frame << 8 | seed))
        for y in 0..<place.height {
            for x in 0..<place.width {
                let noise = Int(numbers.next() % 5)
                let isEdge = (x + frame) / 7 % 2 == 0
                let shade = UInt32(clamping: (isEdge ? 40 : 150) + 2 * y + noise)
                image[x, y] = RGBColor(shade << 16 | (shade / 2) << 8 | 255 - shade)
            }
        }
        return image
    }

    @Test(arguments: PictureMode.allCases)
    func aPictureHasTheSizeOfItsPlace(mode: PictureMode) throws {
        let (cell, place) = (PixelSize(width: 5, height: 9), PixelSize(width: 20, height: 16))
        var encoder = PictureEncoder(mode: mode, depth: .truecolor, cell: cell)
        let size = encoder.size(of: place)
        #expect(mode.place(of: size, cell: cell) == place)
        var terminal = TerminalModel(columns: 30, rows: 12, cell: cell)
        var bytes: [UInt8] = []
        encoder.encode(RGBImage(size: size, color: .white), at: CellPosition(column: 3, row: 2), into: &bytes)
        try terminal.feed(bytes)
        bytes = []
        encoder.encode(RGBImage(size: size, color: .white), at: CellPosition(column: 3, row: 2), into: &bytes)
        #expect(bytes.isEmpty)
    }

    @Test(arguments: BlockShape.allCases)
    func blocksLeaveWhatLiesOverThem(shape: BlockShape) throws {
        var encoder = BlockEncoder(shape: shape, depth: .truecolor)
        var terminal = TerminalModel(columns: 10, rows: 6)
        let size = PixelSize(width: 20, height: 6 * shape.rows)
        encoder.prepare(columns: 10, rows: 6, at: .home)
        encoder.cover(columns: 2..<5, rows: 1..<3)
        var bytes: [UInt8] = []
        encoder.encode(RGBImage(size: size, color: .white), into: &bytes)
        try terminal.feed(bytes)
        for row in 0..<6 {
            for column in 0..<10 {
                let isCovered = (2..<5).contains(column) && (1..<3).contains(row)
                #expect((terminal.glyphs[row * 10 + column].background == .initial) == isCovered)
            }
        }
        encoder.invalidate(columns: 2..<5, rows: 1..<3)
        bytes = []
        encoder.encode(RGBImage(size: size, color: .white), into: &bytes)
        try terminal.feed(bytes)
        #expect(terminal.glyphs.allSatisfy { $0.background != .initial })
    }
}
