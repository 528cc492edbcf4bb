import CFFmpeg
import Matroska

/// Makes a frame's NAL units look the way the set-up data promised.
///
/// Producers that do no conversion send start codes under an avcC, or lengths under bare parameter sets; libav follows
/// the set-up data and would give up.
struct FrameAdapter {
    private enum Expectation {
        case anything
        case lengths(Int)
        case startCodes
    }

    private let expectation: Expectation

    init(codec: AVCodecID, configuration: [UInt8]) {
        expectation =
            switch codec {
            case AV_CODEC_ID_H264 where configuration.first == 1 && configuration.count >= 7:
                .lengths(Int(configuration[4] & 3) + 1)
            case AV_CODEC_ID_HEVC where configuration.first == 1 && configuration.count >= 23:
                .lengths(Int(configuration[21] & 3) + 1)
            case AV_CODEC_ID_H264, AV_CODEC_ID_HEVC: .startCodes
            default: .anything
            }
    }

    func adapt(_ frame: [UInt8]) -> [UInt8] {
        switch expectation {
        case .anything:
            return frame
        // `00 00 01 2F` may be a start code or a length, so lengths that add up win.
        case .lengths(let size):
            guard AnnexB.begins(frame), LengthPrefixed.units(in: frame, lengthSize: size) == nil else {
                return frame
            }
            return LengthPrefixed.stream(of: AnnexB.units(in: frame).map { frame[$0] }, lengthSize: size)
        case .startCodes:
            guard let units = LengthPrefixed.units(in: frame, lengthSize: 4) else { return frame }
            return AnnexB.stream(of: units.map { frame[$0] })
        }
    }
}
