/// The byte stream form of H.264 and H.265, where start codes part the NAL units.
///
/// ```
/// 00 00 00 01  NAL unit  00 00 01  NAL unit ...
/// ```
/// Source: ITU-T H.264 and H.265, annex B.
package enum AnnexB {
    /// True where the bytes begin with a start code of three or four bytes.
    package static func begins(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: [0, 0, 1]) || bytes.starts(with: [0, 0, 0, 1])
    }

    /// Where the NAL units lie, without start codes and the zeros around them; empty units are left out.
    package static func units(in bytes: [UInt8]) -> [Range<Int>] {
        var units: [Range<Int>] = []
        var start: Int?
        var index = 0
        while index + 2 < bytes.count {
            // The third byte of a start code is 1, so a greater one rules out three places at once.
            if bytes[index + 2] > 1 {
                index += 3
            } else if bytes[index] == 0, bytes[index + 1] == 0, bytes[index + 2] == 1 {
                append(start, index, of: bytes, to: &units)
                index += 3
                start = index
            } else {
                index += 1
            }
        }
        append(start, bytes.count, of: bytes, to: &units)
        return units
    }

    /// Writes units with a start code of four bytes before each.
    package static func stream(of units: [ArraySlice<UInt8>]) -> [UInt8] {
        units.flatMap { [0, 0, 0, 1] + $0 }
    }

    private static func append(_ start: Int?, _ end: Int, of bytes: [UInt8], to units: inout [Range<Int>]) {
        guard let start else { return }
        var end = end
        while end > start, bytes[end - 1] == 0 { end -= 1 }
        if end > start { units.append(start..<end) }
    }
}
