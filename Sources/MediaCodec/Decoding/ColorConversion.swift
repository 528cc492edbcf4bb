import CFFmpeg

/// How luma and chroma were made out of red, green and blue.
public struct ColorConversion: Sendable, Hashable {
    /// Weights of red and blue in luma.
    public enum Matrix: Sendable, Hashable {
        /// Standard definition.
        case bt601
        /// High definition.
        case bt709
        /// Ultra high definition.
        case bt2020
        /// Old high definition of the United States.
        case smpte240
        /// The components are red, green and blue.
        case rgb

        /// What libav calls it.
        var space: AVColorSpace {
            switch self {
            case .bt601: AVCOL_SPC_SMPTE170M
            case .bt709: AVCOL_SPC_BT709
            case .bt2020: AVCOL_SPC_BT2020_NCL
            case .smpte240: AVCOL_SPC_SMPTE240M
            case .rgb: AVCOL_SPC_RGB
            }
        }
    }

    /// Weights of red and blue in luma, or none.
    public var matrix: Matrix
    /// True where black is 0 and white is 255, not 16 and 235.
    public var isFullRange: Bool

    /// Creates a description.
    public init(matrix: Matrix, isFullRange: Bool) {
        self.matrix = matrix
        self.isFullRange = isFullRange
    }

    /// Reads what a picture says of itself.
    ///
    /// Without a word about the matrix it is that of high definition from 720 rows or 1280 columns on, as players
    /// commonly take it.
    init(_ frame: AVFrame, layout: PictureLayout) {
        let isJPEG = [AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUVJ444P, AV_PIX_FMT_YUVJ440P]
            .contains { $0.rawValue == frame.format }
        isFullRange = frame.color_range == AVCOL_RANGE_JPEG || isJPEG || layout.isRGB
        let isHigh = frame.height >= 720 || frame.width >= 1280
        matrix =
            switch frame.colorspace {
            case _ where layout.isRGB: .rgb
            case AVCOL_SPC_RGB: .rgb
            case AVCOL_SPC_BT709: .bt709
            case AVCOL_SPC_BT470BG, AVCOL_SPC_SMPTE170M, AVCOL_SPC_FCC: .bt601
            case AVCOL_SPC_SMPTE240M: .smpte240
            case AVCOL_SPC_BT2020_NCL, AVCOL_SPC_BT2020_CL: .bt2020
            default: isHigh ? .bt709 : .bt601
            }
    }

    /// Weights of red and blue; source: ITU-T H.273, table 4.
    private var weights: (red: Double, blue: Double) {
        switch matrix {
        case .bt601: (0.299, 0.114)
        case .bt709: (0.2126, 0.0722)
        case .bt2020: (0.2627, 0.0593)
        case .smpte240: (0.212, 0.087)
        case .rgb: (0, 0)
        }
    }

    /// The conversion of luma, blue and red difference, in levels, to red, green and blue.
    struct Coefficients {
        let luma: Float
        let lumaOffset: Float
        let redFromV: Float
        let greenFromU: Float
        let greenFromV: Float
        let blueFromU: Float
    }

    var coefficients: Coefficients {
        let (red, blue) = weights
        let green = 1 - red - blue
        let lumaGain = isFullRange ? 1 : 255.0 / 219
        let chromaGain = isFullRange ? 1 : 255.0 / 224
        return Coefficients(
            luma: Float(lumaGain),
            lumaOffset: Float(isFullRange ? 0 : -16 * lumaGain),
            redFromV: Float(2 * (1 - red) * chromaGain),
            greenFromU: Float(-2 * (1 - blue) * blue / green * chromaGain),
            greenFromV: Float(-2 * (1 - red) * red / green * chromaGain),
            blueFromU: Float(2 * (1 - blue) * chromaGain)
        )
    }
}
