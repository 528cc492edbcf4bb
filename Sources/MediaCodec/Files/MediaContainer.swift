import CFFmpeg
public import Matroska

/// A kind of file that tracks are written into.
public enum MediaContainer: String, Sendable, Hashable, CaseIterable {
    /// MP4, its index in front.
    case mp4
    /// Matroska.
    case mkv

    /// What libav calls it.
    var format: String {
        switch self {
        case .mp4: "mp4"
        case .mkv: "matroska"
        }
    }

    /// True where every track fits in unchanged.
    ///
    /// MP4 has no place for G.711 and VP8, for instance.
    public func accepts(_ tracks: [TrackEntry]) -> Bool {
        guard let format = av_guess_format(format, nil, nil) else { return false }
        return tracks.allSatisfy { track in
            guard let codec = MatroskaCodec.parameters(track)?.codec else { return false }
            // Matroska carries G.711 as `A_MS/ACM`, which libav writes and does not answer for.
            let isWaveFormat = codec == AV_CODEC_ID_PCM_ALAW || codec == AV_CODEC_ID_PCM_MULAW
            if self == .mkv, isWaveFormat { return true }
            return avformat_query_codec(format, codec, FF_COMPLIANCE_NORMAL) == 1
        }
    }
}

extension MatroskaCodec {
    /// Codec and set-up data of a track of pictures or sound, or nil where none is known for it.
    static func parameters(_ track: TrackEntry) -> (codec: AVCodecID, configuration: [UInt8])? {
        guard track.type == .audio else { return video(track) }
        switch track.codecID {
        case "A_AAC": return (AV_CODEC_ID_AAC, track.codecPrivate)
        case "A_OPUS": return (AV_CODEC_ID_OPUS, track.codecPrivate)
        case "A_MS/ACM": return waveFormat(track.codecPrivate).map { ($0, []) }
        case "A_PCM/INT/LIT": return littleEndian(track.audio?.bitDepth).map { ($0, []) }
        case "A_PCM/INT/BIG": return bigEndian(track.audio?.bitDepth).map { ($0, []) }
        case "A_PCM/FLOAT/IEEE":
            return (track.audio?.bitDepth == 64 ? AV_CODEC_ID_PCM_F64LE : AV_CODEC_ID_PCM_F32LE, [])
        default: return nil
        }
    }

    /// The format tag that a WAVEFORMATEX begins with.
    private static func waveFormat(_ header: [UInt8]) -> AVCodecID? {
        guard header.count >= 2 else { return nil }
        switch UInt16(header[0]) | UInt16(header[1]) << 8 {
        case 6: return AV_CODEC_ID_PCM_ALAW
        case 7: return AV_CODEC_ID_PCM_MULAW
        default: return nil
        }
    }

    private static func littleEndian(_ depth: UInt64?) -> AVCodecID? {
        switch depth {
        case 8: AV_CODEC_ID_PCM_U8
        case 16: AV_CODEC_ID_PCM_S16LE
        case 24: AV_CODEC_ID_PCM_S24LE
        case 32: AV_CODEC_ID_PCM_S32LE
        default: nil
        }
    }

    private static func bigEndian(_ depth: UInt64?) -> AVCodecID? {
        switch depth {
        case 16: AV_CODEC_ID_PCM_S16BE
        case 24: AV_CODEC_ID_PCM_S24BE
        case 32: AV_CODEC_ID_PCM_S32BE
        default: nil
        }
    }
}
