/// The form H.264 and H.265 have in MP4 and Matroska, where each NAL unit follows its length.
///
/// ```
/// length (1, 2 or 4 bytes, big-endian)  NAL unit  length  NAL unit ...
/// ```
/// Source: ISO 14496-15.
package enum LengthPrefixed {
    /// Where the NAL units lie, or nil where the lengths do not add up to the whole.
    package static func units(in bytes: [UInt8], lengthSize: Int) -> [Range<Int>]? {
        var units: [Range<Int>] = []
        var index = 0
        while index < bytes.count {
            guard index + lengthSize <= bytes.count else { return nil }
            let length = bytes[index..<index + lengthSize].reduce(0) { $0 << 8 | Int($1) }
            index += lengthSize
            guard length <= bytes.count - index else { return nil }
            if length > 0 { units.append(index..<index + length) }
            index += length
        }
        return units
    }

    /// Writes units with a length of `lengthSize` bytes before each.
    package static func stream(of units: [ArraySlice<UInt8>], lengthSize: Int = 4) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(units.reduce(0) { $0 + lengthSize + $1.count })
        for unit in units {
            for byte in (0..<lengthSize).reversed() {
                bytes.append(UInt8(truncatingIfNeeded: unit.count >> (8 * byte)))
            }
            bytes.append(contentsOf: unit)
        }
        return bytes
    }
}
