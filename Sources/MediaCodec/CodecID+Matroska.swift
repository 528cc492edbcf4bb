import CFFmpeg
import Matroska

/// What Matroska calls the codecs of libav.
///
/// Source: Matroska, Codec Mappings.
enum MatroskaCodec {
    private static let names: [(id: AVCodecID, name: String)] = [
        (AV_CODEC_ID_H264, "V_MPEG4/ISO/AVC"),
        (AV_CODEC_ID_HEVC, "V_MPEGH/ISO/HEVC"),
        (AV_CODEC_ID_MJPEG, "V_MJPEG"),
        (AV_CODEC_ID_VP8, "V_VP8"),
        (AV_CODEC_ID_VP9, "V_VP9"),
        (AV_CODEC_ID_AV1, "V_AV1"),
        (AV_CODEC_ID_AAC, "A_AAC"),
        (AV_CODEC_ID_OPUS, "A_OPUS"),
        (AV_CODEC_ID_PCM_ALAW, "A_MS/ACM"),
        (AV_CODEC_ID_PCM_MULAW, "A_MS/ACM"),
        (AV_CODEC_ID_PCM_U8, "A_PCM/INT/LIT"),
        (AV_CODEC_ID_PCM_S16LE, "A_PCM/INT/LIT"),
        (AV_CODEC_ID_PCM_S24LE, "A_PCM/INT/LIT"),
        (AV_CODEC_ID_PCM_S32LE, "A_PCM/INT/LIT"),
        (AV_CODEC_ID_PCM_S16BE, "A_PCM/INT/BIG"),
        (AV_CODEC_ID_PCM_S24BE, "A_PCM/INT/BIG"),
        (AV_CODEC_ID_PCM_S32BE, "A_PCM/INT/BIG"),
        (AV_CODEC_ID_PCM_F32LE, "A_PCM/FLOAT/IEEE"),
        (AV_CODEC_ID_PCM_F64LE, "A_PCM/FLOAT/IEEE"),
    ]

    /// Codecs a Video for Windows header names by four characters, in upper case.
    private static let fourCharacterCodes: [String: AVCodecID] = [
        "MJPG": AV_CODEC_ID_MJPEG, "H264": AV_CODEC_ID_H264, "X264": AV_CODEC_ID_H264,
        "AVC1": AV_CODEC_ID_H264,
        "DAVC": AV_CODEC_ID_H264, "H265": AV_CODEC_ID_HEVC, "HEVC": AV_CODEC_ID_HEVC,
        "HVC1": AV_CODEC_ID_HEVC,
        "HEV1": AV_CODEC_ID_HEVC, "VP80": AV_CODEC_ID_VP8, "VP90": AV_CODEC_ID_VP9, "AV01": AV_CODEC_ID_AV1,
    ]

    /// Name of a codec, or nil for one that is not carried.
    static func name(of codec: AVCodecID) -> String? {
        names.first { $0.id == codec }?.name
    }

    /// Codec and set-up data of a track of pictures, or nil where no decoder is known for it.
    static func video(_ track: TrackEntry) -> (codec: AVCodecID, configuration: [UInt8])? {
        guard track.codecID == "V_MS/VFW/FOURCC" else {
            let entry = names.first { $0.name == track.codecID && track.codecID.hasPrefix("V_") }
            return entry.map { ($0.id, track.codecPrivate) }
        }
        // BITMAPINFOHEADER: 40 bytes, the code at 16, set-up data behind it.
        let header = track.codecPrivate
        guard header.count >= 40 else { return nil }
        let code = String(decoding: header[16..<20], as: UTF8.self).uppercased()
        return fourCharacterCodes[code].map { ($0, Array(header[40...])) }
    }
}
