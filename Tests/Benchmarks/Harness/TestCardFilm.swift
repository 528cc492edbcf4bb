import Matroska
import MediaCodec
import Pixels

/// A camera of the demo, encoded: the same frames in every run.
enum TestCardFilm {
    static func encoded(frames count: Int) throws -> (track: TrackEntry, frames: [EncodedFrame]) {
        let card = TestCard(stream: "front-door", seed: 1)
        var encoder = try VideoEncoder(.init(size: card.size, rate: .quality(24, limit: 2_000_000)))
        var picture = YUV420Picture(size: card.size)
        let frames = try (0..<count).map { index in
            let time = 1_763_820_202_000 + 40 * Int64(index)
            card.draw(at: time, into: &picture)
            return try encoder.encode(picture, timecode: time)
        }
        return (encoder.track, frames)
    }
}
