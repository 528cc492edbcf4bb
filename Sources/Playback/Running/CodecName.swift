import Matroska

/// A codec as people name it, with profile and level where the set-up data has them: `h264 High@4.0`.
///
/// Source: ISO/IEC 14496-15, AVCDecoderConfigurationRecord; ITU-T H.264, annex A.
struct CodecName: CustomStringConvertible {
    let description: String

    init(_ track: TrackEntry) {
        switch track.codecID {
        case "V_MPEG4/ISO/AVC": description = Self.avc(track.codecPrivate)
        case "V_MPEGH/ISO/HEVC": description = "h265"
        case "V_MJPEG": description = "mjpeg"
        case "V_VP8": description = "vp8"
        case "V_VP9": description = "vp9"
        case "V_AV1": description = "av1"
        default: description = track.codecID
        }
    }

    private static func avc(_ configuration: [UInt8]) -> String {
        guard configuration.count >= 4, configuration[0] == 1, let profile = profiles[configuration[1]] else {
            return "h264"
        }
        return "h264 \(profile)@\(configuration[3] / 10).\(configuration[3] % 10)"
    }

    private static let profiles: [UInt8: String] = [
        66: "Baseline", 77: "Main", 88: "Extended", 100: "High", 110: "High 10", 122: "High 4:2:2",
        244: "High 4:4:4",
    ]
}

/// A track as people name it: `video h264 High@4.0`, `audio aac 48 kHz 2 ch`.
struct TrackName: CustomStringConvertible {
    let description: String

    init(_ track: TrackEntry) {
        guard track.type == .audio else {
            description = "\(track.type.name) \(CodecName(track))"
            return
        }
        let kilohertz = track.audio?.samplingFrequency.map { "\(Self.short($0 / 1000)) kHz" }
        let channels = track.audio?.channels.map { "\($0) ch" }
        description = ["audio", Self.codec(track), kilohertz, channels].compactMap(\.self).joined(
            separator: " "
        )
    }

    private static func codec(_ track: TrackEntry) -> String {
        switch track.codecID {
        case "A_AAC": "aac"
        case "A_OPUS": "opus"
        // WAVEFORMATEX begins with its format tag.
        case "A_MS/ACM" where track.codecPrivate.first == 6: "alaw"
        case "A_MS/ACM" where track.codecPrivate.first == 7: "mulaw"
        case _ where track.codecID.hasPrefix("A_PCM/"): "pcm"
        default: track.codecID
        }
    }

    /// `48`, `44.1`.
    private static func short(_ value: Double) -> String {
        let tenths = Int((min(max(value, 0), 1e6) * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
