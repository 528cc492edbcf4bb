import Pixels

/// The fixed part of the 256 colours: numbers 16 to 231 are a cube of 6 levels a channel, 232 to 255 greys.
enum Palette256 {
    /// The colour of a number from 16 on.
    static func color(_ index: Int) -> RGBColor {
        guard index < 232 else {
            let grey = UInt8(8 + 10 * (index - 232))
            return RGBColor(red: grey, green: grey, blue: grey)
        }
        let cube = index - 16
        return RGBColor(red: level(cube / 36), green: level(cube / 6 % 6), blue: level(cube % 6))
    }

    /// The number whose colour is nearest in sRGB, by the sum of squares; of two equally near ones that in the cube.
    ///
    /// The nearest grey is the one nearest to the mean of the channels, so two candidates are enough.
    static func nearest(to color: RGBColor) -> Int {
        let (r, g, b) = (Int(color.red), Int(color.green), Int(color.blue))
        let cube = 16 + 36 * nearestStep(r) + 6 * nearestStep(g) + nearestStep(b)
        let grey = 232 + min(23, max(0, ((r + g + b) / 3 - 3) / 10))
        return color.squaredDistance(to: Self.color(grey)) < color.squaredDistance(to: Self.color(cube))
            ? grey : cube
    }

    /// The six levels of a channel: 0, 95, 135, 175, 215, 255.
    private static func level(_ step: Int) -> UInt8 {
        step == 0 ? 0 : UInt8(truncatingIfNeeded: 55 + 40 * step)
    }

    private static func nearestStep(_ value: Int) -> Int {
        value < 48 ? 0 : value < 115 ? 1 : (value - 35) / 40
    }
}

extension RGBColor {
    /// Sum of the squared differences of the channels, 0 to 195,075.
    func squaredDistance(to other: RGBColor) -> Int {
        let r = Int(red) - Int(other.red)
        let g = Int(green) - Int(other.green)
        let b = Int(blue) - Int(other.blue)
        return r * r + g * g + b * b
    }
}
