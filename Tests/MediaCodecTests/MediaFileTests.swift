import Foundation
import KinescopeTesting
import Matroska
import MediaCodec
import Testing

@Suite struct MediaFileTests {
    private static let files = [
        "made/h264-aac", "made/h264-bframes", "made/h264-gop4s", "made/h264-vfr", "made/h264-nokey-first",
        "made/h265",
        "made/h264-pcm", "made/h264-alaw", "made/h264-mulaw", "made/mjpeg", "made/vp9-opus",
    ]

    private func packets(of file: inout MediaFile) throws -> [MediaPacket] {
        var packets: [MediaPacket] = []
        while let packet = try file.next() { packets.append(packet) }
        return packets
    }

    /// A file that gives at most `step` bytes at a time.
    private func open(_ bytes: [UInt8], step: Int) throws -> MediaFile {
        var rest = bytes[...]
        return try MediaFile.open(name: "bytes") { buffer in
            let part = rest.prefix(min(step, buffer.count))
            buffer.copyBytes(from: part)
            rest = rest.dropFirst(part.count)
            return part.count
        }
    }

    @Test(arguments: files)
    func tracksAndPacketsAreThoseOfTheFile(name: String) throws {
        let expected = try #require(try Captures.expectation(name).chunks.first)
        var file = try MediaFile.open(path: Captures.path(name + ".mkv"))
        let tracks = file.tracks
        #expect(tracks.map(\.number) == expected.tracks.map { UInt64($0.number) })
        #expect(tracks.map(\.type.rawValue) == expected.tracks.map { UInt64($0.type) })
        #expect(tracks.map(\.codecID) == expected.tracks.map(\.codec_id))
        #expect(tracks.map(\.codecPrivate.hex) == expected.tracks.map { $0.codec_private ?? "" })
        let packets = try packets(of: &file)
        #expect(packets.map(\.track) == expected.frames.map(\.track))
        #expect(packets.map(\.presentationTime) == expected.frames.map { 1_000_000 * $0.timecode })
        #expect(packets.map(\.isKey) == expected.frames.map(\.key))
        #expect(packets.map(\.data.count) == expected.frames.map(\.size))
    }

    @Test(arguments: files)
    func decodeTimesNeverFall(name: String) throws {
        var file = try MediaFile.open(path: Captures.path(name + ".mkv"))
        for (_, packets) in Dictionary(grouping: try packets(of: &file), by: \.track) {
            #expect(zip(packets, packets.dropFirst()).allSatisfy { $0.decodeTime <= $1.decodeTime })
        }
    }

    @Test(arguments: [1, 977, 1 << 20])
    func aClosureReadsAsWellAsAPath(step: Int) throws {
        let path = Captures.path("made/h264-aac.mkv")
        var reference = try MediaFile.open(path: path)
        var file = try open([UInt8](Data(contentsOf: URL(filePath: path))), step: step)
        #expect(file.tracks == reference.tracks)
        #expect(try packets(of: &file) == packets(of: &reference))
    }

    @Test(arguments: ["h264-aac", "h264-bframes", "h265"])
    func aByteStreamGetsSetUpDataAndLengths(name: String) throws {
        var reference = try MediaFile.open(path: Captures.path("made/\(name).mkv"))
        let track = try #require(reference.tracks.first)
        let frames = try packets(of: &reference).filter { $0.track == track.number }
        let stream = ByteStream(track)
        var file = try open(frames.flatMap { stream.frame($0) }, step: 4096)
        #expect(file.tracks.map(\.codecID) == [track.codecID])
        #expect(file.tracks.map(\.codecPrivate) == [track.codecPrivate])
        let packets = try packets(of: &file)
        #expect(packets.map(\.isKey) == frames.map(\.isKey))
        #expect(packets.map { stream.units($0.data) } == frames.map { stream.units(stream.withSets($0)) })
    }

    @Test func aacLosesItsHeadersAndGainsAConfiguration() throws {
        var reference = try MediaFile.open(path: Captures.path("made/h264-aac.mkv"))
        let track = try #require(reference.tracks.first { $0.codecID == "A_AAC" })
        let frames = try packets(of: &reference).filter { $0.track == track.number }
        var file = try open(frames.flatMap { adts($0.data) }, step: 4096)
        #expect(file.tracks.map(\.codecID) == ["A_AAC"])
        // The reference has an extension behind the two bytes that a header can tell.
        #expect(file.tracks.map(\.codecPrivate) == [Array(track.codecPrivate.prefix(2))])
        #expect(file.tracks.first?.audio?.samplingFrequency == 22050)
        #expect(try packets(of: &file).map(\.data) == frames.map(\.data))
    }

    /// AAC-LC, 22,050 Hz (7), one channel.
    private func adts(_ frame: [UInt8]) -> [UInt8] {
        let length = frame.count + 7
        return [0xFF, 0xF1, 1 << 6 | 7 << 2, 1 << 6 | UInt8(length >> 11), UInt8(length >> 3 & 0xFF)]
            + [UInt8(length & 7) << 5 | 0x1F, 0xFC] + frame
    }

    @Test func otherCodecsAreNamedAndLeftOut() throws {
        // A WAV file of GSM 6.10, which libav knows and the service does not.
        let header: [UInt8] =
            [UInt8]("RIFF".utf8) + [0x60, 1, 0, 0] + [UInt8]("WAVEfmt ".utf8)
            + [20, 0, 0, 0, 0x31, 0, 1, 0, 0x40, 0x1F, 0, 0, 0x59, 6, 0, 0, 65, 0, 0, 0, 2, 0, 0x40, 1]
            + [UInt8]("data".utf8) + [0x40, 1, 0, 0]
        var file = try open(header + [UInt8](repeating: 0xD0, count: 320), step: 512)
        #expect(file.tracks.isEmpty)
        #expect(file.unsupportedTracks.map(\.codec) == ["gsm_ms"])
        #expect(file.unsupportedTracks.map(\.kind) == ["audio"])
        #expect(try packets(of: &file).isEmpty)
    }

    @Test func errorsNameTheFileAndTheReason() {
        let missing = #expect(throws: CodecError.self) { _ = try MediaFile.open(path: "/nowhere/door.mp4") }
        #expect(missing?.code == .notFound)
        #expect(missing?.description == "open /nowhere/door.mp4: No such file or directory")
        let url = #expect(throws: CodecError.self) {
            _ = try MediaFile.open(path: "http://127.0.0.1/door.mp4")
        }
        #expect(url?.code == .notFound)
        let noise = #expect(throws: CodecError.self) {
            _ = try open([UInt8](repeating: 7, count: 5000), step: 512)
        }
        #expect(noise?.code == .invalidData)
        let broken = #expect(throws: CodecError.self) {
            _ = try MediaFile.open(name: "pipe") { _ in throw CancellationError() }
        }
        #expect(broken != nil)
    }

    @Test func damageOnTheWayDoesNotCrash() throws {
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: Captures.path("made/h264-aac.mkv"))))
        var numbers = RepeatableNumbers(state: 5)
        for _ in 0..<20 {
            var damaged = bytes
            for _ in 0..<50 { damaged[Int.random(in: 400..<bytes.count, using: &numbers)] ^= 0xA5 }
            damaged.removeLast(Int.random(in: 0..<bytes.count / 2, using: &numbers))
            guard var file = try? open(damaged, step: 4096) else { continue }
            _ = try? packets(of: &file)
        }
    }

    @Test func timeAndLengthComeFromTheContainer() throws {
        let file = try MediaFile.open(path: Captures.path("made/h264-gop4s.mkv"))
        #expect(file.duration == .seconds(12))
        #expect(file.creationTime == nil)
    }
}
