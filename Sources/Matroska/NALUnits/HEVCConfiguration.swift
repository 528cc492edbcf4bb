/// Set-up data of H.265 as MP4 and Matroska carry it.
///
/// ```
/// 01  profile, tier, compatibility, constraints, level (12 bytes as in the SPS)  F000  FC  FC|chroma format
/// F8|luma bits-8  F8|chroma bits-8  0000  layers|nested|lengthSize-1  count { type  count16 {length16 unit} }
/// ```
/// Source: ISO 14496-15, HEVCDecoderConfigurationRecord.
package struct HEVCConfiguration: Sendable, Hashable {
    private static let videoParameters: UInt8 = 32
    private static let sequenceParameters: UInt8 = 33
    private static let pictureParameters: UInt8 = 34

    /// The record.
    package let bytes: [UInt8]

    /// Builds the record from the parameter sets among NAL units; nil where a kind is missing or the SPS is broken.
    package init?(units: [ArraySlice<UInt8>]) {
        let kinds = [Self.videoParameters, Self.sequenceParameters, Self.pictureParameters]
        let sets = kinds.map { Self.select($0, from: units) }
        guard sets.allSatisfy({ !$0.isEmpty && $0.count <= 0xFFFF }), let first = sets[1].first,
            let sequence = try? Sequence(first)
        else { return nil }
        var record: [UInt8] = [1] + sequence.profile + [0xF0, 0, 0xFC, 0xFC | sequence.chromaFormat]
        record += [0xF8 | sequence.lumaDepth, 0xF8 | sequence.chromaDepth, 0, 0]
        record += [sequence.layers << 3 | sequence.isNested << 2 | 3, UInt8(kinds.count)]
        for (kind, units) in zip(kinds, sets) {
            record += [kind, UInt8(units.count >> 8), UInt8(units.count & 0xFF)]
            record += LengthPrefixed.stream(of: units, lengthSize: 2)
        }
        bytes = record
    }

    /// Builds the record from the byte stream form.
    package init?(annexB stream: [UInt8]) {
        self.init(units: AnnexB.units(in: stream).map { stream[$0] })
    }

    private static func select(_ type: UInt8, from units: [ArraySlice<UInt8>]) -> [ArraySlice<UInt8>] {
        var selected: [ArraySlice<UInt8>] = []
        for unit in units where unit.first.map({ $0 >> 1 & 0x3F }) == type && unit.count <= 0xFFFF {
            if !selected.contains(unit) { selected.append(unit) }
        }
        return selected
    }

    /// The fields of an SPS that the record repeats.
    ///
    /// Source: ITU-T H.265, 7.3.2.2 and 7.3.3.
    private struct Sequence {
        let profile: [UInt8]
        let layers: UInt8
        let isNested: UInt8
        let chromaFormat: UInt8
        let lumaDepth: UInt8
        let chromaDepth: UInt8

        init(_ unit: ArraySlice<UInt8>) throws(CodecPrivateError) {
            var reader = BitReader(nalUnit: unit)
            try reader.skip(16 + 4)
            let sublayers = Int(try reader.bits(3))
            guard sublayers < 7 else { throw .badValue("\(sublayers) sub-layers above the first, at most 6") }
            isNested = UInt8(try reader.bits(1))
            layers = UInt8(sublayers + 1)
            var profile: [UInt8] = []
            for _ in 0..<12 { profile.append(UInt8(try reader.bits(8))) }
            self.profile = profile
            try Self.skipSublayers(sublayers, in: &reader)
            _ = try reader.unsignedGolomb()
            let format = try reader.unsignedGolomb()
            if format == 3 { try reader.skip(1) }
            for _ in 0..<2 { _ = try reader.unsignedGolomb() }
            if try reader.flag() { for _ in 0..<4 { _ = try reader.unsignedGolomb() } }
            let (luma, chroma) = (try reader.unsignedGolomb(), try reader.unsignedGolomb())
            guard format <= 3, luma <= 7, chroma <= 7 else {
                throw .badValue("chroma format \(format) with depths \(luma) and \(chroma)")
            }
            (chromaFormat, lumaDepth, chromaDepth) = (UInt8(format), UInt8(luma), UInt8(chroma))
        }

        private static func skipSublayers(_ count: Int, in reader: inout BitReader) throws(CodecPrivateError)
        {
            var present: [(profile: Bool, level: Bool)] = []
            for _ in 0..<count { present.append((try reader.flag(), try reader.flag())) }
            if count > 0 { try reader.skip(2 * (8 - count)) }
            for layer in present { try reader.skip((layer.profile ? 88 : 0) + (layer.level ? 8 : 0)) }
        }
    }
}
