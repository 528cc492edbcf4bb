import CFFmpeg

/// Where the samples of a picture lie, for every format of whole bytes that libav describes.
///
/// ```
/// component   plane, first byte, bytes to the next sample of the row
/// yuv420p     Y: 0, 0, 1    U: 1, 0, 1    V: 2, 0, 1
/// nv12        Y: 0, 0, 1    U: 1, 0, 2    V: 1, 1, 2
/// rgb24       R: 0, 0, 3    G: 0, 1, 3    B: 0, 2, 3
/// ```
struct PictureLayout: Hashable {
    /// The samples of one kind.
    struct Component: Hashable {
        let plane: Int
        let offset: Int
        let step: Int
        /// True where samples are halved across, or down, as chroma of 4:2:0 is both; as shifts.
        let shiftX: Int
        let shiftY: Int
    }

    /// Luma and the two chroma components, or red, green and blue; one alone is grey.
    let components: [Component]
    /// Bytes of a sample: 1, or 2 with the low byte first.
    let sampleSize: Int
    /// What a sample of full scale is divided by to be one of eight bits: 1, 4, 256, ...
    let scale: Int
    let isRGB: Bool

    /// Reads libav's description of a format; nil for what is not made of whole bytes.
    init?(_ format: AVPixelFormat) {
        guard let description = av_pix_fmt_desc_get(format)?.pointee else { return nil }
        let refused = [
            AV_PIX_FMT_FLAG_PAL, AV_PIX_FMT_FLAG_BITSTREAM, AV_PIX_FMT_FLAG_HWACCEL, AV_PIX_FMT_FLAG_FLOAT,
            AV_PIX_FMT_FLAG_BAYER,
        ]
        guard refused.allSatisfy({ description.flags & UInt64($0) == 0 }) else { return nil }
        let parts = [description.comp.0, description.comp.1, description.comp.2]
        // A second component of two is alpha.
        let count = description.nb_components >= 3 ? 3 : 1
        let depth = Int(parts[0].depth)
        sampleSize = depth > 8 ? 2 : 1
        isRGB = description.flags & UInt64(AV_PIX_FMT_FLAG_RGB) != 0
        scale = 1 << (depth + Int(parts[0].shift) - 8)
        guard depth >= 8, depth + Int(parts[0].shift) <= 8 * sampleSize else { return nil }
        guard sampleSize == 1 || description.flags & UInt64(AV_PIX_FMT_FLAG_BE) == 0 else { return nil }
        guard parts.prefix(count).allSatisfy({ $0.depth == depth && $0.shift == parts[0].shift }) else {
            return nil
        }
        let isSubsampled = !isRGB
        components = parts.prefix(count).enumerated().map { index, part in
            Component(
                plane: Int(part.plane),
                offset: Int(part.offset),
                step: Int(part.step),
                shiftX: isSubsampled && index > 0 ? Int(description.log2_chroma_w) : 0,
                shiftY: isSubsampled && index > 0 ? Int(description.log2_chroma_h) : 0
            )
        }
    }
}
