/// The CRC-32 of IEEE 802.3 (polynomial 0xEDB88320, reflected), eight bytes a step.
struct CRC32: Sendable {
    private var state: UInt32 = 0xFFFF_FFFF

    /// The sum of all bytes so far.
    var value: UInt32 { ~state }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        Self.tables.withUnsafeBufferPointer { tables in
            var crc = state
            var offset = 0
            while bytes.count - offset >= 8 {
                let low =
                    UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) ^ crc
                let high = UInt32(
                    littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)
                )
                crc = Self.fold(low, tables, first: 4) ^ Self.fold(high, tables, first: 0)
                offset += 8
            }
            while offset < bytes.count {
                crc = crc >> 8 ^ tables[Int((crc ^ UInt32(bytes[offset])) & 0xFF)]
                offset += 1
            }
            state = crc
        }
    }

    /// Looks up the four bytes of `word`, the last of them in table `first`.
    private static func fold(_ word: UInt32, _ tables: UnsafeBufferPointer<UInt32>, first: Int) -> UInt32 {
        let base = first << 8
        let upper = tables[base + Int(word >> 24)] ^ tables[base + 256 + Int(word >> 16 & 0xFF)]
        let lower = tables[base + 512 + Int(word >> 8 & 0xFF)] ^ tables[base + 768 + Int(word & 0xFF)]
        return upper ^ lower
    }

    /// Eight tables of 256: table k gives the effect of a byte that k zero bytes follow.
    private static let tables: [UInt32] = {
        var tables: [UInt32] = (0..<256).map { byte in
            (0..<8).reduce(UInt32(byte)) { crc, _ in (crc >> 1) ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
        for index in 256..<2048 {
            let previous = tables[index - 256]
            tables.append(previous >> 8 ^ tables[Int(previous & 0xFF)])
        }
        return tables
    }()
}
