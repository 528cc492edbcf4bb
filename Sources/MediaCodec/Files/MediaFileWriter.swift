import CFFmpeg
public import Matroska

/// Writes tracks into a file as they are: packets are copied, nothing is encoded.
///
/// ```
/// MediaPacket, MediaPacket, ...  ->  libavformat's muxer  ->  MP4 or MKV
/// ```
/// A packet with a time below 0 is decoded and not shown, where the container can say so: an MP4 does, by its edit
/// list. Without `finish` the file stays without its index. Use one writer from one thread at a time.
public struct MediaFileWriter: ~Copyable, Sendable {
    private struct Stream: Sendable {
        var index: CInt
        var timeBase: AVRational
        var lastDecodeTime: Int64?
    }

    private let context: OutputContext
    private let packet: Packet
    private var streams: [UInt64: Stream] = [:]

    /// Creates the file and writes its head.
    ///
    /// - Parameters:
    ///   - path: A path, never a URL; a file that is there is replaced.
    ///   - container: What kind of file.
    ///   - tracks: What goes in; pictures need their size.
    /// - Returns: The file, ready for packets.
    /// - Throws: `unsupportedCodec` where a track does not fit the container, or what else libav says.
    public static func create(
        path: String,
        container: MediaContainer,
        tracks: [TrackEntry]
    ) throws(CodecError) -> MediaFileWriter {
        let context = try OutputContext.create(path: path, format: container.format)
        var streams: [UInt64: Stream] = [:]
        for track in tracks {
            guard container.accepts([track]), let codec = MatroskaCodec.parameters(track) else {
                throw CodecError(
                    .unsupportedCodec,
                    "write \(path)",
                    reason: "\(container.rawValue) has no place for \(track.codecID)"
                )
            }
            let stream = try CodecError.check(avformat_new_stream(context.pointer, nil), "write \(path)")
            stream.pointee.time_base = AVRational(num: 1, den: 90_000)
            try describe(track, codec, stream.pointee.codecpar)
            streams[track.number] = Stream(index: stream.pointee.index, timeBase: AVRational())
        }
        var options: OpaquePointer?
        defer { av_dict_free(&options) }
        if container == .mp4 { av_dict_set(&options, "movflags", "+faststart", 0) }
        try CodecError.check(avformat_write_header(context.pointer, &options), "write \(path)")
        // The muxer has chosen its own units by now.
        for (number, stream) in streams {
            guard let written = context.pointer.pointee.streams?[Int(stream.index)] else { continue }
            streams[number]?.timeBase = written.pointee.time_base
        }
        return MediaFileWriter(context: context, packet: try Packet(), streams: streams)
    }

    private init(context: consuming OutputContext, packet: consuming Packet, streams: [UInt64: Stream]) {
        self.context = context
        self.packet = packet
        self.streams = streams
    }

    /// Writes a packet; those of a track that is not in the file are left out.
    ///
    /// A decode time that does not grow within its track is moved behind the one before.
    public mutating func write(_ frame: MediaPacket) throws(CodecError) {
        guard var stream = streams[frame.track] else { return }
        try packet.fill(with: frame.data)
        func time(_ nanoseconds: Int64) -> Int64 {
            av_rescale_q(nanoseconds, AVRational(num: 1, den: 1_000_000_000), stream.timeBase)
        }
        let decode = max(time(frame.decodeTime), stream.lastDecodeTime.map { $0 + 1 } ?? .min)
        stream.lastDecodeTime = decode
        packet.pointer.pointee.stream_index = stream.index
        packet.pointer.pointee.dts = decode
        packet.pointer.pointee.pts = max(decode, time(frame.presentationTime))
        packet.pointer.pointee.duration = frame.duration.map(time) ?? 0
        if frame.isKey { packet.pointer.pointee.flags |= AV_PKT_FLAG_KEY }
        streams[frame.track] = stream
        try CodecError.check(
            av_interleaved_write_frame(context.pointer, packet.pointer),
            "write a packet of \(frame.data.count) bytes"
        )
    }

    /// Writes the index and closes the file.
    public consuming func finish() throws(CodecError) {
        try CodecError.check(av_write_trailer(context.pointer), "write the end of a file")
        try context.close()
    }

    private static func describe(
        _ track: TrackEntry,
        _ codec: (codec: AVCodecID, configuration: [UInt8]),
        _ parameters: UnsafeMutablePointer<AVCodecParameters>
    ) throws(CodecError) {
        parameters.pointee.codec_id = codec.codec
        if track.type == .video {
            parameters.pointee.codec_type = AVMEDIA_TYPE_VIDEO
            parameters.pointee.width = CInt(clamping: track.video?.width ?? 0)
            parameters.pointee.height = CInt(clamping: track.video?.height ?? 0)
        } else {
            parameters.pointee.codec_type = AVMEDIA_TYPE_AUDIO
            parameters.pointee.sample_rate = track.audio?.sampleRate ?? 0
            parameters.pointee.bits_per_coded_sample = CInt(clamping: track.audio?.bitDepth ?? 0)
            // An AAC frame has 1024 samples; of the others the muxer finds out by itself.
            if codec.codec == AV_CODEC_ID_AAC { parameters.pointee.frame_size = 1024 }
            av_channel_layout_default(
                &parameters.pointee.ch_layout,
                CInt(clamping: track.audio?.channels ?? 1)
            )
        }
        guard !codec.configuration.isEmpty else { return }
        guard let copy = av_mallocz(codec.configuration.count + Int(CFFmpeg_INPUT_PADDING)) else {
            throw CodecError(.outOfMemory, "copy codec private data", reason: "out of memory")
        }
        copy.copyMemory(from: codec.configuration, byteCount: codec.configuration.count)
        parameters.pointee.extradata = copy.assumingMemoryBound(to: UInt8.self)
        parameters.pointee.extradata_size = CInt(codec.configuration.count)
    }
}
