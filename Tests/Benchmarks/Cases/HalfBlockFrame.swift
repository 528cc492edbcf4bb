import MediaCodec
import Pixels
import TerminalVideo

/// From a picture to the bytes for the terminal: test card as it comes out of the decoder, and noise.
///
/// The limit of a picture is a frame's time at 25 pictures a second; the limit of its bytes is a link's bandwidth.
enum HalfBlockFrame {
    private static let frameCount = 100

    static func run() async throws {
        for (columns, rows) in [(160, 45), (240, 67)] {
            let size = PixelSize(width: columns, height: 2 * rows)
            for (source, images) in [("test card", try testCard(size)), ("noise", noise(size))] {
                for (quality, tolerance) in [(0, Tolerance.exact), (1, .justVisible)] {
                    let label = "\(columns)x\(rows) \(source) q\(quality)"
                    await measure(images, tolerance: tolerance, label: label)
                }
            }
        }
    }

    private static func measure(_ images: [RGBImage], tolerance: Tolerance, label: String) async {
        var (first, rest) = (0, 0)
        var times: [Double] = []
        for _ in 0..<6 {
            let renderer = HalfBlockRenderer()
            var grid = CellGrid(columns: 0, rows: 0)
            var encoder = ANSIEncoder(depth: .truecolor)
            var output: [UInt8] = []
            (first, rest) = (0, 0)
            let cost = await Cost.of {
                for image in images {
                    output.removeAll(keepingCapacity: true)
                    renderer.render(image, into: &grid)
                    encoder.encode(grid, tolerance: tolerance, into: &output)
                    if first == 0 { first = output.count } else { rest += output.count }
                }
            }
            times.append(cost.wall.seconds * 1e6 / Double(images.count))
        }
        // The first round warms up.
        let series = Series(Array(times.dropFirst()))
        show(
            label,
            "\(rest / (images.count - 1)) bytes/frame, first frame \(first); \(series.text) µs/frame, "
                + "\(figure(series.median / 400)) % of 40 ms"
        )
    }

    /// Pictures of a camera, encoded and decoded as the demo's are.
    private static func testCard(_ size: PixelSize) throws -> [RGBImage] {
        let (track, frames) = try TestCardFilm.encoded(frames: frameCount)
        var decoder = try VideoDecoder(track: track)
        var scaler = FrameScaler()
        return try frames.map { frame in
            try decoder.send(frame)
            guard let decoded = try decoder.receive() else { preconditionFailure("a frame gave no picture") }
            var image = RGBImage(size: size)
            scaler.scale(decoded, into: &image)
            return image
        }
    }

    private static func noise(_ size: PixelSize) -> [RGBImage] {
        var state: UInt64 = 1
        return (0..<frameCount).map { _ in
            let bytes = (0..<3 * size.area).map { _ in
                // Knuth's linear congruential generator: the same pictures in every run.
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: state >> 56)
            }
            return RGBImage(size: size, bytes: bytes)
        }
    }
}
