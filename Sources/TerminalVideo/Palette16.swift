import Pixels

/// The 16 colours of ECMA-48 as xterm shows them; users change them, so this is the best guess there is.
enum Palette16 {
    static let colors: [RGBColor] = [
        RGBColor(0x000000), RGBColor(0xCD0000), RGBColor(0x00CD00), RGBColor(0xCDCD00),
        RGBColor(0x0000EE), RGBColor(0xCD00CD), RGBColor(0x00CDCD), RGBColor(0xE5E5E5),
        RGBColor(0x7F7F7F), RGBColor(0xFF0000), RGBColor(0x00FF00), RGBColor(0xFFFF00),
        RGBColor(0x5C5CFF), RGBColor(0xFF00FF), RGBColor(0x00FFFF), RGBColor(0xFFFFFF),
    ]

    /// Thresholds of a Bayer matrix, 4 x 4, 0 to 15: fixed to the screen, so that a still picture stays still.
    private static let thresholds: [Int] = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5]

    /// The number nearest to a colour after dithering it for its place, in pixels, on the screen.
    static func dithered(_ color: RGBColor, x: Int, y: Int) -> Int {
        let shift = 5 * (2 * thresholds[(y & 3) << 2 | x & 3] - 15)
        func moved(_ channel: UInt8) -> UInt8 { UInt8(clamping: Int(channel) + shift) }
        return nearest(
            to: RGBColor(red: moved(color.red), green: moved(color.green), blue: moved(color.blue))
        )
    }

    /// The number whose colour is nearest in sRGB, by the sum of squares; the lowest of several.
    static func nearest(to color: RGBColor) -> Int {
        var best = (index: 0, distance: Int.max)
        for (index, candidate) in colors.enumerated() {
            let distance = color.squaredDistance(to: candidate)
            if distance < best.distance { best = (index, distance) }
        }
        return best.index
    }
}
