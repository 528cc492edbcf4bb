import Matroska

/// Brings the frames of one track, and its codec private data, into the form that they are sent in.
///
/// ```
/// 00 00 00 01 NAL 00 00 01 NAL   <->   length NAL length NAL        SPS, PPS (VPS)  <->  avcC, hvcC
/// ADTS header, AAC                ->   AAC                          ADTS header      ->  AudioSpecificConfig
/// ```
/// A value without I/O. Source: 08 Producer library, "NAL adaptation"; 06 MKV profile, "Codecs".
struct TrackAdapter: Sendable {
    private enum Codec: Sendable {
        case avc
        case hevc
        case aac
        case other
    }

    /// The track as it is declared; its codec private data may come with a frame.
    private(set) var entry: TrackEntry
    private let form: StreamDefinition.NALForm
    private let codec: Codec
    /// True where the source gave the codec private data: what frames bring does not change it.
    private let isGiven: Bool
    /// Bytes of the length ahead of each NAL unit in frames that have lengths.
    private var lengthSize = 4

    init(_ track: TrackEntry, form: StreamDefinition.NALForm) throws(ProducerError) {
        entry = track
        self.form = form
        isGiven = !track.codecPrivate.isEmpty
        codec =
            switch track.codecID {
            case "V_MPEG4/ISO/AVC": .avc
            case "V_MPEGH/ISO/HEVC": .hevc
            case "A_AAC": .aac
            default: .other
            }
        if isGiven { try takeConfiguration(track.codecPrivate) }
    }

    /// True where set-up data must still come with a frame.
    var lacksConfiguration: Bool {
        switch codec {
        case .avc, .hevc, .aac: entry.codecPrivate.isEmpty
        case .other: false
        }
    }

    /// Brings a frame's bytes into form.
    ///
    /// - Throws: `ProducerError.badFrame` for bytes that are in neither form.
    mutating func adapt(_ frame: MediaFrame) throws(ProducerError) -> [UInt8] {
        guard !frame.data.isEmpty else { throw .badFrame("it is empty") }
        switch codec {
        case .other: return frame.data
        case .aac: return withoutHeader(frame.data)
        case .avc, .hevc: return try adaptUnits(frame)
        }
    }

    private mutating func withoutHeader(_ data: [UInt8]) -> [UInt8] {
        guard let header = ADTSHeader(data), !isGiven || header.length(data) == data.count else {
            return data
        }
        if !isGiven { entry.codecPrivate = header.audioSpecificConfig }
        return Array(data.dropFirst(header.count))
    }

    private mutating func adaptUnits(_ frame: MediaFrame) throws(ProducerError) -> [UInt8] {
        let data = frame.data
        // `00 00 01 2F` may be a start code or a length, so lengths that add up win.
        let lengths = LengthPrefixed.units(in: data, lengthSize: lengthSize)
        guard let ranges = lengths ?? (AnnexB.begins(data) ? AnnexB.units(in: data) : nil), !ranges.isEmpty
        else {
            throw .badFrame(
                "its \(data.count) bytes are NAL units neither behind start codes nor behind lengths"
            )
        }
        let units = ranges.map { data[$0] }
        if frame.isKey, !isGiven { takeUnits(units) }
        switch form {
        case .asGiven: return data
        case .lengthPrefixed:
            return lengths == nil ? LengthPrefixed.stream(of: units, lengthSize: lengthSize) : data
        case .startCodes: return lengths == nil ? data : AnnexB.stream(of: units)
        }
    }

    // MARK: Codec private data

    private mutating func takeConfiguration(_ data: [UInt8]) throws(ProducerError) {
        let sets: ParameterSets
        do {
            switch codec {
            case .avc: sets = try ParameterSets(avc: data)
            case .hevc: sets = try ParameterSets(hevc: data)
            case .aac, .other: return
            }
        } catch {
            throw .badDefinition("the codec private data of track \(entry.number): \(error)")
        }
        lengthSize = sets.lengthSize ?? 4
        let units = sets.units.map { $0.bytes[...] }
        takeSize(units)
        switch (form, sets.form) {
        case (.lengthPrefixed, .startCodes): entry.codecPrivate = record(units) ?? data
        case (.startCodes, .record): entry.codecPrivate = AnnexB.stream(of: units)
        default: break
        }
    }

    private mutating func takeUnits(_ units: [ArraySlice<UInt8>]) {
        guard let record = record(units) else { return }
        takeSize(units)
        switch form {
        case .asGiven, .lengthPrefixed: entry.codecPrivate = record
        case .startCodes: entry.codecPrivate = AnnexB.stream(of: units.filter(isParameterSet))
        }
    }

    private func record(_ units: [ArraySlice<UInt8>]) -> [UInt8]? {
        codec == .hevc ? HEVCConfiguration(units: units)?.bytes : AVCConfiguration(units: units)?.bytes
    }

    private func type(_ unit: ArraySlice<UInt8>) -> UInt8? {
        unit.first.map { codec == .hevc ? $0 >> 1 & 0x3F : $0 & 0x1F }
    }

    private func isParameterSet(_ unit: ArraySlice<UInt8>) -> Bool {
        type(unit).map { codec == .hevc ? (32...34).contains($0) : $0 == 7 || $0 == 8 } ?? false
    }

    /// Width and height of the picture, where the source said nothing.
    private mutating func takeSize(_ units: [ArraySlice<UInt8>]) {
        guard entry.video?.width ?? 0 == 0 || !isGiven,
            let unit = units.first(where: { type($0) == (codec == .hevc ? 33 : 7) })
        else { return }
        if codec == .hevc, let sequence = try? HEVCSequenceParameters(nalUnit: Array(unit)) {
            entry.video = .init(width: UInt64(sequence.width), height: UInt64(sequence.height))
        } else if codec == .avc, let sequence = try? AVCSequenceParameters(nalUnit: Array(unit)) {
            entry.video = .init(
                width: UInt64(max(0, sequence.width)),
                height: UInt64(max(0, sequence.height))
            )
        }
    }
}
