import Crypto

/// The key of one day, region and service, derived from a secret.
///
/// Source: 07 Authentication, "Signing".
public struct SigningKey: Sendable, HidesContents {
    private let key: SymmetricKey
    private let scope: CredentialScope

    /// Derives the key; four rounds of HMAC.
    public init(secretAccessKey: String, scope: CredentialScope) {
        var key = SymmetricKey(data: Array("AWS4\(secretAccessKey)".utf8))
        for part in [scope.day, scope.region, scope.service, "aws4_request"] {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
        }
        self.key = key
        self.scope = scope
    }

    /// The scope, never the key.
    public var description: String {
        "SigningKey(\(scope))"
    }

    /// Signs a text.
    ///
    /// - Returns: 64 lower-case hexadecimal digits.
    public func signature(of stringToSign: String) -> String {
        Hexadecimal.text(HMAC<SHA256>.authenticationCode(for: Array(stringToSign.utf8), using: key))
    }

    /// Compares a signature in constant time.
    ///
    /// - Parameters:
    ///   - signature: 64 lower-case hexadecimal digits; anything else is not valid.
    ///   - stringToSign: the text that was to be signed.
    /// - Returns: whether this key made the signature.
    public func isValid(_ signature: String, of stringToSign: String) -> Bool {
        guard let code = Hexadecimal.bytes(signature) else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(
            code,
            authenticating: Array(stringToSign.utf8),
            using: key
        )
    }
}
