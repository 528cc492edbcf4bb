/// What a sequence parameter set of H.264 says of pictures.
///
/// Source: ITU-T H.264, 7.3.2.1.1 and annex E.
package struct AVCSequenceParameters: Sendable, Hashable {
    /// `profile_idc`: 66 Baseline, 77 Main, 100 High, ...
    package var profile: UInt8 = 0
    /// The constraint flags, `constraint_set0_flag` the highest bit.
    package var constraints: UInt8 = 0
    /// Ten times the level: 40 for 4.0.
    package var level: UInt8 = 0
    /// `chroma_format_idc`: 0 grey, 1 4:2:0, 2 4:2:2, 3 4:4:4.
    package var chromaFormat: UInt32 = 1
    /// Bits of a luma sample.
    package var bitDepth: UInt32 = 8
    /// Pixels shown, from left to right.
    package var width = 0
    /// Pixels shown, from top to bottom.
    package var height = 0
    /// False where pictures may be made of two fields.
    package var isProgressive = true
    /// Frames a second, where the timing of the VUI tells.
    package var frameRate: Double?

    /// Reads a NAL unit of type 7.
    ///
    /// - Parameter nalUnit: Its header byte and its payload, emulation prevention bytes and all.
    /// - Throws: `CodecPrivateError` where it ends early or holds what cannot be.
    package init(nalUnit: [UInt8]) throws(CodecPrivateError) {
        var reader = BitReader(nalUnit: nalUnit)
        guard try reader.bits(8) & 0x1F == 7 else { throw .badValue("no sequence parameter set") }
        profile = UInt8(try reader.bits(8))
        constraints = UInt8(try reader.bits(8))
        level = UInt8(try reader.bits(8))
        _ = try reader.unsignedGolomb()
        if Self.profilesWithChroma.contains(profile) { try readChroma(&reader) }
        _ = try reader.unsignedGolomb()
        try Self.skipPictureOrder(&reader)
        _ = try reader.unsignedGolomb()
        _ = try reader.flag()
        try readSize(&reader)
        if try reader.flag() { try readTiming(&reader) }
    }

    /// Its name, as ffprobe and encoders write it.
    package var profileName: String { Self.name(ofProfile: profile, constraints: constraints) }

    /// The name of a profile with these constraint flags.
    package static func name(ofProfile profile: UInt8, constraints: UInt8) -> String {
        switch profile {
        case 66: constraints & 0x40 != 0 ? "Constrained Baseline" : "Baseline"
        case 77: "Main"
        case 88: "Extended"
        case 100: constraints & 0x0C == 0x0C ? "Constrained High" : "High"
        case 110: "High 10"
        case 122: "High 4:2:2"
        case 244: "High 4:4:4 Predictive"
        default: "profile \(profile)"
        }
    }

    private static let profilesWithChroma: Set<UInt8> = [
        44, 83, 86, 100, 110, 118, 122, 128, 134, 135, 138, 139, 244,
    ]

    private mutating func readChroma(_ reader: inout BitReader) throws(CodecPrivateError) {
        chromaFormat = try reader.unsignedGolomb()
        guard chromaFormat <= 3 else { throw .badValue("chroma format \(chromaFormat), at most 3") }
        if chromaFormat == 3 { _ = try reader.flag() }
        let depth = try reader.unsignedGolomb()
        guard depth <= 6 else { throw .badValue("\(depth) bits a sample above 8, at most 6") }
        bitDepth = depth + 8
        _ = try reader.unsignedGolomb()
        _ = try reader.flag()
        guard try reader.flag() else { return }
        for index in 0..<(chromaFormat == 3 ? 12 : 8) where try reader.flag() {
            try Self.skipScalingList(&reader, size: index < 6 ? 16 : 64)
        }
    }

    private static func skipScalingList(_ reader: inout BitReader, size: Int) throws(CodecPrivateError) {
        var (last, next): (Int32, Int32) = (8, 8)
        for _ in 0..<size where next != 0 {
            next = (last &+ (try reader.signedGolomb()) &+ 256) % 256
            if next != 0 { last = next }
        }
    }

    private static func skipPictureOrder(_ reader: inout BitReader) throws(CodecPrivateError) {
        switch try reader.unsignedGolomb() {
        case 0: _ = try reader.unsignedGolomb()
        case 1:
            _ = try reader.flag()
            _ = try reader.signedGolomb()
            _ = try reader.signedGolomb()
            for _ in 0..<(try reader.unsignedGolomb()) { _ = try reader.signedGolomb() }
        default: break
        }
    }

    private mutating func readSize(_ reader: inout BitReader) throws(CodecPrivateError) {
        let columns = Int(try reader.unsignedGolomb()) + 1
        let rows = Int(try reader.unsignedGolomb()) + 1
        guard columns <= 2048, rows <= 2048 else { throw .badValue("\(columns) x \(rows) macroblocks") }
        isProgressive = try reader.flag()
        if !isProgressive { _ = try reader.flag() }
        _ = try reader.flag()
        let field = isProgressive ? 1 : 2
        (width, height) = (columns * 16, rows * 16 * field)
        guard try reader.flag() else { return }
        var crop: [Int] = []
        for _ in 0..<4 { crop.append(Int(try reader.unsignedGolomb())) }
        let unitX = chromaFormat == 1 || chromaFormat == 2 ? 2 : 1
        let unitY = (chromaFormat == 1 ? 2 : 1) * field
        width -= unitX * (crop[0] + crop[1])
        height -= unitY * (crop[2] + crop[3])
        guard width > 0, height > 0 else {
            throw .badValue("nothing is left of the picture's \(columns * 16) columns")
        }
    }

    private mutating func readTiming(_ reader: inout BitReader) throws(CodecPrivateError) {
        if try reader.flag(), try reader.bits(8) == 255 { try reader.skip(32) }
        if try reader.flag() { _ = try reader.flag() }
        if try reader.flag() {
            try reader.skip(4)
            if try reader.flag() { try reader.skip(24) }
        }
        if try reader.flag() {
            _ = try reader.unsignedGolomb()
            _ = try reader.unsignedGolomb()
        }
        guard try reader.flag() else { return }
        let ticks = try reader.bits(32)
        let scale = try reader.bits(32)
        // Two ticks a frame: one for each field.
        if ticks > 0, scale > 0 { frameRate = Double(scale) / (2 * Double(ticks)) }
    }
}
