/// Why a request cannot be signed.
public enum SigningError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The request names no host, which every signature covers.
    case missingHost

    /// Lifetime of a presigned request outside 1 to 604800 seconds.
    case lifetimeOutOfRange(seconds: Int)

    /// The failure in words.
    public var description: String {
        switch self {
        case .missingHost: "request has no authority and no host header to sign"
        case .lifetimeOutOfRange(let seconds): "lifetime of \(seconds) s, expected 1 to 604800 s"
        }
    }
}
