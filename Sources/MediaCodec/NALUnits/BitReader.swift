/// Reads the fields of a parameter set, most significant bit first.
///
/// Source: ITU-T H.264, 7.2 and 9.1.
struct BitReader {
    private let bytes: [UInt8]
    private var position = 0
    /// True after a read past the end; what was read there is 0.
    private(set) var isExhausted = false

    /// Takes a NAL unit and drops its emulation prevention bytes: the 3 of `00 00 03`.
    init(unit: ArraySlice<UInt8>) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(unit.count)
        var zeros = 0
        for byte in unit {
            if zeros >= 2, byte == 3 {
                zeros = 0
                continue
            }
            zeros = byte == 0 ? zeros + 1 : 0
            bytes.append(byte)
        }
        self.bytes = bytes
    }

    /// An unsigned number of up to 32 bits.
    mutating func bits(_ count: Int) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<count { value = value << 1 | bit() }
        return value
    }

    mutating func skip(_ count: Int) {
        position += count
        if position > 8 * bytes.count { isExhausted = true }
    }

    /// An unsigned Exp-Golomb number, `ue(v)`.
    mutating func golomb() -> UInt32 {
        var zeros = 0
        while bit() == 0 {
            zeros += 1
            guard zeros <= 31, !isExhausted else {
                isExhausted = true
                return 0
            }
        }
        return (1 << UInt32(zeros)) - 1 + bits(zeros)
    }

    private mutating func bit() -> UInt32 {
        guard position < 8 * bytes.count else {
            isExhausted = true
            return 0
        }
        let bit = bytes[position >> 3] >> UInt8(7 - position & 7) & 1
        position += 1
        return UInt32(bit)
    }
}
