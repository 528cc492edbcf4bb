import CFFmpeg
import Matroska
package import Pixels

/// Makes H.264 of a stream of pictures whose codec is not carried: raw ones of a camera, MPEG-2 of a recording.
///
/// ```
/// packet  ->  decoder  ->  DecodedPicture  ->  YUV420Picture  ->  VideoEncoder  ->  MediaPacket
/// ```
/// A key frame every two seconds. Sendable is right because only the file that owns it calls it, and that is used from
/// one thread at a time.
final class VideoTranscoder: @unchecked Sendable {
    /// The track as it comes out.
    let track: TrackEntry
    /// What libav calls the codec of the packets.
    let codec: String

    private let decoder: CodecContext
    private var encoder: VideoEncoder
    private var picture: YUV420Picture
    private var lastKey: Int64?
    private var lastTime: Int64?
    /// Nanoseconds from a picture to the next, for one without a time of its own.
    private let framePeriod: Int64

    /// Nanoseconds between two key frames.
    private static let keyInterval: UInt64 = 2_000_000_000

    /// Opens decoder and encoder of a stream; nil where its codec is carried, or it has no pictures that can be decoded.
    init?(_ stream: UnsafeMutablePointer<AVStream>) throws(CodecError) {
        let parameters = stream.pointee.codecpar.pointee
        let size = PixelSize(
            width: Int(max(0, parameters.width)) & ~1,
            height: Int(max(0, parameters.height)) & ~1
        )
        guard parameters.codec_type == AVMEDIA_TYPE_VIDEO, !size.isEmpty,
            MatroskaCodec.name(of: parameters.codec_id) == nil,
            stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC == 0,
            let codec = avcodec_find_decoder(parameters.codec_id)
        else { return nil }
        self.codec = String(cString: avcodec_get_name(parameters.codec_id))
        decoder = try CodecContext(codec)
        let operation = "open a decoder for \(self.codec)"
        try CodecError.check(
            avcodec_parameters_to_context(decoder.pointer, stream.pointee.codecpar),
            operation
        )
        decoder.pointer.pointee.max_pixels = 1 << 26
        try CodecError.check(avcodec_open2(decoder.pointer, codec, nil), operation)
        let rate = stream.pointee.avg_frame_rate
        let framesPerSecond =
            rate.num > 0 && rate.den > 0 ? min(max(1, Int(rate.num) / Int(rate.den)), 1000) : 25
        framePeriod = 1_000_000_000 / Int64(framesPerSecond)
        encoder = try VideoEncoder(
            VideoEncoder.Settings(
                size: size,
                framesPerSecond: framesPerSecond,
                keyFrameInterval: 2 * framesPerSecond,
                rate: .quality(23, limit: 8_000_000),
                preset: .veryfast
            )
        )
        var track = encoder.track
        (track.number, track.uid) = (UInt64(stream.pointee.index) + 1, UInt64(stream.pointee.index) + 1)
        self.track = track
        picture = YUV420Picture(size: size)
    }

    /// Takes a packet of the stream.
    ///
    /// - Returns: the packets that it completes. One that cannot be decoded is passed over.
    func encode(_ packet: borrowing Packet, timeBase: AVRational) throws(CodecError) -> [MediaPacket] {
        let result = avcodec_send_packet(decoder.pointer, packet.pointer)
        if result == CFFmpeg_ERROR_INVALID_DATA { return [] }
        try CodecError.check(result, "decode a picture of \(codec)")
        return try receive(timeBase)
    }

    /// Ends the stream.
    ///
    /// - Returns: what was still inside of the decoder; nothing the second time.
    func finish(timeBase: AVRational) throws(CodecError) -> [MediaPacket] {
        guard avcodec_send_packet(decoder.pointer, nil) >= 0 else { return [] }
        return try receive(timeBase)
    }

    private func receive(_ timeBase: AVRational) throws(CodecError) -> [MediaPacket] {
        var packets: [MediaPacket] = []
        while true {
            let frame = try Frame()
            let result = avcodec_receive_frame(decoder.pointer, frame.pointer)
            if result == CFFmpeg_ERROR_AGAIN || result == CFFmpeg_ERROR_EOF { return packets }
            try CodecError.check(result, "decode a picture of \(codec)")
            let stamp = frame.pointer.pointee.best_effort_timestamp
            let time =
                stamp == CFFmpeg_NO_TIMESTAMP
                ? lastTime.map { $0 &+ framePeriod } ?? 0
                : av_rescale_q(stamp, timeBase, AVRational(num: 1, den: 1_000_000_000))
            if let lastTime, time <= lastTime { continue }
            lastTime = time
            try DecodedPicture(frame).copy(into: &picture)
            // Times only grow: without a sign, any distance has room in 64 bits.
            let isDue = lastKey.map { UInt64(bitPattern: time &- $0) >= Self.keyInterval } ?? true
            let encoded = try encoder.encode(picture, timecode: 0, forcesKeyFrame: isDue)
            if encoded.isKey { lastKey = time }
            packets.append(
                MediaPacket(
                    track: track.number,
                    presentationTime: time,
                    decodeTime: time,
                    isKey: encoded.isKey,
                    data: encoded.data
                )
            )
        }
    }
}

extension DecodedPicture {
    /// Copies the picture, in whatever format it is, as far as it reaches into one of 4:2:0.
    ///
    /// Chroma is taken from the first of the pixels that share it. Samples of more than eight bits lose the rest.
    package func copy(into picture: inout YUV420Picture) {
        let rgb = layout.isRGB
        let full = !rgb && (colors.isFullRange || pixelFormat.hasPrefix("yuvj"))
        let (size, source) = (picture.size, self.size)
        let limit = PixelSize(width: min(size.width, source.width), height: min(size.height, source.height))
        guard !limit.isEmpty else { return }
        let samples = PictureSamples(self)
        let half = (size.width + 1) / 2
        picture.withUnsafeMutablePlanes { luma, blue, red in
            for y in 0..<limit.height {
                for x in 0..<limit.width {
                    let value = rgb ? samples.luma(x, y) : samples.value(0, x, y)
                    luma[y * size.width + x] = UInt8(full ? 16 + value * 219 / 255 : value)
                }
            }
            for y in 0..<(limit.height + 1) / 2 {
                for x in 0..<(limit.width + 1) / 2 {
                    let (u, v) = samples.chroma(2 * x, 2 * y, isRGB: rgb)
                    blue[y * half + x] = UInt8(full ? 128 + (u - 128) * 224 / 255 : u)
                    red[y * half + x] = UInt8(full ? 128 + (v - 128) * 224 / 255 : v)
                }
            }
        }
    }
}

/// Reads samples of a picture at any place of it, as eight bits.
private struct PictureSamples {
    private let planes: [(base: UnsafeMutablePointer<UInt8>, component: PictureLayout.Component, stride: Int)]
    private let sampleSize: Int
    private let scale: Int

    /// Looks at a picture, which must outlive this.
    init(_ picture: borrowing DecodedPicture) {
        var planes: [(UnsafeMutablePointer<UInt8>, PictureLayout.Component, Int)] = []
        for component in picture.layout.components {
            guard let base = picture.frame.plane(component.plane) else { continue }
            planes.append((base, component, picture.frame.stride(component.plane)))
        }
        self.planes = planes
        (sampleSize, scale) = (picture.layout.sampleSize, picture.layout.scale)
    }

    func value(_ index: Int, _ x: Int, _ y: Int) -> Int {
        let (base, component, stride) = planes[index]
        let place =
            (y >> component.shiftY) * stride + component.offset + (x >> component.shiftX) * component.step
        let low = Int(base[place])
        return sampleSize == 1 ? low : min(255, (low | Int(base[place + 1]) << 8) / scale)
    }

    func chroma(_ x: Int, _ y: Int, isRGB: Bool) -> (Int, Int) {
        guard planes.count >= 3 else { return (128, 128) }
        guard isRGB else { return (value(1, x, y), value(2, x, y)) }
        let (r, g, b) = (value(0, x, y), value(1, x, y), value(2, x, y))
        return (
            ((-38 * r - 74 * g + 112 * b + 128) >> 8) + 128, ((112 * r - 94 * g - 18 * b + 128) >> 8) + 128
        )
    }

    func luma(_ x: Int, _ y: Int) -> Int {
        guard planes.count >= 3 else { return value(0, x, y) }
        return ((66 * value(0, x, y) + 129 * value(1, x, y) + 25 * value(2, x, y) + 128) >> 8) + 16
    }
}
