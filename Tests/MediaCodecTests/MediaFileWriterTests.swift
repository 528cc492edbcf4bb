import Foundation
import KinescopeTesting
import Matroska
import MediaCodec
import Pixels
import Testing

@Suite struct MediaFileWriterTests {
    private static func packets(_ path: String) throws -> (tracks: [TrackEntry], packets: [MediaPacket]) {
        var file = try MediaFile.open(path: path)
        var packets: [MediaPacket] = []
        while let packet = try file.next() { packets.append(packet) }
        return (file.tracks, packets)
    }

    @Test(arguments: [
        ("h264-aac", MediaContainer.mp4), ("h264-aac", .mkv), ("h264-bframes", .mp4), ("h264-bframes", .mkv),
        ("h265", .mp4), ("h265", .mkv), ("h264-vfr", .mp4), ("h264-alaw", .mkv), ("h264-mulaw", .mkv),
        ("h264-pcm", .mkv), ("vp9-opus", .mkv), ("mjpeg", .mkv),
    ])
    func packetsComeBackAsTheyWere(name: String, container: MediaContainer) throws {
        let folder = try TemporaryFolder()
        let path = folder.path("copy.\(container.rawValue)")
        let source = try Self.packets(Captures.path("made/\(name).mkv"))
        #expect(container.accepts(source.tracks))
        var writer = try MediaFileWriter.create(path: path, container: container, tracks: source.tracks)
        for packet in source.packets { try writer.write(packet) }
        try writer.finish()
        let copy = try Self.packets(path)
        #expect(copy.tracks.map(\.codecID) == source.tracks.map(\.codecID))
        for (old, new) in zip(source.tracks, copy.tracks) {
            let before = source.packets.filter { $0.track == old.number }
            let after = copy.packets.filter { $0.track == new.number }
            #expect(after.map(\.data) == before.map(\.data))
            let (first, start) = (before.first?.presentationTime ?? 0, after.first?.presentationTime ?? 0)
            let differences = zip(before, after).map {
                abs(($0.presentationTime - first) - ($1.presentationTime - start))
            }
            // Containers count in milliseconds at worst, and both ends are rounded.
            #expect(differences.allSatisfy { $0 <= 2_000_000 }, "\(differences.max() ?? 0) ns")
        }
    }

    @Test func mp4HasNoPlaceForG711() throws {
        let source = try Self.packets(Captures.path("made/h264-alaw.mkv"))
        #expect(!MediaContainer.mp4.accepts(source.tracks))
        let folder = try TemporaryFolder()
        #expect(throws: CodecError.self) {
            _ = try MediaFileWriter.create(
                path: folder.path("copy.mp4"),
                container: .mp4,
                tracks: source.tracks
            )
        }
    }

    @Test func pngHasItsSizeInItsHeader() throws {
        var image = RGBImage(size: PixelSize(width: 300, height: 7))
        image[299, 6] = RGBColor(red: 1, green: 2, blue: 3)
        let bytes = try PNGImage(image).bytes
        #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
        #expect(bytes[16..<24].elementsEqual([0, 0, 1, 44, 0, 0, 0, 7]))
        // Eight bits of red, green and blue.
        #expect(bytes[24..<26].elementsEqual([8, 2]))
    }
}
