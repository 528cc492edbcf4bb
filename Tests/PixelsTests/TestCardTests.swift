import Pixels
import Testing

@Suite struct TestCardTests {
    private static let names = ["front-door", "garage", "lab-bench", "loading-dock", "lobby", "roof"]
    private static let sizes = [(64, 36), (40, 22), (35, 20), (160, 90), (320, 180)]

    /// A picture as a terminal would show it: each pixel the mean of what it covers, luma only.
    private func scaled(_ picture: YUV420Picture, to size: PixelSize) -> RGBImage {
        var image = RGBImage(size: size)
        for y in 0..<size.height {
            let rows = y * picture.size.height / size.height..<(y + 1) * picture.size.height / size.height
            for x in 0..<size.width {
                let columns = x * picture.size.width / size.width..<(x + 1) * picture.size.width / size.width
                var sum = 0
                for row in rows {
                    for column in columns { sum += Int(picture.bytes[row * picture.size.width + column]) }
                }
                let grey = UInt8(clamping: (sum / (rows.count * columns.count) - 16) * 255 / 219)
                image[x, y] = RGBColor(red: grey, green: grey, blue: grey)
            }
        }
        return image
    }

    @Test(arguments: names, sizes)
    func theClockIsReadableAtCellResolution(name: String, size: (width: Int, height: Int)) {
        let card = TestCard(stream: name, seed: 1)
        var picture = YUV420Picture(size: card.size)
        for step in 0..<6 {
            let time = 1_763_820_202_000 + Int64(step) * 7_919
            card.draw(at: time, into: &picture)
            let image = scaled(picture, to: PixelSize(width: size.width, height: size.height))
            #expect(TestCard.time(in: image) == UInt32(truncatingIfNeeded: time))
        }
    }

    @Test(arguments: [UInt32(0), 1, 0x8000_0000, 0xAAAA_5555, .max])
    func everyBitOfTheClockHasItsPlace(time: UInt32) {
        let card = TestCard(stream: "lobby", seed: 7)
        var picture = YUV420Picture(size: card.size)
        card.draw(at: Int64(time), into: &picture)
        #expect(TestCard.time(in: scaled(picture, to: PixelSize(width: 64, height: 36))) == time)
        for bit in 0..<32 {
            let (row, column) = (bit / 16, bit % 16)
            let luma = picture.bytes[(40 * row + 20) * 640 + 40 * column + 20]
            #expect(luma == (time >> UInt32(31 - bit) & 1 == 1 ? 235 : 16))
        }
    }

    @Test func aPictureWithoutAClockHasNoTime() {
        #expect(
            TestCard.time(in: RGBImage(size: PixelSize(width: 64, height: 36), color: RGBColor(0x808080)))
                == nil
        )
        #expect(TestCard.time(in: RGBImage(size: PixelSize(width: 15, height: 9))) == nil)
    }

    @Test func sameStreamSeedAndTimeGiveTheSamePicture() {
        var first = YUV420Picture(size: TestCard.standardSize)
        var second = YUV420Picture(size: PixelSize(width: 2, height: 2))
        TestCard(stream: "garage", seed: 3).draw(at: 1_000_040, into: &first)
        TestCard(stream: "garage", seed: 3).draw(at: 1_000_040, into: &second)
        #expect(first == second)
    }

    @Test func streamsSeedsAndTimesDiffer() {
        var pictures: Set<YUV420Picture> = []
        for name in Self.names {
            for seed in UInt64(1)...2 {
                let card = TestCard(stream: name, seed: seed)
                for frame in Int64(0)..<3 {
                    var picture = YUV420Picture(size: card.size)
                    card.draw(at: 1_000_000 + 40 * frame, into: &picture)
                    pictures.insert(picture)
                }
            }
        }
        #expect(pictures.count == Self.names.count * 2 * 3)
    }

    @Test(arguments: names)
    func itIsBusyOnceInTwentySecondsOrSo(name: String) {
        let card = TestCard(stream: name, seed: 1)
        let start: Int64 = 1_763_820_202_000
        let levels = (0..<1_200).map { card.activity(at: start + 100 * Int64($0)) }
        let rises = zip(levels, levels.dropFirst()).count { $0 == 0 && $1 > 0 }
        #expect((4...8).contains(rises))
        #expect(levels.allSatisfy { (0...1).contains($0) })
        #expect(levels.count { $0 == 0 } > levels.count / 2)
        #expect((levels.max() ?? 0) > 0.4)
    }

    @Test func anySizeCanBeDrawn() {
        for (width, height) in [(32, 18), (33, 19), (161, 91), (1280, 720)] {
            let card = TestCard(stream: "roof", seed: 2, size: PixelSize(width: width, height: height))
            var picture = YUV420Picture(size: card.size)
            for second in Int64(0)..<30 { card.draw(at: second * 1000, into: &picture) }
            #expect(picture.bytes.count == width * height + 2 * ((width + 1) / 2) * ((height + 1) / 2))
        }
    }

    @Test func timesBefore1970CanBeDrawn() {
        let card = TestCard(stream: "roof", seed: 2)
        var picture = YUV420Picture(size: card.size)
        card.draw(at: -1, into: &picture)
        #expect(TestCard.time(in: scaled(picture, to: PixelSize(width: 64, height: 36))) == .max)
    }
}
