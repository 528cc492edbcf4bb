import Foundation
import KinescopeTesting
import Matroska
import MediaCodec
import Pixels
import TerminalVideo
import Testing

/// A file as escape sequences, each frame between the marks of a synchronised update: how the parts join.
private struct FileRenderer: ~Copyable {
    private var decoder: VideoDecoder
    private var scaler = FrameScaler()
    private var image = RGBImage(size: PixelSize(width: 0, height: 0))
    private var grid = CellGrid(columns: 0, rows: 0)
    private var encoder: ANSIEncoder
    private let columns: Int
    private let rows: Int
    private let tolerance: Tolerance

    init(track: TrackEntry, columns: Int, rows: Int, depth: ColorDepth, tolerance: Tolerance) throws {
        decoder = try VideoDecoder(track: track)
        encoder = ANSIEncoder(depth: depth)
        (self.columns, self.rows, self.tolerance) = (columns, rows, tolerance)
    }

    static func render(
        _ path: String,
        columns: Int,
        rows: Int,
        depth: ColorDepth = .truecolor,
        tolerance: Tolerance = .justVisible,
        write: ([UInt8]) throws -> Void
    ) throws {
        var file = try MediaFile.open(path: path)
        guard let track = file.tracks.first(where: { $0.type == .video }) else { return }
        var renderer = try FileRenderer(
            track: track,
            columns: columns,
            rows: rows,
            depth: depth,
            tolerance: tolerance
        )
        while let packet = try file.next() {
            guard packet.track == track.number else { continue }
            // A damaged frame is left out; the next one may be whole.
            try? renderer.decoder.send(packet.data, timecode: packet.presentationTime, isKey: packet.isKey)
            try renderer.show(write)
        }
        try renderer.decoder.drain()
        try renderer.show(write)
    }

    private mutating func show(_ write: ([UInt8]) throws -> Void) throws {
        while let picture = try decoder.receive() {
            let place = picture.size.fitted(columns: columns, rows: rows, sampleAspect: picture.sampleAspect)
            image.resize(to: place.size)
            scaler.scale(picture, into: &image)
            HalfBlockRenderer().render(image, into: &grid)
            var bytes = [UInt8]("\u{1B}[?2026h".utf8)
            let origin = CellPosition(column: place.x, row: place.y / 2)
            encoder.encode(grid, at: origin, tolerance: tolerance, into: &bytes)
            bytes += "\u{1B}[?2026l".utf8
            try write(bytes)
        }
    }
}

@Suite struct RenderTests {
    @Test(arguments: ["h264-aac", "h264-bframes", "h264-nokey-first", "h265", "mjpeg", "vp9-opus"])
    func everyPictureBecomesOneFrameOfBytes(name: String) throws {
        let expected = try #require(
            try Captures.expectation("made/\(name)").decoded.whole.first { $0.kind == "video" }
        )
        var frames: [[UInt8]] = []
        try FileRenderer.render(Captures.path("made/\(name).mkv"), columns: 80, rows: 24) {
            frames.append($0)
        }
        #expect(frames.count == expected.frames)
        let (begin, end) = ([UInt8]("\u{1B}[?2026h".utf8), [UInt8]("\u{1B}[?2026l".utf8))
        #expect(frames.allSatisfy { $0.starts(with: begin) && $0.suffix(8).elementsEqual(end) })
        #expect(frames.allSatisfy { String(validating: $0, as: UTF8.self) != nil })
    }

    @Test(.enabled(if: Captures.real != nil, Comment(rawValue: Captures.realAreMissing)))
    func toleranceSavesBytes() throws {
        let film = try #require(Captures.real).appending(path: "vogels_330.mkv").path
        var sizes: [Int] = []
        for tolerance in [Tolerance.exact, .justVisible] {
            var size = 0
            try FileRenderer.render(
                film,
                columns: 80,
                rows: 24,
                tolerance: tolerance
            ) {
                size += $0.count
            }
            sizes.append(size)
        }
        #expect(2 * sizes[1] < sizes[0])
    }
}
