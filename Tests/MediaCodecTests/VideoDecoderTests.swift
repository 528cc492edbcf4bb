import KinescopeTesting
import Matroska
import MediaCodec
import Pixels
import Testing

@Suite struct VideoDecoderTests {
    private static let decodable = [
        "h264-aac", "h264-bframes", "h264-vfr", "h264-nokey-first", "h264-gop4s", "h265", "mjpeg", "vp9-opus",
    ]

    /// What came out, in order.
    private struct Outcome {
        var md5s: [String] = []
        var timecodes: [Int64] = []
        var errors = 0
    }

    private func take(from decoder: inout VideoDecoder, into outcome: inout Outcome) {
        while true {
            do {
                guard let picture = try decoder.receive() else { return }
                outcome.md5s.append(try picture.md5().hex)
                outcome.timecodes.append(picture.timecode)
            } catch {
                outcome.errors += 1
            }
        }
    }

    private func packets(_ path: String) throws -> (track: TrackEntry, packets: [MediaPacket]) {
        var file = try MediaFile.open(path: Captures.path(path))
        let track = try #require(file.tracks.first { $0.type == .video })
        var packets: [MediaPacket] = []
        while let packet = try file.next() {
            if packet.track == track.number { packets.append(packet) }
        }
        return (track, packets)
    }

    private func decode(
        _ packets: some Sequence<MediaPacket>,
        track: TrackEntry,
        options: VideoDecoder.Options = .init()
    ) throws -> Outcome {
        var decoder = try VideoDecoder(track: track, options: options)
        var outcome = Outcome()
        for packet in packets { send(packet, to: &decoder, &outcome) }
        try decoder.drain()
        take(from: &decoder, into: &outcome)
        return outcome
    }

    private func send(_ packet: MediaPacket, to decoder: inout VideoDecoder, _ outcome: inout Outcome) {
        do {
            try decoder.send(packet.data, timecode: packet.presentationTime, isKey: packet.isKey)
        } catch {
            outcome.errors += 1
        }
        take(from: &decoder, into: &outcome)
    }

    @Test(arguments: decodable, [1, 2])
    func everyPictureIsThatOfTheReference(name: String, threads: Int) throws {
        let expected = try #require(
            try Captures.expectation("made/\(name)").decoded.whole.first { $0.kind == "video" }
        )
        let (track, packets) = try packets("made/\(name).mkv")
        var options = VideoDecoder.Options()
        options.threads = threads
        let outcome = try decode(packets, track: track, options: options)
        #expect(outcome.md5s.count == expected.frames)
        #expect(outcome.md5s.first == expected.first_md5)
        #expect(outcome.md5s[outcome.md5s.count / 2] == expected.middle_md5)
        #expect(outcome.md5s.last == expected.last_md5)
        #expect(outcome.errors == 0)
    }

    @Test(arguments: decodable)
    func timecodesComeOutInTheOrderOfPresentation(name: String) throws {
        let (track, packets) = try packets("made/\(name).mkv")
        let outcome = try decode(packets, track: track)
        let shown = packets.drop { !$0.isKey }.map(\.presentationTime).sorted()
        #expect(outcome.timecodes == shown)
    }

    @Test(arguments: ["h264-aac", "h264-vfr", "mjpeg"])
    func aPictureComesOutAtOnceWhereNoneIsReordered(name: String) throws {
        let (track, packets) = try packets("made/\(name).mkv")
        var options = VideoDecoder.Options()
        options.threads = 2
        options.isLowDelay = true
        var decoder = try VideoDecoder(track: track, options: options)
        for packet in packets {
            var outcome = Outcome()
            send(packet, to: &decoder, &outcome)
            #expect(outcome.timecodes == [packet.presentationTime])
        }
    }

    @Test func lowDelayKeepsTheOrderOfReorderedPictures() throws {
        let (track, packets) = try packets("made/h264-bframes.mkv")
        var options = VideoDecoder.Options()
        options.isLowDelay = true
        let outcome = try decode(packets, track: track, options: options)
        #expect(outcome.timecodes == packets.map(\.presentationTime).sorted())
    }

    @Test func keyFramesCanBeDecodedAlone() throws {
        let (track, packets) = try packets("made/h264-gop4s.mkv")
        var options = VideoDecoder.Options()
        options.keyFramesOnly = true
        let outcome = try decode(packets, track: track, options: options)
        #expect(outcome.timecodes == packets.filter(\.isKey).map(\.presentationTime))
        #expect(outcome.timecodes.count == 3)
    }

    @Test func afterAResetItWaitsForAKeyFrame() throws {
        let (track, packets) = try packets("made/h264-gop4s.mkv")
        var decoder = try VideoDecoder(track: track)
        var outcome = Outcome()
        for packet in packets[..<5] { send(packet, to: &decoder, &outcome) }
        #expect(outcome.timecodes.count == 5)
        decoder.reset()
        outcome = Outcome()
        for packet in packets[30...] { send(packet, to: &decoder, &outcome) }
        try decoder.drain()
        take(from: &decoder, into: &outcome)
        #expect(outcome.timecodes == packets[40...].map(\.presentationTime))
        #expect(outcome.errors == 0)
    }

    @Test func aDrainedDecoderStartsAgainAfterAReset() throws {
        let (track, packets) = try packets("made/h265.mkv")
        var decoder = try VideoDecoder(track: track)
        var runs: [[String]] = []
        for _ in 0..<2 {
            var outcome = Outcome()
            for packet in packets { send(packet, to: &decoder, &outcome) }
            try decoder.drain()
            take(from: &decoder, into: &outcome)
            runs.append(outcome.md5s)
            decoder.reset()
        }
        #expect(runs[0].count == packets.count)
        #expect(runs[0] == runs[1])
    }

    /// The same stream in every form that producers send.
    @Test(arguments: ["h264-aac", "h264-bframes", "h265"], 0..<4)
    func startCodesAndLengthsMayBeMixed(name: String, mixture: Int) throws {
        let (framesHaveCodes, setUpHasCodes) = (mixture & 1 == 1, mixture & 2 == 2)
        var (track, packets) = try packets("made/\(name).mkv")
        let expected = try decode(packets, track: track)
        let stream = ByteStream(track)
        if setUpHasCodes {
            track.codecPrivate = stream.setUpData
        }
        if framesHaveCodes {
            for index in packets.indices {
                packets[index].data = stream.startCodes(packets[index].data)
            }
        }
        let outcome = try decode(packets, track: track)
        #expect(outcome.md5s == expected.md5s)
        #expect(outcome.errors == 0)
    }

    @Test(arguments: decodable, 0..<3)
    func damageGivesErrorsAndNoCrash(name: String, seed: Int) throws {
        var (track, packets) = try packets("made/\(name).mkv")
        var numbers = RepeatableNumbers(state: UInt64(seed))
        for index in packets.indices where Int.random(in: 0..<3, using: &numbers) == 0 {
            switch Int.random(in: 0..<3, using: &numbers) {
            case 0:
                packets[index].data.removeLast(Int.random(in: 0...packets[index].data.count, using: &numbers))
            case 1:
                packets[index].data = packets[index].data.map { _ in
                    UInt8.random(in: 0...255, using: &numbers)
                }
            default:
                for _ in 0..<8 where !packets[index].data.isEmpty {
                    let place = Int.random(in: packets[index].data.indices, using: &numbers)
                    packets[index].data[place] ^= UInt8.random(in: 1...255, using: &numbers)
                }
            }
        }
        let outcome = try decode(packets, track: track)
        #expect(outcome.md5s.count <= packets.count)
        if !track.codecPrivate.isEmpty {
            track.codecPrivate = track.codecPrivate.map { $0 ^ UInt8.random(in: 0...255, using: &numbers) }
            // Refusing to open is right as well.
            _ = try? decode(packets, track: track)
        }
    }

    @Test(arguments: ["V_UNKNOWN", "A_AAC", "V_MS/VFW/FOURCC", ""])
    func anUnknownCodecIsAnError(codecID: String) {
        let track = TrackEntry(number: 1, type: .video, codecID: codecID)
        let error = #expect(throws: CodecError.self) { _ = try VideoDecoder(track: track) }
        #expect(error?.code == .unsupportedCodec)
    }

    @Test func aVideoForWindowsHeaderNamesTheCodec() throws {
        var (track, packets) = try packets("made/mjpeg.mkv")
        let expected = try decode(packets, track: track)
        track.codecID = "V_MS/VFW/FOURCC"
        track.codecPrivate =
            [UInt8](repeating: 0, count: 16) + [UInt8]("MJPG".utf8) + [UInt8](repeating: 0, count: 20)
        #expect(try decode(packets, track: track).md5s == expected.md5s)
    }

    @Test func picturesDescribeThemselves() throws {
        let (track, packets) = try packets("made/mjpeg.mkv")
        var decoder = try VideoDecoder(track: track)
        try decoder.send(packets[0].data, timecode: 7, isKey: true)
        guard let picture = try decoder.receive() else {
            Issue.record("no picture came out")
            return
        }
        #expect(picture.size.width == 128 && picture.size.height == 96)
        #expect(picture.pixelFormat == "yuvj420p")
        #expect(picture.colors == ColorConversion(matrix: .bt601, isFullRange: true))
        #expect(picture.sampleAspect == 1)
        #expect(picture.isKey && picture.kind == .intra && !picture.isDamaged)
        #expect(picture.timecode == 7)
    }
}

/// Numbers that are the same in every run.
struct RepeatableNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state ^ state >> 33) &* 0xFF51_AFD7_ED55_8CCD
    }
}
