import Matroska
import MediaCodec
import Pixels

/// Decodes single key frames beside the player's own decoder, whose place in the stream stays as it is.
struct GlanceDecoder: ~Copyable {
    private var decoder: VideoDecoder?
    private var track: TrackEntry?
    private var scaler = FrameScaler()

    /// Decodes a key frame of the memory; nil where it cannot be decoded, which another one may.
    mutating func glance(_ key: MemoryKeyFrame, fit: PlayerShared.Fit) -> Glance? {
        do throws(CodecError) {
            if decoder == nil || track != key.track {
                decoder = try VideoDecoder(track: key.track)
                track = key.track
            }
            decoder?.reset()
            try decoder?.send(key.frame.data, timecode: 0, isKey: true)
            // A decoder keeps pictures back that it may have to reorder.
            try decoder?.drain()
            guard let picture = try decoder?.receive() else { return nil }
            let size = fit(picture.size, picture.sampleAspect).limited(toSide: FrameScaler.sideLimit)
            var image = RGBImage(size: size)
            scaler.scale(picture, into: &image)
            return Glance(image: image, frame: key.address, time: key.time)
        } catch {
            decoder = nil
            return nil
        }
    }
}
