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
        return RGBColor(
            red: UInt8(level(cube / 36)),
            green: UInt8(level(cube / 6 % 6)),
            blue: UInt8(level(cube % 6))
        )
    }

    /// The number whose colour is nearest in sRGB, by the sum of squares; of two equally near ones that in the cube.
    ///
    /// The nearest grey is the one nearest to the mean of the channels, so two candidates are enough.
    static func nearest(to color: RGBColor) -> Int {
        let (r, g, b) = (Int(color.red), Int(color.green), Int(color.blue))
        let (stepR, stepG, stepB) = (nearestStep(r), nearestStep(g), nearestStep(b))
        let step = min(23, max(0, ((r + g + b) / 3 - 3) / 10))
        let grey = 8 + 10 * step
        let toCube = squares(r - level(stepR), g - level(stepG), b - level(stepB))
        let toGrey = squares(r - grey, g - grey, b - grey)
        return toGrey < toCube ? 232 + step : 16 + 36 * stepR + 6 * stepG + stepB
    }

    private static func squares(_ r: Int, _ g: Int, _ b: Int) -> Int {
        r &* r &+ g &* g &+ b &* b
    }

    /// The six levels of a channel: 0, 95, 135, 175, 215, 255.
    private static func level(_ step: Int) -> Int {
        40 &* step &+ 55 &* min(step, 1)
    }

    /// Counts the middles between levels that a value has passed: colours of a picture are no help to a branch predictor.
    private static func nearestStep(_ value: Int) -> Int {
        let passed = (value > 47 ? 1 : 0) &+ (value > 114 ? 1 : 0) &+ (value > 154 ? 1 : 0)
        return passed &+ (value > 194 ? 1 : 0) &+ (value > 234 ? 1 : 0)
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
