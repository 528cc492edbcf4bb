public import HTTPTypes

/// Why a request is refused, in the words of AWS.
///
/// Source: 07 Authentication, "Authentication errors".
public struct SignatureError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of refusal.
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        /// Neither header nor query carries a signature.
        case missingAuthenticationToken = "MissingAuthenticationTokenException"

        /// The signature cannot be read, or does not cover what it must.
        case incompleteSignature = "IncompleteSignatureException"

        /// The access key or its session token is not known here.
        case unrecognizedClient = "UnrecognizedClientException"

        /// The signature is of another request, key, scope or time.
        case invalidSignature = "InvalidSignatureException"

        /// The temporary credentials have come to their end.
        case expiredToken = "ExpiredTokenException"
    }

    /// The kind of refusal.
    public let reason: Reason

    /// What was wrong: the thing, the value seen, the value wanted; never a secret or a valid signature.
    public let message: String

    /// Takes a kind and a message.
    public init(_ reason: Reason, _ message: String) {
        self.reason = reason
        self.message = message
    }

    /// The value of `x-amzn-ErrorType`.
    public var errorType: String {
        reason.rawValue
    }

    /// 403 for every kind: that of a signature that cannot be read as well, where AWS's own text on common errors says 400.
    public var status: HTTPResponse.Status { .forbidden }

    /// Type and message on one line.
    public var description: String {
        "\(errorType): \(message)"
    }
}
