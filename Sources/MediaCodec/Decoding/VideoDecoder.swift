import CFFmpeg
public import Matroska
import Pixels

/// Decodes the frames of one track of pictures.
///
/// ```
/// send(frame) -> receive() until nil -> send(next) ... -> drain() -> receive() until nil
///                                  reset() starts anew at any place
/// ```
/// Nothing comes out before the first key frame after the start or a reset. Damaged frames throw or give a picture that
/// `isDamaged`; decoding can go on either way. Use one decoder from one thread at a time.
public struct VideoDecoder: ~Copyable, Sendable {
    /// Pictures whose block edges are not smoothed.
    public enum LoopFilterSkip: Sendable, Hashable {
        /// None: every picture is what its producer meant.
        case none
        /// Those that no other picture is made from: what is left out is gone with the next picture, and the mean over
        /// many pixels hides most of it.
        case unreferenced
        /// All: pictures get worse until the next key frame.
        case all

        var discard: AVDiscard {
            switch self {
            case .none: AVDISCARD_DEFAULT
            case .unreferenced: AVDISCARD_NONREF
            case .all: AVDISCARD_ALL
            }
        }
    }

    /// What a decoder trades for what.
    public struct Options: Sendable, Hashable {
        /// Threads that decode, 1 or more.
        public var threads = 1
        /// Gives each picture out as soon as the stream allows: threads share a picture and do not each take one.
        public var isLowDelay = false
        /// Which pictures of H.264 and H.265 keep their block edges as they are, for the sake of speed.
        public var skippedLoopFilter = LoopFilterSkip.none
        /// Decodes key frames and drops all others.
        public var keyFramesOnly = false

        /// One thread, every picture, in full quality.
        public init() {}
    }

    private let context: CodecContext
    private let packet: Packet
    private let framing: FrameAdapter
    private let keyFramesOnly: Bool
    private var waitsForKeyFrame = true

    /// Opens a decoder.
    ///
    /// - Parameters:
    ///   - track: The codec and its set-up data: avcC, hvcC, or parameter sets behind start codes, or nothing where they
    ///     are in the frames.
    ///   - options: What to trade.
    /// - Throws: `unsupportedCodec` where libav has no decoder; what it says where the set-up data is broken.
    public init(track: TrackEntry, options: Options = Options()) throws(CodecError) {
        guard let (id, configuration) = MatroskaCodec.video(track), let codec = avcodec_find_decoder(id)
        else {
            throw CodecError(
                .unsupportedCodec,
                "open a decoder for \(track.codecID)",
                reason: "there is none"
            )
        }
        let context = try CodecContext(codec)
        try context.setConfiguration(configuration)
        context.pointer.pointee.thread_count = CInt(clamping: max(1, options.threads))
        context.pointer.pointee.thread_type =
            options.isLowDelay ? FF_THREAD_SLICE : FF_THREAD_SLICE | FF_THREAD_FRAME
        // A broken parameter set may claim 16384 x 16384; nothing a camera sends is larger than this.
        context.pointer.pointee.max_pixels = 1 << 26
        context.pointer.pointee.skip_loop_filter = options.skippedLoopFilter.discard
        if options.keyFramesOnly { context.pointer.pointee.skip_frame = AVDISCARD_NONKEY }
        try CodecError.check(
            avcodec_open2(context.pointer, codec, nil),
            "open a decoder for \(track.codecID)"
        )
        let packet = try Packet()
        self.context = context
        self.packet = packet
        framing = FrameAdapter(codec: id, configuration: configuration)
        keyFramesOnly = options.keyFramesOnly
    }

    /// Gives the decoder a frame; take all pictures out afterwards.
    ///
    /// - Parameters:
    ///   - data: The frame as the container holds it, complete.
    ///   - timecode: Comes out with the picture; the decoder itself does not look at it.
    ///   - isKey: True where a decoder can start; all before the first of these is dropped.
    /// - Throws: `invalidData` for a frame that cannot be decoded; the next one may be.
    public mutating func send(_ data: [UInt8], timecode: Int64, isKey: Bool) throws(CodecError) {
        if isKey { waitsForKeyFrame = false }
        guard !waitsForKeyFrame, isKey || !keyFramesOnly, !data.isEmpty else { return }
        try packet.fill(with: framing.adapt(data))
        packet.pointer.pointee.pts = timecode
        packet.pointer.pointee.flags = isKey ? AV_PKT_FLAG_KEY : 0
        try CodecError.check(avcodec_send_packet(context.pointer, packet.pointer), "decode a frame")
    }

    /// Gives the decoder a frame with its own timecode and key flag; take all pictures out afterwards.
    public mutating func send(_ frame: EncodedFrame) throws(CodecError) {
        try send(frame.data, timecode: frame.timecode, isKey: frame.isKey)
    }

    /// The next picture in the order they are shown, or nil until more is sent.
    ///
    /// - Throws: `invalidData` for a frame that cannot be decoded, `unsupportedPictureFormat` for a picture with a side
    ///   above ``FrameScaler/sideLimit``.
    public mutating func receive() throws(CodecError) -> DecodedPicture? {
        let frame = try Frame()
        let result = avcodec_receive_frame(context.pointer, frame.pointer)
        if result == CFFmpeg_ERROR_AGAIN || result == CFFmpeg_ERROR_EOF { return nil }
        try CodecError.check(result, "decode a frame")
        let picture = try DecodedPicture(frame)
        guard max(picture.size.width, picture.size.height) <= FrameScaler.sideLimit else {
            throw CodecError(
                .unsupportedPictureFormat,
                "decode a frame",
                reason: "its size is \(picture.size), and a side may have \(FrameScaler.sideLimit) pixels"
            )
        }
        return picture
    }

    /// Says that no frame follows: `receive` gives what is still inside.
    ///
    /// Only `reset` ends this state.
    public mutating func drain() throws(CodecError) {
        try CodecError.check(avcodec_send_packet(context.pointer, nil), "drain the decoder")
    }

    /// Forgets all frames, as before a jump to another place; the next picture comes from the next key frame.
    public mutating func reset() {
        avcodec_flush_buffers(context.pointer)
        waitsForKeyFrame = true
    }
}
