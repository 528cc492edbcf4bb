/// Name of a fragment, unique in its stream and growing in the order of ingestion.
///
/// A decimal number of up to 128 digits, compared as a number; real values have 47 digits and fit no machine
/// word. Numbers made here have the layout seen on the service:
/// `2^156 + counter * 2^92 + serverMilliseconds * 2^28 + random`.
///
/// Source: 01 Overview, "Fragment number".
public struct FragmentNumber: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The digits without leading zeros, at least one.
    public let description: String

    /// Number of digits of every number that is written.
    public static let writtenDigits = 47

    /// Takes 1 to 128 digits; anything else is no fragment number.
    public init?(_ text: some StringProtocol) {
        let utf8 = text.utf8
        guard (1...128).contains(utf8.count), utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        let significant = utf8.drop { $0 == 0x30 }
        description = significant.isEmpty ? "0" : String(decoding: significant, as: UTF8.self)
    }

    /// Composes a number of the service's layout.
    ///
    /// - Parameters:
    ///   - counter: grows by one a fragment; at most 2^64 - 1.
    ///   - serverMilliseconds: the fragment's server timestamp since 1970.
    ///   - random: 28 bits; higher ones are cut off.
    public init(counter: UInt64, serverMilliseconds: UInt64, random: UInt32) {
        // 160 bits in 32-bit limbs, most significant first: bit 156 is the top digit of every number.
        var limbs: [UInt64] = [1 << 28, 0, 0, 0, 0]
        let low = (serverMilliseconds << 28) | UInt64(random & 0x0FFF_FFFF)
        let high = (counter << 28) | (serverMilliseconds >> 36 & 0x0FFF_FFFF)
        limbs[0] |= (counter >> 36) & 0x0FFF_FFFF
        limbs[1] = high >> 32
        limbs[2] = high & 0xFFFF_FFFF
        limbs[3] = low >> 32
        limbs[4] = low & 0xFFFF_FFFF
        self.init(limbs: limbs)
    }

    /// Reads what `bytes` gives: 20 bytes, most significant first.
    ///
    /// - Returns: nil where the length is not 20.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 20 else { return nil }
        self.init(
            limbs: stride(from: 0, to: 20, by: 4).map { start in
                bytes[start..<start + 4].reduce(0) { $0 << 8 | UInt64($1) }
            }
        )
    }

    private init(limbs: [UInt64]) {
        var limbs = limbs
        var groups: [String] = []
        while limbs.contains(where: { $0 != 0 }) {
            var remainder: UInt64 = 0
            for index in limbs.indices {
                let value = remainder << 32 | limbs[index]
                limbs[index] = value / 1_000_000_000
                remainder = value % 1_000_000_000
            }
            let group = String(remainder)
            groups.append(String(repeating: "0", count: 9 - group.count) + group)
        }
        let digits = groups.reversed().joined().drop { $0 == "0" }
        description = digits.isEmpty ? "0" : String(digits)
    }

    /// The number in 20 bytes, most significant first.
    ///
    /// - Returns: nil where it does not fit, which no number made here does.
    public var bytes: [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 20)
        for digit in description.utf8 {
            var carry = UInt(digit - 0x30)
            for index in bytes.indices.reversed() {
                let value = UInt(bytes[index]) * 10 + carry
                bytes[index] = UInt8(truncatingIfNeeded: value)
                carry = value >> 8
            }
            if carry != 0 { return nil }
        }
        return bytes
    }

    /// At least 47 digits, zeros in front: the form that is written, and that sorts as text.
    public var padded: String {
        String(repeating: "0", count: max(0, Self.writtenDigits - description.utf8.count)) + description
    }

    /// Digits of a number's end that screens show.
    public static let shownDigits = 10

    /// `#…` and the last ten digits: how a screen names a fragment; it never orders one.
    public var shortName: String {
        "#…" + description.suffix(Self.shownDigits)
    }

    /// True where somebody may mean this number by some digits: all of them, or at most as many of its end as screens
    /// show.
    public func isMeant(by digits: String) -> Bool {
        if FragmentNumber(digits) == self { return true }
        return digits.utf8.count <= Self.shownDigits && padded.hasSuffix(digits)
    }

    /// The counter inside a number of the service's layout; nil for a number of another size.
    public var counter: UInt64? {
        guard let bytes, bytes[0] >> 4 == 1 else { return nil }
        // Bits 92 to 155: the low half of byte 0, bytes 1 to 7, the high half of byte 8.
        var value = UInt64(bytes[0] & 0x0F)
        for byte in bytes[1...7] { value = value << 8 | UInt64(byte) }
        return value << 4 | UInt64(bytes[8] >> 4)
    }

    /// The server timestamp inside a number of the service's layout; nil for a number of another size.
    ///
    /// For display and measurement only: nothing may depend on the layout of a number.
    public var serverMilliseconds: UInt64? {
        guard let bytes, bytes[0] >> 4 == 1 else { return nil }
        // Bits 28 to 91: the low half of byte 8, bytes 9 to 15, the high half of byte 16.
        var value = UInt64(bytes[8] & 0x0F)
        for byte in bytes[9...15] { value = value << 8 | UInt64(byte) }
        return value << 4 | UInt64(bytes[16] >> 4)
    }

    /// Orders as numbers: by length, then by digits.
    public static func < (left: FragmentNumber, right: FragmentNumber) -> Bool {
        let (leftCount, rightCount) = (left.description.utf8.count, right.description.utf8.count)
        return leftCount == rightCount ? left.description < right.description : leftCount < rightCount
    }
}
