/// Set-up data of H.264 as MP4 and Matroska carry it.
///
/// ```
/// 01 profile compatibility level  FC|lengthSize-1  E0|count {length16 SPS}  count {length16 PPS}
///    from profile High on:        FC|chroma format  F8|luma bits-8  F8|chroma bits-8  00
/// ```
/// Source: ISO 14496-15, AVCDecoderConfigurationRecord.
package struct AVCConfiguration: Sendable, Hashable {
    private static let sequenceParameters: UInt8 = 7
    private static let pictureParameters: UInt8 = 8
    /// Profiles of before the fields for chroma format and depth came up.
    private static let profilesWithoutChroma: Set<UInt8> = [66, 77, 88]

    /// The record.
    package let bytes: [UInt8]

    /// Builds the record from the parameter sets among NAL units; nil where there is no usable SPS or no PPS.
    package init?(units: [ArraySlice<UInt8>]) {
        let sequence = Self.select(Self.sequenceParameters, from: units)
        let picture = Self.select(Self.pictureParameters, from: units)
        guard let first = sequence.first, first.count >= 4, !picture.isEmpty else { return nil }
        guard sequence.count < 32, picture.count < 256 else { return nil }
        let profile = first[first.startIndex + 1]
        var record: [UInt8] = [1] + first.dropFirst().prefix(3) + [0xFF, 0xE0 | UInt8(sequence.count)]
        for unit in sequence { record += LengthPrefixed.stream(of: [unit], lengthSize: 2) }
        record.append(UInt8(picture.count))
        for unit in picture { record += LengthPrefixed.stream(of: [unit], lengthSize: 2) }
        if !Self.profilesWithoutChroma.contains(profile) {
            guard let chroma = Self.chroma(of: first) else { return nil }
            record += [0xFC | chroma.format, 0xF8 | chroma.lumaDepth, 0xF8 | chroma.chromaDepth, 0]
        }
        bytes = record
    }

    /// Builds the record from the byte stream form.
    package init?(annexB stream: [UInt8]) {
        self.init(units: AnnexB.units(in: stream).map { stream[$0] })
    }

    private static func select(_ type: UInt8, from units: [ArraySlice<UInt8>]) -> [ArraySlice<UInt8>] {
        var selected: [ArraySlice<UInt8>] = []
        for unit in units where unit.first.map({ $0 & 0x1F }) == type && unit.count <= 0xFFFF {
            if !selected.contains(unit) { selected.append(unit) }
        }
        return selected
    }

    /// Reads chroma format and depths (less 8) of an SPS.
    private static func chroma(
        of unit: ArraySlice<UInt8>
    ) -> (format: UInt8, lumaDepth: UInt8, chromaDepth: UInt8)? {
        var reader = BitReader(nalUnit: unit)
        guard (try? reader.skip(32)) != nil, (try? reader.unsignedGolomb()) != nil,
            let format = try? reader.unsignedGolomb(), format <= 3,
            format < 3 || (try? reader.skip(1)) != nil,
            let luma = try? reader.unsignedGolomb(), luma <= 6,
            let chroma = try? reader.unsignedGolomb(), chroma <= 6
        else { return nil }
        return (UInt8(format), UInt8(luma), UInt8(chroma))
    }
}
