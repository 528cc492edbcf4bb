/// A write-ahead log of SQLite, to be changed with its checksums kept right.
///
/// Source: the SQLite database file format, "The Write-Ahead Log".
struct WriteAheadLog {
    var bytes: [UInt8]

    private static let headerSize = 32
    private static let frameSize = 24 + 4096

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var lastFrame: [UInt8] { bytes.suffix(Self.frameSize) }

    /// Gives header and frames the number and the salts of another round.
    mutating func beginRound(_ number: UInt8) {
        bytes[15] = number
        bytes[19] &+= number
        var sum: (UInt32, UInt32) = (0, 0)
        add(0..<24, to: &sum)
        put(sum, at: 24)
        for frame in stride(from: Self.headerSize, through: bytes.count - Self.frameSize, by: Self.frameSize)
        {
            bytes.replaceSubrange(frame + 8..<frame + 16, with: bytes[16..<24])
            add(frame..<frame + 8, to: &sum)
            add(frame + 24..<frame + Self.frameSize, to: &sum)
            put(sum, at: frame + 16)
        }
    }

    private func add(_ range: Range<Int>, to sum: inout (UInt32, UInt32)) {
        let isBigEndian = bytes[3] & 1 == 1
        func word(_ offset: Int) -> UInt32 {
            let word = bytes[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            return isBigEndian ? word : word.byteSwapped
        }
        for offset in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
            sum.0 &+= word(offset) &+ sum.1
            sum.1 &+= word(offset + 4) &+ sum.0
        }
    }

    private mutating func put(_ sum: (UInt32, UInt32), at offset: Int) {
        for (index, word) in [sum.0, sum.1].enumerated() {
            for byte in 0..<4 {
                bytes[offset + 4 * index + byte] = UInt8(truncatingIfNeeded: word >> (24 - 8 * byte))
            }
        }
    }
}
