/// Name of a stream's folder: 16 random bytes, since `..` and `-rf` are legal names of streams.
struct StreamID: Sendable, Hashable, CustomStringConvertible {
    let bytes: [UInt8]

    /// Draws an id.
    init() {
        var generator = SystemRandomNumberGenerator()
        bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    /// Reads 32 lower-case hexadecimal digits; nil for anything else.
    init?(_ text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 32 else { return nil }
        let bytes = stride(from: 0, to: 32, by: 2).compactMap { start in
            UInt8(String(decoding: digits[start..<start + 2], as: UTF8.self), radix: 16)
        }
        self.bytes = bytes
        guard bytes.count == 16, description == text else { return nil }
    }

    var description: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
