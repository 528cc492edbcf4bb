import KinescopeTesting
import Matroska
import MediaCodec
import Testing

@Suite struct LoopFilterTests {
    /// The pictures of a file in order, and whether each is one that no other is made from.
    private func pictures(_ skip: VideoDecoder.LoopFilterSkip) throws -> [(
        md5: [UInt8], kind: DecodedPicture.Kind
    )] {
        var file = try MediaFile.open(path: Captures.path("made/h264-bframes.mkv"))
        let track = try #require(file.tracks.first { $0.type == .video })
        var options = VideoDecoder.Options()
        options.skippedLoopFilter = skip
        var decoder = try VideoDecoder(track: track, options: options)
        var pictures: [(md5: [UInt8], kind: DecodedPicture.Kind)] = []
        func take(_ decoder: inout VideoDecoder) throws {
            while let picture = try decoder.receive() { pictures.append((try picture.md5(), picture.kind)) }
        }
        while let packet = try file.next() {
            guard packet.track == track.number else { continue }
            try decoder.send(packet.data, timecode: packet.presentationTime, isKey: packet.isKey)
            try take(&decoder)
        }
        try decoder.drain()
        try take(&decoder)
        return pictures
    }

    @Test func whatIsLeftOutOfUnreferencedPicturesDoesNotSpread() throws {
        let (whole, fast) = (try pictures(.none), try pictures(.unreferenced))
        #expect(whole.count == fast.count)
        let differ = zip(whole, fast).filter { $0.md5 != $1.md5 }
        // The file has pictures that it applies to, and all of them are of the kind that others seldom refer to.
        #expect(!differ.isEmpty)
        #expect(differ.allSatisfy { $0.0.kind == .bidirectional })
    }
}
