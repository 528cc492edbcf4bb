import Pixels

/// Writes pixels as sixels: columns of six pixels, one byte for each colour that a column has.
///
/// ```
/// DCS 0;1 q  " 1;1;W;H   #N;2;R;G;B ...   #N ?!12~... $ #M ...   -   ...  ST
///            size        colours          one colour of a band   next band
/// ```
/// Terminals keep as few as 256 colours, so that each channel has six or seven levels, and a Bayer matrix fixed to the
/// screen mixes them: a picture that rests stays as it is. Source: VT330/VT340 Programmer Reference, Graphics, chapter 14.
struct SixelWriter {
    /// Pixels in a byte, one above the other.
    static let band = 6
    private static let levels = (red: 6, green: 7, blue: 6)
    private static let colors = levels.red * levels.green * levels.blue

    /// Thresholds of a Bayer matrix, 8 x 8, 0 to 63.
    private static let thresholds: [Int] = (0..<64).map { place in
        let (x, y) = (place % 8, place / 8)
        return (0..<3).reduce(0) { sum, bit in
            let (a, b) = (x >> bit & 1, y >> bit & 1)
            return sum | ((a ^ b) << 1 | b) << (2 * (2 - bit))
        }
    }

    /// Columns of the band under way, a mask for each colour.
    private var masks: [UInt8] = []
    /// First and last column of a colour in the band; empty where the first is behind the last.
    private var extents: [(first: Int, last: Int)] = []
    private var numbers: [UInt8] = []

    /// Appends a part of a picture.
    ///
    /// - Parameters:
    ///   - image: The whole picture.
    ///   - part: The part to write; its height is a multiple of `band`.
    ///   - output: Receives the bytes.
    mutating func write(_ image: RGBImage, _ part: PixelRect, into output: inout [UInt8]) {
        let (width, height) = (part.size.width, part.size.height)
        dither(image, part)
        output += "\u{1B}P0;1q\"1;1;\(width);\(height)".utf8
        define(into: &output)
        if masks.count != Self.colors * width { masks = [UInt8](repeating: 0, count: Self.colors * width) }
        for top in stride(from: 0, to: height, by: Self.band) {
            if top > 0 { output.append(UInt8(ascii: "-")) }
            writeBand(from: top, width: width, into: &output)
        }
        output += "\u{1B}\\".utf8
    }

    private mutating func dither(_ image: RGBImage, _ part: PixelRect) {
        let (width, height) = (part.size.width, part.size.height)
        numbers.removeAll(keepingCapacity: true)
        numbers.reserveCapacity(width * height)
        let stride = 3 * image.size.width
        Self.thresholds.withUnsafeBufferPointer { thresholds in
            image.bytes.withUnsafeBufferPointer { bytes in
                for y in part.y..<part.y + height {
                    for x in part.x..<part.x + width {
                        let at = y * stride + 3 * x
                        // From the middle of the lowest threshold to that of the highest, in 1/128 of a step.
                        let threshold = 2 * thresholds[(y & 7) << 3 | x & 7] + 1
                        func step(_ value: UInt8, _ levels: Int) -> Int {
                            (Int(value) * (levels - 1) * 128 + threshold * 255) / (255 * 128)
                        }
                        let red = step(bytes[at], Self.levels.red)
                        let green = step(bytes[at + 1], Self.levels.green)
                        let blue = step(bytes[at + 2], Self.levels.blue)
                        numbers.append(
                            UInt8((red * Self.levels.green + green) * Self.levels.blue + blue)
                        )
                    }
                }
            }
        }
    }

    /// Colours that the part has, in percent as sixels have them.
    private func define(into output: inout [UInt8]) {
        var isUsed = [Bool](repeating: false, count: Self.colors)
        for number in numbers { isUsed[Int(number)] = true }
        for number in 0..<Self.colors where isUsed[number] {
            let (red, rest) = number.quotientAndRemainder(dividingBy: Self.levels.green * Self.levels.blue)
            let (green, blue) = rest.quotientAndRemainder(dividingBy: Self.levels.blue)
            func percent(_ step: Int, _ levels: Int) -> Int { (200 * step + levels - 1) / (2 * (levels - 1)) }
            let channels = [
                percent(red, Self.levels.red), percent(green, Self.levels.green),
                percent(blue, Self.levels.blue),
            ]
            output += "#\(number);2;\(channels[0]);\(channels[1]);\(channels[2])".utf8
        }
    }

    private mutating func writeBand(from top: Int, width: Int, into output: inout [UInt8]) {
        extents = [(first: Int, last: Int)](repeating: (width, -1), count: Self.colors)
        for row in 0..<Self.band {
            for x in 0..<width {
                let number = Int(numbers[(top + row) * width + x])
                masks[number * width + x] |= 1 << row
                extents[number].first = min(extents[number].first, x)
                extents[number].last = max(extents[number].last, x)
            }
        }
        var isFirst = true
        for number in 0..<Self.colors where extents[number].last >= 0 {
            if !isFirst { output.append(UInt8(ascii: "$")) }
            isFirst = false
            output += "#\(number)".utf8
            let (first, last) = extents[number]
            Self.append(0, times: first, to: &output)
            var x = first
            while x <= last {
                let mask = masks[number * width + x]
                var end = x + 1
                while end <= last, masks[number * width + end] == mask { end += 1 }
                Self.append(mask, times: end - x, to: &output)
                x = end
            }
            for x in first...last { masks[number * width + x] = 0 }
        }
    }

    private static func append(_ mask: UInt8, times count: Int, to output: inout [UInt8]) {
        let byte = UInt8(ascii: "?") + mask
        guard count > 3 else { return output.append(contentsOf: repeatElement(byte, count: count)) }
        output += "!\(count)".utf8
        output.append(byte)
    }
}
