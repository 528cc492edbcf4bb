import Matroska

/// A codec as people name it, with profile and level where the set-up data has them: `h264 High@4.0`.
///
/// Short, for a row of figures: constraints of a profile are left to the inspector.
///
/// Source: ISO/IEC 14496-15, AVCDecoderConfigurationRecord; ITU-T H.264, annex A.
struct CodecName: CustomStringConvertible {
    let description: String

    init(_ track: TrackEntry) {
        let (name, record) = (track.codecName, track.codecPrivate)
        guard name == "h264", record.count >= 4, record[0] == 1 else {
            description = name
            return
        }
        let profile = AVCSequenceParameters.name(ofProfile: record[1], constraints: record[2])
            .replacing("Constrained ", with: "")
        description = "\(name) \(profile)@\(record[3] / 10).\(record[3] % 10)"
    }
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
        description = ["audio", track.codecName, kilohertz, channels].compactMap(\.self).joined(
            separator: " "
        )
    }

    /// `48`, `44.1`.
    private static func short(_ value: Double) -> String {
        let tenths = Int((min(max(value, 0), 1e6) * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
