import Pixels
import Testing

@Suite struct RGBImageTests {
    @Test func rowsFollowEachOtherWithoutPadding() {
        var image = RGBImage(size: PixelSize(width: 3, height: 2))
        image[2, 1] = RGBColor(0x0A0B0C)
        #expect(image.bytes == [UInt8](repeating: 0, count: 15) + [0x0A, 0x0B, 0x0C])
        #expect(image[2, 1] == RGBColor(red: 0x0A, green: 0x0B, blue: 0x0C))
    }

    @Test func startsInOneColour() {
        let image = RGBImage(size: PixelSize(width: 2, height: 2), color: RGBColor(0x010203))
        #expect(image.bytes == [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3])
    }

    @Test func resizingKeepsTheBytesInStep() {
        var image = RGBImage(size: PixelSize(width: 2, height: 2))
        image.resize(to: PixelSize(width: 5, height: 3))
        #expect(image.bytes.count == 45)
        image.withUnsafeMutableBytes { $0[44] = 9 }
        #expect(image[4, 2].blue == 9)
    }

    @Test(arguments: [(0x000000, 0), (0xFFFFFF, 255), (0xFF0000, 76), (0x00FF00, 149), (0x0000FF, 28)])
    func lumaWeighsTheChannels(hex: Int, luma: Int) {
        #expect(RGBColor(UInt32(hex)).luma == luma)
    }
}
