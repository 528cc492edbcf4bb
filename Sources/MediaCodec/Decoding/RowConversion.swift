/// Turns the components of a row, as levels of 0 to 255, into bytes of red, green and blue.
struct RowConversion {
    private typealias Levels = SIMD4<Float>
    private typealias Pixels = SIMD4<UInt32>

    private enum Kind {
        case gray
        case rgb
        case yuv
    }

    private let kind: Kind
    private let coefficients: ColorConversion.Coefficients

    init(_ colors: ColorConversion, components: Int) {
        kind = components < 3 ? .gray : colors.matrix == .rgb ? .rgb : .yuv
        coefficients = colors.coefficients
    }

    /// Levels that a component of a row takes, so that each begins a vector.
    static func stride(ofWidth width: Int) -> Int { (width + 3) & ~3 }

    /// Converts a row.
    ///
    /// - Parameters:
    ///   - levels: The components, each `stride` behind the one before.
    ///   - stride: At least `width`, a multiple of four.
    ///   - width: Pixels.
    ///   - line: Receives three bytes for each pixel.
    func convert(
        _ levels: UnsafeMutablePointer<Float>,
        stride: Int,
        width: Int,
        into line: UnsafeMutablePointer<UInt8>
    ) {
        let factors = coefficients
        let source = UnsafeRawPointer(levels)
        @inline(__always)
        func component(_ index: Int, _ x: Int) -> Levels {
            (source + 4 * (index &* stride &+ x)).loadUnaligned(as: Levels.self)
        }
        switch kind {
        case .gray:
            Self.write(width: width, into: line) { x in
                let level = Self.bytes(component(0, x) * factors.luma + factors.lumaOffset)
                return level | level &<< 8 | level &<< 16
            }
        case .rgb:
            Self.write(width: width, into: line) { x in
                let red = Self.bytes(component(0, x))
                return red | Self.bytes(component(1, x)) &<< 8 | Self.bytes(component(2, x)) &<< 16
            }
        case .yuv:
            Self.write(width: width, into: line) { x in
                let luma = component(0, x) * factors.luma + factors.lumaOffset
                let (u, v) = (component(1, x) - 128, component(2, x) - 128)
                let red = Self.bytes(luma + v * factors.redFromV)
                let green = Self.bytes(luma + u * factors.greenFromU + v * factors.greenFromV)
                return red | green &<< 8 | Self.bytes(luma + u * factors.blueFromU) &<< 16
            }
        }
    }

    /// Stores pixels, red in the lowest byte of each, four at a time.
    @inline(__always)
    private static func write(
        width: Int,
        into line: UnsafeMutablePointer<UInt8>,
        _ pixels: (Int) -> Pixels
    ) {
        var x = 0
        var output = UnsafeMutableRawPointer(line)
        while x + 4 <= width {
            // Four pixels of 24 bits are three words.
            let pixels = pixels(x)
            let words = unsafeBitCast(pixels, to: SIMD2<UInt64>.self)
            let first = words[0] & 0xFF_FFFF | (words[0] >> 32) << 24
            let second = words[1] & 0xFF_FFFF | (words[1] >> 32) << 24
            output.storeBytes(of: first | second << 48, as: UInt64.self)
            output.storeBytes(of: UInt32(truncatingIfNeeded: second >> 16), toByteOffset: 8, as: UInt32.self)
            x += 4
            output += 12
        }
        guard x < width else { return }
        let rest = pixels(x)
        for index in 0..<width - x {
            for channel in 0..<3 {
                line[3 * (x + index) + channel] = UInt8(
                    truncatingIfNeeded: rest[index] >> (8 * UInt32(channel))
                )
            }
        }
    }

    /// Levels rounded and cut to 0...255.
    ///
    /// In the sum with 1.5 x 2^23 the lowest bits are the nearest whole number, which takes one instruction where a
    /// checked conversion takes many for each lane; signs make the masks of what is cut.
    @inline(__always)
    private static func bytes(_ levels: Levels) -> Pixels {
        let magic: Float = 0x1.8p23
        let level = unsafeBitCast(levels + magic, to: SIMD4<Int32>.self) &- Int32(magic.bitPattern)
        let cut = level & ~(level &>> 31) | (255 &- level) &>> 31
        return Pixels(truncatingIfNeeded: cut & 0xFF)
    }
}
