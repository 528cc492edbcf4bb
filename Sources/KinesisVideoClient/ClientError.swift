public import KinesisVideo

/// Why a call did not succeed.
public enum ClientError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The service refused it.
    case service(ServiceError)
    /// The service could not be reached, or the connection broke.
    case unreachable(url: String, reason: String)
    /// The service did not answer in time.
    case timeout(url: String)
    /// The answer is none of this service.
    case unexpectedAnswer(String)

    /// True where the same call may succeed a little later.
    public var isRetryable: Bool {
        switch self {
        case .service(let error): error.isRetryable
        case .unreachable, .timeout: true
        case .unexpectedAnswer: false
        }
    }

    /// The failure in one line, with the beginning of the id that the service gave the call, for a log.
    public var withRequest: String {
        guard case .service(let error) = self, let id = error.requestID else { return description }
        return "\(description) · request \(id.prefix(8))"
    }

    /// The failure in one line.
    public var description: String {
        switch self {
        case .service(let error): error.description
        case .unreachable(let url, let reason): "cannot reach \(url): \(reason)"
        case .timeout(let url): "no answer from \(url) in time"
        case .unexpectedAnswer(let text): "unexpected answer: \(text)"
        }
    }
}
