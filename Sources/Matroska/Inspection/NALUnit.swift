/// One NAL unit inside of a frame of H.264 or H.265.
package struct NALUnit: Sendable, Hashable {
    /// `nal_unit_type`.
    package var type: UInt8
    /// Its short name: `SPS`, `IDR`, ...
    package var name: String
    /// Where it lies, its header first, without what tells its length.
    package var range: Range<Int>

    /// Which of the two standards a track follows; nil for any other codec.
    enum Standard: Hashable {
        case avc
        case hevc

        init?(codecID: String) {
            switch codecID {
            case "V_MPEG4/ISO/AVC": self = .avc
            case "V_MPEGH/ISO/HEVC": self = .hevc
            default: return nil
            }
        }
    }

    init(_ bytes: [UInt8], _ range: Range<Int>, _ standard: Standard) {
        let first = bytes[range.lowerBound]
        type = standard == .avc ? first & 0x1F : first >> 1 & 0x3F
        let names = standard == .avc ? Self.avcNames : Self.hevcNames
        name = names[type] ?? "type \(type)"
        self.range = range
    }

    /// The units of a frame; nil where the lengths ahead of them do not add up.
    static func units(of bytes: [UInt8], in frame: Range<Int>, lengthSize: Int?, _ standard: Standard)
        -> [NALUnit]?
    {
        let ranges =
            lengthSize.map { behindLengths(bytes, frame, $0) } ?? betweenStartCodes(bytes, frame)
        return ranges?.filter { !$0.isEmpty }.map { NALUnit(bytes, $0, standard) }
    }

    /// Source: ISO/IEC 14496-15, 5.3.3.
    private static func behindLengths(_ bytes: [UInt8], _ frame: Range<Int>, _ size: Int) -> [Range<Int>]? {
        var ranges: [Range<Int>] = []
        var index = frame.lowerBound
        while index < frame.upperBound {
            guard frame.upperBound - index >= size else { return nil }
            let length = bytes[index..<index + size].reduce(0) { $0 << 8 | Int($1) }
            index += size
            guard length <= frame.upperBound - index else { return nil }
            ranges.append(index..<index + length)
            index += length
        }
        return ranges
    }

    /// Source: ITU-T H.264, annex B.
    private static func betweenStartCodes(_ bytes: [UInt8], _ frame: Range<Int>) -> [Range<Int>]? {
        var starts: [Int] = []
        for index in frame.dropFirst(2)
        where bytes[index] == 1 && bytes[index - 1] == 0 && bytes[index - 2] == 0 {
            starts.append(index + 1)
        }
        guard !starts.isEmpty else { return nil }
        return starts.indices.map { index in
            var end = index + 1 < starts.count ? starts[index + 1] - 3 : frame.upperBound
            while end > starts[index], bytes[end - 1] == 0 { end -= 1 }
            return starts[index]..<end
        }
    }

    /// Source: ITU-T H.264, table 7-1.
    private static let avcNames: [UInt8: String] = [
        1: "slice", 2: "partition A", 3: "partition B", 4: "partition C", 5: "IDR", 6: "SEI", 7: "SPS",
        8: "PPS", 9: "AUD", 10: "end of sequence", 11: "end of stream", 12: "filler",
    ]
    /// Source: ITU-T H.265, table 7-1.
    private static let hevcNames: [UInt8: String] = [
        0: "TRAIL_N", 1: "TRAIL_R", 6: "RADL_N", 7: "RADL_R", 8: "RASL_N", 9: "RASL_R", 16: "BLA_W_LP",
        17: "BLA_W_RADL", 18: "BLA_N_LP", 19: "IDR_W_RADL", 20: "IDR_N_LP", 21: "CRA", 32: "VPS", 33: "SPS",
        34: "PPS", 35: "AUD", 36: "EOS", 37: "EOB", 38: "FD", 39: "SEI", 40: "SEI",
    ]
}

/// What a slice says of the picture that it is part of.
enum SliceType: Character {
    case intra = "I"
    case predicted = "P"
    case bidirectional = "B"

    /// Reads the first slice of a picture; nil where the unit is none, or cannot be read.
    ///
    /// Source: ITU-T H.264, 7.3.3; H.265, 7.3.6.1.
    ///
    /// - Parameters:
    ///   - bytes: What the unit lies in.
    ///   - unit: The unit.
    ///   - standard: Whose unit it is.
    ///   - extraBits: `num_extra_slice_header_bits` of the H.265 picture parameter set.
    init?(_ bytes: [UInt8], _ unit: NALUnit, _ standard: NALUnit.Standard, extraBits: Int) {
        // What is read lies in the first bytes; a slice may be a megabyte.
        var reader = BitReader(nalUnit: bytes[unit.range].prefix(32))
        let found =
            standard == .avc ? Self.avc(&reader, unit.type) : Self.hevc(&reader, unit.type, extraBits)
        guard let found else { return nil }
        self = found
    }

    private static func avc(_ reader: inout BitReader, _ type: UInt8) -> SliceType? {
        guard type == 1 || type == 2 || type == 5, (try? reader.skip(8)) != nil,
            (try? reader.unsignedGolomb()) != nil, let slice = try? reader.unsignedGolomb()
        else { return nil }
        return [.predicted, .bidirectional, .intra, .predicted, .intra][Int(slice % 5)]
    }

    private static func hevc(_ reader: inout BitReader, _ type: UInt8, _ extraBits: Int) -> SliceType? {
        guard type < 32, (try? reader.skip(16)) != nil, (try? reader.flag()) == true,
            !(16...23).contains(type) || (try? reader.flag()) != nil,
            (try? reader.unsignedGolomb()) != nil, (try? reader.skip(extraBits)) != nil,
            let slice = try? reader.unsignedGolomb(), slice <= 2
        else { return nil }
        return [.bidirectional, .predicted, .intra][Int(slice)]
    }
}
