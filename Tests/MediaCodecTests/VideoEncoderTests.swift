import Matroska
import MediaCodec
import Pixels
import Testing

@Suite struct VideoEncoderTests {
    private static let start: Int64 = 1_763_820_202_000

    private func frames(_ settings: VideoEncoder.Settings, count: Int, seed: UInt64 = 1) throws -> (
        TrackEntry, [EncodedFrame]
    ) {
        let card = TestCard(stream: "front-door", seed: seed, size: settings.size)
        var encoder = try VideoEncoder(settings)
        var picture = YUV420Picture(size: settings.size)
        var frames: [EncodedFrame] = []
        for index in 0..<count {
            let time = Self.start + 40 * Int64(index)
            card.draw(at: time, into: &picture)
            frames.append(try encoder.encode(picture, timecode: time))
        }
        return (encoder.track, frames)
    }

    @Test(arguments: VideoEncoder.Preset.allCases)
    func theClockSurvivesTheCodecAndTheScalingToATerminal(preset: VideoEncoder.Preset) throws {
        let settings = VideoEncoder.Settings(
            size: TestCard.standardSize,
            rate: .average(1_000_000),
            preset: preset
        )
        let (track, frames) = try frames(settings, count: 30)
        var decoder = try VideoDecoder(track: track)
        var scaler = FrameScaler()
        var shown: [Int64] = []
        for frame in frames {
            try decoder.send(frame)
            guard let picture = try decoder.receive() else { continue }
            for (width, height) in [(64, 36), (40, 22), (35, 20)] {
                var image = RGBImage(size: PixelSize(width: width, height: height))
                scaler.scale(picture, into: &image)
                #expect(TestCard.time(in: image) == UInt32(truncatingIfNeeded: picture.timecode))
            }
            shown.append(picture.timecode)
        }
        #expect(shown == frames.map(\.timecode))
    }

    @Test func coloursSurviveTheCodec() throws {
        let settings = VideoEncoder.Settings(
            size: TestCard.standardSize,
            rate: .quality(10, limit: 50_000_000)
        )
        let (track, frames) = try frames(settings, count: 1)
        var decoder = try VideoDecoder(track: track)
        try decoder.send(frames[0])
        guard let picture = try decoder.receive() else {
            Issue.record("no picture came out")
            return
        }
        #expect(picture.colors == ColorConversion(matrix: .bt601, isFullRange: false))
        let card = TestCard(stream: "front-door", seed: 1)
        var source = YUV420Picture(size: card.size)
        card.draw(at: Self.start, into: &source)
        let original = try DecodedPicture(
            pixelFormat: "yuv420p",
            size: source.size,
            bytes: source.bytes,
            colors: picture.colors
        )
        var (first, second) = (
            RGBImage(size: PixelSize(width: 80, height: 46)), RGBImage(size: PixelSize(width: 80, height: 46))
        )
        var scaler = FrameScaler()
        scaler.scale(original, into: &first)
        scaler.scale(picture, into: &second)
        let errors = zip(first.bytes, second.bytes).map { abs(Int($0) - Int($1)) }
        #expect(errors.reduce(0, +) < 2 * errors.count)
    }

    @Test func keyFramesComeAtTheIntervalAndOnDemand() throws {
        var settings = VideoEncoder.Settings(size: PixelSize(width: 64, height: 36))
        settings.keyFrameInterval = 10
        let (_, frames) = try frames(settings, count: 31)
        #expect(frames.indices.filter { frames[$0].isKey } == [0, 10, 20, 30])
        var encoder = try VideoEncoder(settings)
        let picture = YUV420Picture(size: settings.size)
        let keys = try (0..<8).map { try encoder.encode(picture, timecode: 0, forcesKeyFrame: $0 == 5).isKey }
        #expect(keys == [true, false, false, false, false, true, false, false])
    }

    @Test func framesAreNALUnitsBehindTheirLengths() throws {
        let (track, frames) = try frames(.init(size: PixelSize(width: 64, height: 36)), count: 3)
        #expect(track.codecID == "V_MPEG4/ISO/AVC")
        #expect(track.codecPrivate.first == 1)
        #expect(track.defaultDuration == 40_000_000)
        for frame in frames {
            var rest = frame.data[...]
            while !rest.isEmpty {
                let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
                try #require(length > 0 && length + 4 <= rest.count)
                rest = rest.dropFirst(4 + length)
            }
        }
    }

    @Test func theBitrateIsKeptAndFollowsTheMotion() throws {
        let settings = VideoEncoder.Settings(
            size: TestCard.standardSize,
            rate: .quality(26, limit: 2_000_000)
        )
        let (_, frames) = try frames(settings, count: 25 * 50)
        let seconds = stride(from: 0, to: frames.count, by: 25).map { start in
            frames[start..<start + 25].reduce(0) { $0 + 8 * $1.data.count }
        }
        // Two seconds at a time, as one has a key frame and the other has not.
        let pairs = stride(from: 0, to: seconds.count, by: 2).map { (seconds[$0] + seconds[$0 + 1]) / 2 }
        let (low, high) = (pairs.min() ?? 0, pairs.max() ?? 0)
        #expect(high < 2_400_000)
        #expect(low > 50_000)
        #expect(high > 2 * low, "quiet \(low), busy \(high) bit/s")
    }

    @Test func aPictureOfAnotherSizeIsRefused() throws {
        var encoder = try VideoEncoder(.init(size: PixelSize(width: 64, height: 36)))
        let picture = YUV420Picture(size: PixelSize(width: 32, height: 18))
        let error = #expect(throws: CodecError.self) { try encoder.encode(picture, timecode: 0) }
        #expect(error?.code == .invalidData)
    }
}
