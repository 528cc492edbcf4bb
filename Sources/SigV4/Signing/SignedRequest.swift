public import HTTPTypes

/// A request with its signature, and the steps that led there.
public struct SignedRequest: Sendable {
    /// The request to send.
    public let request: HTTPRequest

    /// What was hashed.
    public let canonicalRequest: CanonicalRequest

    /// What the key signed.
    public let stringToSign: String

    /// 64 lower-case hexadecimal digits.
    public let signature: String
}
