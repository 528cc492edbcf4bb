import MediaCodec
import Pixels
import Testing

/// Servers and cameras: what a name means, and what is made of pictures that cannot be copied.
@Suite struct MediaSourceTests {
    @Test(arguments: [
        ("film.mp4", MediaAddress.file(path: "film.mp4")),
        ("/dev/video0", .device(path: "/dev/video0")),
        ("v4l2:/dev/v4l/by-id/door", .device(path: "/dev/v4l/by-id/door")),
        ("file:/dev/video0", .file(path: "/dev/video0")),
        ("http://host/film.mkv", .http(url: "http://host/film.mkv")),
        ("HTTPS://host/film.mkv", .http(url: "HTTPS://host/film.mkv")),
        ("rtsp://user:word@host/yard", .rtsp(url: "rtsp://user:word@host/yard")),
        ("http:film.mkv", .file(path: "http:film.mkv")),
        ("concat:a|b", .file(path: "concat:a|b")),
        ("", .file(path: "")),
    ])
    func aNameSaysWhereMediaComesFrom(text: String, expected: MediaAddress) {
        #expect(MediaAddress(text) == expected)
    }

    @Test(arguments: [
        ("rtsp://user:word@host/yard", "rtsp://host/yard"),
        ("rtsp://host/yard@home", "rtsp://host/yard@home"),
        ("https://a@b:c@host", "https://host"),
        ("film@home.mp4", "film@home.mp4"),
    ])
    func noPasswordIsShown(text: String, expected: String) {
        #expect(MediaAddress(text).name == expected)
    }

    @Test func aCameraThatIsNotThereIsSaidSoOrWhatReadsItIsMissing() {
        let error = #expect(throws: CodecError.self) {
            _ = try MediaFile.open(
                .device(path: "/dev/video-nowhere"),
                interrupt: MediaInterrupt(timeout: .seconds(5))
            )
        }
        let isInstalled = error?.code == .notFound
        #expect(isInstalled || error?.reason.contains("libavdevice.so") == true, "\(error.debugDescription)")
    }

    /// A format, bytes that are repeated to make its planes and how often, and the luma and chroma that come out.
    struct Format: Sendable, CustomTestStringConvertible {
        var name: String
        var planes: [(unit: [UInt8], count: Int)]
        var expected: [UInt8]
        var testDescription: String { name }

        init(_ name: String, _ planes: [(unit: [UInt8], count: Int)], _ expected: [UInt8] = [100, 90, 200]) {
            (self.name, self.planes, self.expected) = (name, planes, expected)
        }
    }

    private static let formats: [Format] = [
        Format("yuv420p", [([100], 8), ([90], 2), ([200], 2)]),
        Format("yuv422p", [([100], 8), ([90], 4), ([200], 4)]),
        Format("yuv444p", [([100], 8), ([90], 8), ([200], 8)]),
        Format("nv12", [([100], 8), ([90, 200], 2)]),
        Format("yuyv422", [([100, 90, 100, 200], 4)]),
        Format("uyvy422", [([90, 100, 200, 100], 4)]),
        Format("yuv420p10le", [([0x90, 1], 8), ([0x68, 1], 2), ([0x20, 3], 2)]),
        Format("yuvj420p", [([255], 8), ([128], 2), ([0], 2)], [235, 128, 16]),
        Format("gray", [([100], 8)], [100, 128, 128]),
        Format("rgb24", [([255, 0, 0], 8)], [82, 90, 240]),
    ]

    @Test(arguments: formats)
    func everyFormatBecomesOneThatIsEncoded(format: Format) throws {
        let expected = format.expected
        var bytes: [UInt8] = []
        for (unit, count) in format.planes { for _ in 0..<count { bytes += unit } }
        let size = PixelSize(width: 4, height: 2)
        let source = try DecodedPicture(pixelFormat: format.name, size: size, bytes: bytes)
        var picture = YUV420Picture(size: size)
        source.copy(into: &picture)
        let planes =
            [UInt8](repeating: expected[0], count: 8) + [expected[1], expected[1], expected[2], expected[2]]
        #expect(picture.bytes == planes)
    }
}
