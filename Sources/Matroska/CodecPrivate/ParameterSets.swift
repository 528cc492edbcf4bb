/// NAL units that a video track's codec private data holds.
package struct ParameterSets: Sendable, Hashable {
    /// How the units lie in the data.
    package enum Form: Sendable, Hashable {
        /// In a configuration record, as Matroska wants it.
        case record
        /// With start codes between them, as in a raw stream: many players do not take that.
        case startCodes
    }

    /// One unit: its bytes, and where they lie in the data.
    package struct Unit: Sendable, Hashable {
        /// Header and payload.
        package var bytes: [UInt8]
        /// First byte, counted from the start of the codec private data.
        package var offset: Int
    }

    /// How the units lie in the data.
    package var form: Form
    /// Bytes of the length ahead of each unit in the frames; nil with start codes.
    package var lengthSize: Int?
    /// The units.
    package var units: [Unit] = []

    /// Reads avcC, or what stands in its place.
    ///
    /// Source: ISO/IEC 14496-15, 5.3.3.1.2.
    ///
    /// - Parameter data: The codec private data.
    /// - Throws: `CodecPrivateError` where it ends early.
    package init(avc data: [UInt8]) throws(CodecPrivateError) {
        if let units = Self.unitsBetweenStartCodes(data) {
            (form, self.units) = (.startCodes, units)
            return
        }
        guard data.count >= 7 else { throw .ended }
        guard data[0] == 1 else { throw .badValue("version \(data[0]) of the record, wanted 1") }
        (form, lengthSize) = (.record, Int(data[4] & 3) + 1)
        var index = 6
        try readUnits(data, count: Int(data[5] & 0x1F), at: &index)
        guard index < data.count else { throw .ended }
        let count = Int(data[index])
        index += 1
        try readUnits(data, count: count, at: &index)
    }

    /// Reads hvcC, or what stands in its place.
    ///
    /// Source: ISO/IEC 14496-15, 8.3.3.1.2.
    ///
    /// - Parameter data: The codec private data.
    /// - Throws: `CodecPrivateError` where it ends early.
    package init(hevc data: [UInt8]) throws(CodecPrivateError) {
        if let units = Self.unitsBetweenStartCodes(data) {
            (form, self.units) = (.startCodes, units)
            return
        }
        guard data.count >= 23 else { throw .ended }
        (form, lengthSize) = (.record, Int(data[21] & 3) + 1)
        var index = 23
        for _ in 0..<data[22] {
            guard index + 3 <= data.count else { throw .ended }
            let count = Int(data[index + 1]) << 8 | Int(data[index + 2])
            index += 3
            try readUnits(data, count: count, at: &index)
        }
    }

    private mutating func readUnits(_ data: [UInt8], count: Int, at index: inout Int)
        throws(CodecPrivateError)
    {
        for _ in 0..<count {
            guard index + 2 <= data.count else { throw .ended }
            let length = Int(data[index]) << 8 | Int(data[index + 1])
            guard index + 2 + length <= data.count else { throw .ended }
            units.append(Unit(bytes: Array(data[(index + 2)..<(index + 2 + length)]), offset: index + 2))
            index += 2 + length
        }
    }

    /// Source: ITU-T H.264, annex B.
    private static func unitsBetweenStartCodes(_ data: [UInt8]) -> [Unit]? {
        guard data.starts(with: [0, 0, 0, 1]) || data.starts(with: [0, 0, 1]) else { return nil }
        var starts: [Int] = []
        for index in data.indices.dropFirst(2)
        where data[index] == 1 && data[index - 1] == 0 && data[index - 2] == 0 {
            starts.append(index + 1)
        }
        return starts.enumerated().map { number, start in
            var end = number + 1 < starts.count ? starts[number + 1] - 3 : data.count
            while end > start, data[end - 1] == 0 { end -= 1 }
            return Unit(bytes: Array(data[start..<end]), offset: start)
        }
    }
}
