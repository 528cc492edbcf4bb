import Foundation
import MediaCodec
import Pixels
import Testing

@Suite struct FrameScalerTests {
    /// A sample format, described a second time and independently of libav.
    struct Format: Sendable, CustomTestStringConvertible {
        let name: String
        /// Plane, index of the first sample and distance of samples in it; chroma shifts.
        let parts: [(plane: Int, first: Int, step: Int, shiftX: Int, shiftY: Int)]
        /// Samples of a row of each plane for a width in luma pixels, and rows for a height.
        let planes: [(samplesPerPixel: Int, shiftX: Int, shiftY: Int)]
        var depth = 8
        var isHighAligned = false
        var matrix = ColorConversion.Matrix.bt601
        var isFullRange = false
        var testDescription: String { name }

        static func planar(_ name: String, _ x: Int, _ y: Int, depth: Int = 8, full: Bool = false) -> Format {
            Format(
                name: name,
                parts: [(0, 0, 1, 0, 0), (1, 0, 1, x, y), (2, 0, 1, x, y)],
                planes: [(1, 0, 0), (1, x, y), (1, x, y)],
                depth: depth,
                isFullRange: full
            )
        }

        static let all: [Format] = [
            planar("yuv420p", 1, 1), planar("yuvj420p", 1, 1, full: true), planar("yuv422p", 1, 0),
            planar("yuv444p", 0, 0), planar("yuv410p", 2, 2), planar("yuv420p10le", 1, 1, depth: 10),
            planar("yuv422p10le", 1, 0, depth: 10), planar("yuv444p10le", 0, 0, depth: 10),
            planar("yuv420p12le", 1, 1, depth: 12),
            Format(
                name: "nv12",
                parts: [(0, 0, 1, 0, 0), (1, 0, 2, 1, 1), (1, 1, 2, 1, 1)],
                planes: [(1, 0, 0), (2, 1, 1)]
            ),
            Format(
                name: "p010le",
                parts: [(0, 0, 1, 0, 0), (1, 0, 2, 1, 1), (1, 1, 2, 1, 1)],
                planes: [(1, 0, 0), (2, 1, 1)],
                depth: 10,
                isHighAligned: true
            ),
            Format(name: "gray", parts: [(0, 0, 1, 0, 0)], planes: [(1, 0, 0)]),
            Format(name: "gray10le", parts: [(0, 0, 1, 0, 0)], planes: [(1, 0, 0)], depth: 10),
            Format(
                name: "rgb24",
                parts: [(0, 0, 3, 0, 0), (0, 1, 3, 0, 0), (0, 2, 3, 0, 0)],
                planes: [(3, 0, 0)],
                matrix: .rgb
            ),
            Format(
                name: "bgra",
                parts: [(0, 2, 4, 0, 0), (0, 1, 4, 0, 0), (0, 0, 4, 0, 0)],
                planes: [(4, 0, 0)],
                matrix: .rgb
            ),
            Format(
                name: "gbrp",
                parts: [(2, 0, 1, 0, 0), (0, 0, 1, 0, 0), (1, 0, 1, 0, 0)],
                planes: [(1, 0, 0), (1, 0, 0), (1, 0, 0)],
                matrix: .rgb
            ),
        ]
    }

    /// Samples in the layout of a format, and the exact colours of any area of them.
    private struct Source {
        let format: Format
        let width: Int
        let height: Int
        private var samples: [[Int]] = []

        init(_ format: Format, width: Int, height: Int, seed: UInt64) {
            (self.format, self.width, self.height) = (format, width, height)
            var numbers = RepeatableNumbers(state: seed)
            let limit = 1 << format.depth
            for plane in format.planes {
                let count = columns(plane.shiftX) * plane.samplesPerPixel * rows(plane.shiftY)
                // Flat stretches, steps over the full range and noise.
                var value = 0
                samples.append(
                    (0..<count).map { _ in
                        if Int.random(in: 0..<6, using: &numbers) == 0 {
                            value = Int.random(in: 0..<limit, using: &numbers)
                        }
                        return value
                    }
                )
            }
        }

        private func columns(_ shift: Int) -> Int { (width + (1 << shift) - 1) >> shift }
        private func rows(_ shift: Int) -> Int { (height + (1 << shift) - 1) >> shift }

        var bytes: [UInt8] {
            samples.joined().flatMap { sample -> [UInt8] in
                guard format.depth > 8 else { return [UInt8(sample)] }
                let word = format.isHighAligned ? sample << (16 - format.depth) : sample
                return [UInt8(word & 0xFF), UInt8(word >> 8)]
            }
        }

        /// Mean of a component over an area in luma pixels, on the scale of eight bits.
        func mean(_ part: Int, x: ClosedRange<Double>, y: ClosedRange<Double>) -> Double {
            let part = format.parts[part]
            let plane = format.planes[part.plane]
            let stride = columns(plane.shiftX) * plane.samplesPerPixel
            let (width, height) = (Double(1 << part.shiftX), Double(1 << part.shiftY))
            var (sum, weights) = (0.0, 0.0)
            for row in Int(y.lowerBound / height)..<rows(part.shiftY) {
                let down = overlap(y, Double(row) * height, height)
                guard down > 0 else { continue }
                for column in Int(x.lowerBound / width)..<columns(part.shiftX) {
                    let weight = down * overlap(x, Double(column) * width, width)
                    guard weight > 0 else { break }
                    sum +=
                        weight * Double(samples[part.plane][row * stride + part.first + part.step * column])
                    weights += weight
                }
            }
            return sum / weights / Double(1 << (format.depth - 8))
        }

        private func overlap(_ range: ClosedRange<Double>, _ start: Double, _ length: Double) -> Double {
            max(0, min(range.upperBound, start + length) - max(range.lowerBound, start))
        }

        /// Colour of a pixel when the picture is scaled to a size, not rounded.
        func color(_ x: Int, _ y: Int, of size: PixelSize, colors: ColorConversion) -> [Double] {
            let (stepX, stepY) = (Double(width) / Double(size.width), Double(height) / Double(size.height))
            let across = Double(x) * stepX...Double(x + 1) * stepX
            let down = Double(y) * stepY...Double(y + 1) * stepY
            let parts = format.parts.indices.map { mean($0, x: across, y: down) }
            let exact: [Double]
            if colors.matrix == .rgb {
                exact = parts
            } else {
                let weights: (red: Double, blue: Double) =
                    switch colors.matrix {
                    case .bt709: (0.2126, 0.0722)
                    case .bt2020: (0.2627, 0.0593)
                    case .smpte240: (0.212, 0.087)
                    default: (0.299, 0.114)
                    }
                let luma = colors.isFullRange ? parts[0] : (parts[0] - 16) * 255 / 219
                let gain = colors.isFullRange ? 1 : 255.0 / 224
                let u = parts.count > 1 ? (parts[1] - 128) * gain : 0
                let v = parts.count > 1 ? (parts[2] - 128) * gain : 0
                let red = luma + 2 * (1 - weights.red) * v
                let blue = luma + 2 * (1 - weights.blue) * u
                let green =
                    (luma - weights.red * red - weights.blue * blue) / (1 - weights.red - weights.blue)
                exact = [red, green, blue]
            }
            return exact.map { min(255, max(0, $0)) }
        }
    }

    private func check(
        _ format: Format,
        _ width: Int,
        _ height: Int,
        to size: PixelSize,
        colors: ColorConversion
    ) throws {
        let source = Source(format, width: width, height: height, seed: UInt64(width * 131 + size.width))
        let picture = try DecodedPicture(
            pixelFormat: format.name,
            size: PixelSize(width: width, height: height),
            bytes: source.bytes,
            colors: colors
        )
        var scaler = FrameScaler()
        var image = RGBImage(size: size)
        scaler.scale(picture, into: &image)
        var worst = 0.0
        for y in 0..<size.height {
            for x in 0..<size.width {
                let pixel = image[x, y]
                let exact = source.color(x, y, of: size, colors: colors)
                for (channel, value) in zip([pixel.red, pixel.green, pixel.blue], exact) {
                    worst = max(worst, abs(Double(channel) - value))
                }
            }
        }
        // Half a step of rounding, and a twentieth for the sums and factors before it.
        #expect(worst <= 0.55, "\(format.name) \(width)x\(height) to \(size)")
    }

    @Test(arguments: Format.all)
    func everyPixelIsTheMeanOfItsArea(format: Format) throws {
        let colors = ColorConversion(
            matrix: format.matrix,
            isFullRange: format.isFullRange || format.matrix == .rgb
        )
        let sizes = [(64, 36), (63, 37), (97, 41), (33, 19), (1, 1), (2, 5), (40, 600)]
        let targets = [(16, 9), (20, 13), (31, 18), (1, 1), (64, 36), (97, 41), (100, 90)]
        for (width, height) in sizes {
            for target in targets {
                try check(
                    format,
                    width,
                    height,
                    to: PixelSize(width: target.0, height: target.1),
                    colors: colors
                )
            }
        }
    }

    @Test(arguments: [ColorConversion.Matrix.bt601, .bt709, .bt2020, .smpte240], [false, true])
    func everyMatrixAndRangeIsConverted(matrix: ColorConversion.Matrix, isFullRange: Bool) throws {
        let colors = ColorConversion(matrix: matrix, isFullRange: isFullRange)
        try check(.planar("yuv444p", 0, 0), 48, 48, to: PixelSize(width: 48, height: 48), colors: colors)
    }

    @Test func manyRowsDoNotOverflow() throws {
        let size = PixelSize(width: 8, height: 2600)
        for bytes in [UInt8(255), 128] {
            let picture = try DecodedPicture(
                pixelFormat: "gray",
                size: size,
                bytes: [UInt8](repeating: bytes, count: size.area),
                colors: ColorConversion(matrix: .bt601, isFullRange: true)
            )
            var image = RGBImage(size: PixelSize(width: 3, height: 3))
            var scaler = FrameScaler()
            scaler.scale(picture, into: &image)
            #expect(image.bytes.allSatisfy { $0 == bytes })
        }
    }

    @Test func aScalerServesPicturesOfChangingSizes() throws {
        var scaler = FrameScaler()
        for step in 1...40 {
            let size = PixelSize(width: 7 * step, height: 5 * step)
            let picture = try DecodedPicture(
                pixelFormat: "rgb24",
                size: size,
                bytes: [UInt8](repeating: UInt8(step), count: 3 * size.area)
            )
            var image = RGBImage(size: PixelSize(width: step % 5 + 1, height: step % 3 + 1))
            scaler.scale(picture, into: &image)
            #expect(image.bytes.allSatisfy { $0 == UInt8(step) })
        }
    }

    @Test func theMatrixIsGuessedFromTheSize() throws {
        for (width, height, matrix) in [
            (640, 360, ColorConversion.Matrix.bt601), (1280, 720, .bt709), (16, 720, .bt709),
        ] {
            let size = PixelSize(width: width, height: height)
            let bytes = [UInt8](repeating: 90, count: 3 * size.area)
            let picture = try DecodedPicture(pixelFormat: "yuv444p", size: size, bytes: bytes)
            #expect(picture.colors == ColorConversion(matrix: matrix, isFullRange: false))
        }
    }

    @Test(arguments: ["pal8", "rgb565le", "monow", "yuv420p10be", "bayer_rggb8"])
    func formatsWithoutWholeBytesAreRefused(name: String) {
        let error = #expect(throws: CodecError.self) {
            _ = try DecodedPicture(
                pixelFormat: name,
                size: PixelSize(width: 8, height: 8),
                bytes: bytes(name)
            )
        }
        #expect(error?.code == .unsupportedPictureFormat)
    }

    private func bytes(_ name: String) -> [UInt8] {
        let counts = ["pal8": 64 + 1024, "rgb565le": 128, "monow": 8, "yuv420p10be": 192, "bayer_rggb8": 64]
        return [UInt8](repeating: 0, count: counts[name] ?? 0)
    }
}
