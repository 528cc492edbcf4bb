/// The header before each AAC frame of a stream without container.
///
/// ```
/// FFF  ID layer:2 protection_absent | profile:2 rate:4 private channels:3 original home
/// copyright:2 length:13 fullness:11 blocks-1:2 | CRC16 unless protection_absent
/// ```
/// Source: ISO 14496-3, 1.A.3.2.
package struct ADTSHeader: Sendable, Hashable {
    /// Bytes before the frame itself: 7, or 9 with a checksum.
    package let count: Int
    /// What Matroska keeps in place of the header: ISO 14496-3, AudioSpecificConfig, in two bytes.
    package let audioSpecificConfig: [UInt8]

    /// Reads a header; nil where the bytes do not begin with one, or leave the channels to the frame.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count >= 7, bytes[0] == 0xFF, bytes[1] & 0xF6 == 0xF0 else { return nil }
        count = bytes[1] & 1 == 1 ? 7 : 9
        let objectType = bytes[2] >> 6 + 1
        let rate = bytes[2] >> 2 & 0xF
        let channels = (bytes[2] & 1) << 2 | bytes[3] >> 6
        guard bytes.count >= count, rate < 13, channels > 0 else { return nil }
        audioSpecificConfig = [objectType << 3 | rate >> 1, (rate & 1) << 7 | channels << 3]
    }

    /// Bytes of the frame that the header stands ahead of, itself counted in.
    package func length(_ bytes: [UInt8]) -> Int {
        Int(bytes[3] & 3) << 11 | Int(bytes[4]) << 3 | Int(bytes[5] >> 5)
    }
}
