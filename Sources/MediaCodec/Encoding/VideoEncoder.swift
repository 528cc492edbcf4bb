import CFFmpeg
public import Matroska
public import Pixels

/// Compresses pictures to H.264 with libx264, for sources that make their own pictures.
///
/// Each picture comes out as one frame at once: no frame is reordered or held back. Frames are length-prefixed NAL units,
/// as Matroska stores them. Use one encoder from one thread at a time.
public struct VideoEncoder: ~Copyable, Sendable {
    /// How many bytes to spend.
    public enum Rate: Sendable, Hashable {
        /// Bits a second, kept over about a second.
        case average(Int)
        /// The same look all the time, so that the bitrate follows what moves: x264's rate factor, 0 to 51, lower is
        /// better; and bits a second never to exceed.
        case quality(Double, limit: Int)
    }

    /// How much work to spend on each picture.
    public enum Preset: String, Sendable, Hashable, CaseIterable {
        /// The least.
        case ultrafast
        /// A little more.
        case superfast
        /// About three times the least.
        case veryfast
    }

    /// What to make.
    public struct Settings: Sendable, Hashable {
        /// Size of all pictures; both sides even.
        public var size: PixelSize
        /// Pictures a second, which the rate control reckons with.
        public var framesPerSecond: Int
        /// Pictures from a key frame to the next.
        public var keyFrameInterval: Int
        /// How many bytes to spend.
        public var rate: Rate
        /// How much work to spend.
        public var preset: Preset

        /// Creates settings; without more words 25 pictures and at most two million bits a second, a key frame every 2 s.
        public init(
            size: PixelSize,
            framesPerSecond: Int = 25,
            keyFrameInterval: Int = 50,
            rate: Rate = .quality(26, limit: 2_000_000),
            preset: Preset = .ultrafast
        ) {
            self.size = size
            self.framesPerSecond = framesPerSecond
            self.keyFrameInterval = keyFrameInterval
            self.rate = rate
            self.preset = preset
        }
    }

    /// Description of the track the frames belong to, with its avcC.
    public let track: TrackEntry
    private let context: CodecContext
    private let frame: Frame
    private let packet: Packet
    private let size: PixelSize
    private var count: Int64 = 0

    /// Opens an encoder for track 1.
    public init(_ settings: Settings) throws(CodecError) {
        guard let codec = avcodec_find_encoder_by_name("libx264") else {
            throw CodecError(
                .unsupportedCodec,
                "open an encoder",
                reason: "this build of libav has no libx264"
            )
        }
        let context = try CodecContext(codec)
        Self.configure(context, settings)
        var options = Self.options(settings)
        defer { av_dict_free(&options) }
        try CodecError.check(
            avcodec_open2(context.pointer, codec, &options),
            "open an encoder of \(settings.size)"
        )
        let track = try Self.track(of: context, settings)
        let frame = try Frame()
        frame.pointer.pointee.format = AV_PIX_FMT_YUV420P.rawValue
        frame.pointer.pointee.width = CInt(clamping: settings.size.width)
        frame.pointer.pointee.height = CInt(clamping: settings.size.height)
        try CodecError.check(av_frame_get_buffer(frame.pointer, 0), "allocate a picture of \(settings.size)")
        let packet = try Packet()
        self.track = track
        self.context = context
        self.frame = frame
        self.packet = packet
        size = settings.size
    }

    /// Compresses a picture.
    ///
    /// - Parameters:
    ///   - picture: Of the size in the settings.
    ///   - timecode: Goes to the frame; the encoder itself counts pictures.
    ///   - forcesKeyFrame: True where a decoder shall be able to start here, whatever the interval says.
    /// - Returns: The frame.
    /// - Throws: `invalidData` for a picture of another size.
    public mutating func encode(
        _ picture: YUV420Picture,
        timecode: Int64,
        forcesKeyFrame: Bool = false
    ) throws(CodecError) -> EncodedFrame {
        guard picture.size == size else {
            throw CodecError(.invalidData, "encode a picture", reason: "it is \(picture.size), not \(size)")
        }
        try CodecError.check(av_frame_make_writable(frame.pointer), "encode a picture")
        try frame.fill(with: picture.bytes)
        frame.pointer.pointee.pts = count
        frame.pointer.pointee.pict_type = forcesKeyFrame ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE
        count += 1
        try CodecError.check(avcodec_send_frame(context.pointer, frame.pointer), "encode a picture")
        try CodecError.check(avcodec_receive_packet(context.pointer, packet.pointer), "encode a picture")
        return EncodedFrame(
            track: track.number,
            timecode: timecode,
            isKey: packet.pointer.pointee.flags & AV_PKT_FLAG_KEY != 0,
            data: packet.bytes
        )
    }
}

extension VideoEncoder {
    private static func configure(_ context: borrowing CodecContext, _ settings: Settings) {
        let pointer = context.pointer
        pointer.pointee.width = CInt(clamping: settings.size.width)
        pointer.pointee.height = CInt(clamping: settings.size.height)
        pointer.pointee.pix_fmt = AV_PIX_FMT_YUV420P
        pointer.pointee.time_base = AVRational(num: 1, den: CInt(clamping: settings.framesPerSecond))
        pointer.pointee.framerate = AVRational(num: CInt(clamping: settings.framesPerSecond), den: 1)
        pointer.pointee.gop_size = CInt(clamping: settings.keyFrameInterval)
        pointer.pointee.max_b_frames = 0
        pointer.pointee.thread_count = 1
        pointer.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER
        pointer.pointee.colorspace = AVCOL_SPC_SMPTE170M
        pointer.pointee.color_primaries = AVCOL_PRI_SMPTE170M
        pointer.pointee.color_trc = AVCOL_TRC_SMPTE170M
        pointer.pointee.color_range = AVCOL_RANGE_MPEG
        switch settings.rate {
        case .average(let bits):
            pointer.pointee.bit_rate = Int64(bits)
            limit(pointer, to: bits)
        case .quality(_, let bits):
            limit(pointer, to: bits)
        }
    }

    private static func limit(_ context: UnsafeMutablePointer<AVCodecContext>, to bits: Int) {
        context.pointee.rc_max_rate = Int64(bits)
        context.pointee.rc_buffer_size = CInt(clamping: bits)
    }

    private static func options(_ settings: Settings) -> OpaquePointer? {
        var options: OpaquePointer?
        av_dict_set(&options, "preset", settings.preset.rawValue, 0)
        av_dict_set(&options, "tune", "zerolatency", 0)
        // Scene cuts would put key frames where no fragment may begin.
        var parameters = "annexb=0:scenecut=0:sliced-threads=0"
        if case .quality(let factor, _) = settings.rate {
            av_dict_set(&options, "crf", "\(factor)", 0)
            // x264 else takes quality away from what moves, and the bitrate would hardly show motion.
            parameters += ":qcomp=1"
        }
        av_dict_set(&options, "x264-params", parameters, 0)
        return options
    }

    /// Describes the track.
    ///
    /// With `annexb=0` libx264 gives its parameter sets as length-prefixed units, not as avcC.
    private static func track(of context: borrowing CodecContext, _ settings: Settings) throws(CodecError)
        -> TrackEntry
    {
        let count = Int(context.pointer.pointee.extradata_size)
        let bytes = [UInt8](UnsafeBufferPointer(start: context.pointer.pointee.extradata, count: count))
        let units = LengthPrefixed.units(in: bytes, lengthSize: 4) ?? AnnexB.units(in: bytes)
        guard let record = AVCConfiguration(units: units.map { bytes[$0] }) else {
            throw CodecError(
                .missingConfiguration,
                "open an encoder",
                reason: "libx264 gave no parameter sets"
            )
        }
        return TrackEntry(
            number: 1,
            uid: 1,
            type: .video,
            codecID: "V_MPEG4/ISO/AVC",
            codecPrivate: record.bytes,
            defaultDuration: UInt64(1_000_000_000 / max(1, settings.framesPerSecond)),
            video: .init(width: UInt64(settings.size.width), height: UInt64(settings.size.height))
        )
    }
}
