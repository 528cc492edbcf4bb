import CFFmpeg
public import Pixels

/// A picture as a PNG file.
public struct PNGImage: Sendable, Hashable {
    /// The bytes of the file.
    public let bytes: [UInt8]

    /// Compresses a picture without loss.
    ///
    /// - Parameter image: Of at least one pixel.
    /// - Throws: `unsupportedCodec` where this build of libav has no PNG encoder, or what else libav says.
    public init(_ image: RGBImage) throws(CodecError) {
        let operation = "make a PNG of \(image.size)"
        guard let codec = avcodec_find_encoder(AV_CODEC_ID_PNG) else {
            throw CodecError(.unsupportedCodec, operation, reason: "this build of libav has no PNG encoder")
        }
        let context = try CodecContext(codec)
        context.pointer.pointee.width = CInt(clamping: image.size.width)
        context.pointer.pointee.height = CInt(clamping: image.size.height)
        context.pointer.pointee.pix_fmt = AV_PIX_FMT_RGB24
        context.pointer.pointee.time_base = AVRational(num: 1, den: 1)
        context.pointer.pointee.thread_count = 1
        try CodecError.check(avcodec_open2(context.pointer, codec, nil), operation)
        let frame = try Frame()
        frame.pointer.pointee.format = AV_PIX_FMT_RGB24.rawValue
        frame.pointer.pointee.width = context.pointer.pointee.width
        frame.pointer.pointee.height = context.pointer.pointee.height
        try CodecError.check(av_frame_get_buffer(frame.pointer, 0), operation)
        try frame.fill(with: image.bytes)
        let packet = try Packet()
        try CodecError.check(avcodec_send_frame(context.pointer, frame.pointer), operation)
        try CodecError.check(avcodec_receive_packet(context.pointer, packet.pointer), operation)
        bytes = packet.bytes
    }
}
