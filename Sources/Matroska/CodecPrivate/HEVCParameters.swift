/// Profile, tier and level of H.265.
///
/// Source: ITU-T H.265, 7.3.3.
package struct HEVCProfile: Sendable, Hashable {
    /// `general_profile_idc`: 1 Main, 2 Main 10, ...
    package var profile: UInt8
    /// True for the High tier.
    package var isHighTier: Bool
    /// Thirty times the level: 120 for 4.0.
    package var level: UInt8

    /// Reads `profile_tier_level(1, subLayers)`.
    init(_ reader: inout BitReader, subLayers: Int) throws(CodecPrivateError) {
        try reader.skip(2)
        isHighTier = try reader.flag()
        profile = UInt8(try reader.bits(5))
        try reader.skip(80)
        level = UInt8(try reader.bits(8))
        var present: [(Bool, Bool)] = []
        for _ in 0..<subLayers { present.append((try reader.flag(), try reader.flag())) }
        if subLayers > 0 { try reader.skip(2 * (8 - subLayers)) }
        for (hasProfile, hasLevel) in present {
            if hasProfile { try reader.skip(88) }
            if hasLevel { try reader.skip(8) }
        }
    }

    /// Its name.
    package var name: String {
        switch profile {
        case 1: "Main"
        case 2: "Main 10"
        case 3: "Main Still Picture"
        case 4: "Rext"
        default: "profile \(profile)"
        }
    }
}

/// What a sequence parameter set of H.265 says of pictures.
///
/// Source: ITU-T H.265, 7.3.2.2.1, up to the bit depths.
package struct HEVCSequenceParameters: Sendable, Hashable {
    /// Profile, tier and level.
    package var profile: HEVCProfile
    /// `chroma_format_idc`: 0 grey, 1 4:2:0, 2 4:2:2, 3 4:4:4.
    package var chromaFormat: UInt32
    /// Bits of a luma sample.
    package var bitDepth: UInt32
    /// Pixels shown, from left to right.
    package var width: Int
    /// Pixels shown, from top to bottom.
    package var height: Int

    /// Reads a NAL unit of type 33.
    ///
    /// - Parameter nalUnit: Its two header bytes and its payload.
    /// - Throws: `CodecPrivateError` where it ends early or holds what cannot be.
    package init(nalUnit: [UInt8]) throws(CodecPrivateError) {
        var reader = BitReader(nalUnit: nalUnit)
        guard try reader.bits(16) >> 9 & 0x3F == 33 else { throw .badValue("no sequence parameter set") }
        try reader.skip(4)
        let subLayers = Int(try reader.bits(3))
        _ = try reader.flag()
        profile = try HEVCProfile(&reader, subLayers: subLayers)
        _ = try reader.unsignedGolomb()
        chromaFormat = try reader.unsignedGolomb()
        guard chromaFormat <= 3 else { throw .badValue("chroma format \(chromaFormat), at most 3") }
        if chromaFormat == 3 { _ = try reader.flag() }
        width = Int(try reader.unsignedGolomb())
        height = Int(try reader.unsignedGolomb())
        if try reader.flag() {
            var crop: [Int] = []
            for _ in 0..<4 { crop.append(Int(try reader.unsignedGolomb())) }
            width -= (chromaFormat == 1 || chromaFormat == 2 ? 2 : 1) * (crop[0] + crop[1])
            height -= (chromaFormat == 1 ? 2 : 1) * (crop[2] + crop[3])
        }
        guard width > 0, height > 0 else { throw .badValue("a picture of \(width) x \(height)") }
        let depth = try reader.unsignedGolomb()
        guard depth <= 8 else { throw .badValue("\(depth) bits a sample above 8, at most 8") }
        bitDepth = depth + 8
    }
}
