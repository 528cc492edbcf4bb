import Crypto

/// What a signature says about the body: its SHA-256 in hexadecimal digits, or that it is not signed.
///
/// Source: 07 Authentication, "What each client really does".
public struct PayloadHash: Sendable, Hashable {
    /// The last line of a canonical request.
    public let text: String

    /// Body that the signature does not cover, as of the Java producer's PutMedia.
    public static let unsigned = PayloadHash(text: "UNSIGNED-PAYLOAD")

    /// Hash of no bytes, as of the C producer's PutMedia.
    public static let empty = PayloadHash(sha256Of: [])

    /// Hashes a body.
    public init(sha256Of body: some Sequence<UInt8>) {
        text = Hexadecimal.text(SHA256.hash(data: Array(body)))
    }

    /// Takes the 64 lower-case hexadecimal digits of a hash; nil for anything else.
    public init?(sha256 digits: some StringProtocol) {
        guard digits.utf8.count == 64, Hexadecimal.bytes(digits) != nil else { return nil }
        text = String(digits)
    }

    /// Compares the hashes of two texts in constant time.
    static func isSame(_ left: String, _ right: String) -> Bool {
        SHA256.hash(data: Array(left.utf8)) == SHA256.hash(data: Array(right.utf8))
    }

    private init(text: String) {
        self.text = text
    }
}
