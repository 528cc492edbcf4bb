import CFFmpeg
public import Pixels

/// A picture as the decoder left it: planes of its own format, kept alive as long as this value.
public struct DecodedPicture: ~Copyable, Sendable {
    /// How a picture was compressed.
    public enum Kind: Sendable, Hashable {
        /// By itself.
        case intra
        /// With the help of earlier pictures.
        case predicted
        /// With the help of earlier and later pictures.
        case bidirectional
        /// In a way of its own codec.
        case other
    }

    let frame: Frame
    let layout: PictureLayout
    /// What was given to `VideoDecoder.send` with its bytes.
    public let timecode: Int64

    init(_ frame: consuming Frame) throws(CodecError) {
        let format = AVPixelFormat(rawValue: frame.pointer.pointee.format)
        guard let layout = PictureLayout(format) else {
            let name = av_get_pix_fmt_name(format).map { String(cString: $0) } ?? "\(format.rawValue)"
            throw CodecError(
                .unsupportedPictureFormat,
                "decode",
                reason: "pixel format \(name) is not read here"
            )
        }
        self.layout = layout
        let time = frame.pointer.pointee.pts
        timecode = time == CFFmpeg_NO_TIMESTAMP ? frame.pointer.pointee.best_effort_timestamp : time
        self.frame = frame
    }

    /// Takes a picture that no decoder made.
    ///
    /// - Parameters:
    ///   - pixelFormat: Name of the sample format as libav has it.
    ///   - size: Width and height.
    ///   - bytes: The planes in order, rows packed.
    ///   - colors: How the components become red, green and blue; nil says nothing about it.
    /// - Throws: `unsupportedPictureFormat`, or `invalidData` where the bytes are not as many as the format needs.
    package init(
        pixelFormat: String,
        size: PixelSize,
        bytes: [UInt8],
        colors: ColorConversion? = nil
    ) throws(CodecError) {
        let frame = try Frame()
        let format = av_get_pix_fmt(pixelFormat)
        frame.pointer.pointee.format = format.rawValue
        frame.pointer.pointee.width = CInt(clamping: size.width)
        frame.pointer.pointee.height = CInt(clamping: size.height)
        if let colors {
            frame.pointer.pointee.colorspace = colors.matrix.space
            frame.pointer.pointee.color_range = colors.isFullRange ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG
        }
        let operation = "make a picture of \(size) in \(pixelFormat)"
        try CodecError.check(av_frame_get_buffer(frame.pointer, 0), operation)
        try frame.fill(with: bytes)
        try self.init(frame)
    }

    /// Size in its own pixels, after cropping.
    public var size: PixelSize {
        PixelSize(width: Int(frame.pointer.pointee.width), height: Int(frame.pointer.pointee.height))
    }

    /// Width of a pixel divided by its height; 1 where the stream says nothing.
    public var sampleAspect: Double {
        let ratio = frame.pointer.pointee.sample_aspect_ratio
        return ratio.num > 0 && ratio.den > 0 ? Double(ratio.num) / Double(ratio.den) : 1
    }

    /// Name of the sample format as libav has it: `yuv420p`.
    public var pixelFormat: String {
        let format = AVPixelFormat(rawValue: frame.pointer.pointee.format)
        return av_get_pix_fmt_name(format).map { String(cString: $0) } ?? "unknown"
    }

    /// How its components become red, green and blue.
    public var colors: ColorConversion { ColorConversion(frame.pointer.pointee, layout: layout) }

    /// True where a decoder can start here.
    public var isKey: Bool { frame.pointer.pointee.key_frame != 0 }

    /// How it was compressed.
    public var kind: Kind {
        switch frame.pointer.pointee.pict_type {
        case AV_PICTURE_TYPE_I: .intra
        case AV_PICTURE_TYPE_P: .predicted
        case AV_PICTURE_TYPE_B: .bidirectional
        default: .other
        }
    }

    /// True where the decoder had to make up a part of it.
    public var isDamaged: Bool {
        frame.pointer.pointee.decode_error_flags != 0
            || frame.pointer.pointee.flags & AV_FRAME_FLAG_CORRUPT != 0
    }

    /// MD5 of the planes in order, rows packed, as `ffmpeg -f framemd5` prints it: 16 bytes.
    public func md5() throws(CodecError) -> [UInt8] {
        let bytes = try frame.packedBytes()
        var digest = [UInt8](repeating: 0, count: 16)
        av_md5_sum(&digest, bytes, bytes.count)
        return digest
    }
}
