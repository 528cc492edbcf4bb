/// Reads bits, the most significant of each byte first.
struct BitReader {
    private let bytes: [UInt8]
    /// Bits that have been read.
    private(set) var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Reads the payload of a NAL unit: emulation prevention bytes (the 3 of 00 00 03) are left out.
    ///
    /// Source: ITU-T H.264, 7.4.1; H.265, 7.4.2.
    init(nalUnit: some Sequence<UInt8>) {
        var (payload, zeros) = ([UInt8](), 0)
        for byte in nalUnit {
            if zeros >= 2, byte == 3 {
                zeros = 0
                continue
            }
            zeros = byte == 0 ? zeros + 1 : 0
            payload.append(byte)
        }
        bytes = payload
    }

    /// Bits that are left.
    var remaining: Int { bytes.count * 8 - position }

    /// The next bits as a number.
    ///
    /// - Parameter count: How many, 0 to 32.
    /// - Returns: The number.
    /// - Throws: `ended` where fewer are left.
    mutating func bits(_ count: Int) throws(CodecPrivateError) -> UInt32 {
        guard remaining >= count else { throw .ended }
        var value: UInt32 = 0
        for _ in 0..<count {
            value = value << 1 | UInt32(bytes[position / 8] >> UInt8(7 - position % 8) & 1)
            position += 1
        }
        return value
    }

    /// The next bit.
    mutating func flag() throws(CodecPrivateError) -> Bool { try bits(1) == 1 }

    /// Passes over bits.
    mutating func skip(_ count: Int) throws(CodecPrivateError) {
        guard remaining >= count else { throw .ended }
        position += count
    }

    /// An unsigned Exp-Golomb code.
    ///
    /// Source: ITU-T H.264, 9.1.
    mutating func unsignedGolomb() throws(CodecPrivateError) -> UInt32 {
        var zeros = 0
        while try !flag() {
            zeros += 1
            guard zeros < 32 else { throw .badValue("an Exp-Golomb code of more than 32 bits") }
        }
        return try (1 << UInt32(zeros)) - 1 + bits(zeros)
    }

    /// A signed Exp-Golomb code.
    mutating func signedGolomb() throws(CodecPrivateError) -> Int32 {
        let code = try unsignedGolomb()
        return code % 2 == 0 ? -Int32(code / 2) : Int32(code / 2 + 1)
    }
}

/// Why codec private data cannot be read.
package enum CodecPrivateError: Error, Sendable, Hashable, CustomStringConvertible {
    /// It ends before it should.
    case ended
    /// A value that cannot be: in words.
    case badValue(String)

    /// One line.
    package var description: String {
        switch self {
        case .ended: "the data ends too early"
        case .badValue(let words): words
        }
    }
}
