import KinescopeTesting
import Matroska
import MediaCodec
import Testing

@Suite struct AudioMeterTests {
    @Test(arguments: ["h264-aac", "h264-pcm", "h264-alaw", "h264-mulaw", "vp9-opus"])
    func soundHasALevelBetweenSilenceAndFullScale(name: String) throws {
        var file = try MediaFile.open(path: Captures.path("made/\(name).mkv"))
        let track = try #require(file.tracks.first { $0.type == .audio })
        var frames: [[UInt8]] = []
        while let packet = try file.next() {
            if packet.track == track.number { frames.append(packet.data) }
        }
        var meter = try AudioMeter(track: track)
        let measured = meter.level(of: frames)
        let level = try #require(measured)
        #expect(level.peak > 0.01 && level.peak <= 1.05)
        #expect(level.rms > 0.005 && level.rms < level.peak)
    }

    @Test func aSquareWaveAtHalfScaleIsThatLoud() throws {
        let track = TrackEntry(
            number: 1,
            type: .audio,
            codecID: "A_PCM/INT/LIT",
            audio: .init(samplingFrequency: 8000, channels: 1, bitDepth: 16)
        )
        // 0x4000 and -0x4000 in turn.
        let wave: [UInt8] = (0..<400).flatMap { $0 % 2 == 0 ? [0x00, 0x40] : [0x00, 0xC0] as [UInt8] }
        var meter = try AudioMeter(track: track)
        #expect(meter.level(of: [wave]) == AudioLevel(peak: 0.5, rms: 0.5))
        #expect(meter.level(of: []) == nil)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, 1e300, -1])
    func aRateThatCannotBeIsNoTrap(frequency: Double) {
        let track = TrackEntry(
            number: 1,
            type: .audio,
            codecID: "A_PCM/INT/LIT",
            audio: .init(samplingFrequency: frequency, channels: 1, bitDepth: 16)
        )
        do {
            var meter = try AudioMeter(track: track)
            _ = meter.level(of: [[0x00, 0x40]])
        } catch {
            // Whether the decoder takes the rate is its own affair.
        }
    }

    @Test func picturesHaveNoLevel() throws {
        #expect(throws: CodecError.self) {
            _ = try AudioMeter(track: TrackEntry(number: 1, type: .video, codecID: "V_MPEG4/ISO/AVC"))
        }
    }
}
