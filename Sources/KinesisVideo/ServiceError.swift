/// An error as the service names it.
///
/// A struct over the name, so that names this program does not know survive.
/// Source: 01 Overview, "HTTP conventions"; the error tables of 02 to 05.
public struct ServiceError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Name of the error's shape, such as `ResourceNotFoundException`.
    public var name: String
    /// HTTP status.
    public var status: Int
    /// What was wrong, for people.
    public var message: String
    /// Request the service refused, where it said so.
    public var requestID: String?

    /// Creates an error.
    public init(name: String, status: Int, message: String, requestID: String? = nil) {
        self.name = name
        self.status = status
        self.message = message
        self.requestID = requestID
    }

    /// A member, header or body that breaks its rule.
    public static func invalidArgument(_ message: String) -> ServiceError {
        ServiceError(name: "InvalidArgumentException", status: 400, message: message)
    }

    /// No such stream.
    public static func notFound(_ message: String) -> ServiceError {
        ServiceError(name: "ResourceNotFoundException", status: 404, message: message)
    }

    /// The name is taken, or the stream is busy with another change.
    public static func inUse(_ message: String) -> ServiceError {
        ServiceError(name: "ResourceInUseException", status: 400, message: message)
    }

    /// Somebody else changed the stream first.
    public static func versionMismatch(_ message: String) -> ServiceError {
        ServiceError(name: "VersionMismatchException", status: 400, message: message)
    }

    /// A malformed ARN in a call on the tags of a stream.
    public static func invalidResourceFormat(_ message: String) -> ServiceError {
        ServiceError(name: "InvalidResourceFormatException", status: 400, message: message)
    }

    /// More tags than a stream may have.
    public static func tagLimit(_ message: String) -> ServiceError {
        ServiceError(name: "TagsPerResourceExceededLimitException", status: 400, message: message)
    }

    /// The stream keeps nothing, and the call needs what is kept.
    public static func noDataRetention(_ message: String) -> ServiceError {
        ServiceError(name: "NoDataRetentionException", status: 400, message: message)
    }

    /// Too many calls.
    public static func clientLimit(_ message: String) -> ServiceError {
        ServiceError(name: "ClientLimitExceededException", status: 400, message: message)
    }

    /// Too many streams.
    public static func accountStreamLimit(_ message: String) -> ServiceError {
        ServiceError(name: "AccountStreamLimitExceededException", status: 400, message: message)
    }

    /// Too many connections on one stream.
    public static func connectionLimit(_ message: String) -> ServiceError {
        ServiceError(name: "ConnectionLimitExceededException", status: 400, message: message)
    }

    /// No such path, or another method than POST.
    public static func unknownOperation(_ message: String) -> ServiceError {
        ServiceError(name: "UnknownOperationException", status: 404, message: message)
    }

    /// The service itself failed.
    public static func internalFailure(_ message: String) -> ServiceError {
        ServiceError(name: "InternalFailure", status: 500, message: message)
    }

    /// True where the same call may succeed a little later.
    public var isRetryable: Bool {
        status >= 500 || status == 429 || isThrottling
    }

    /// True where the caller asks too often or too much at once.
    public var isThrottling: Bool {
        name == "ClientLimitExceededException" || name == "ConnectionLimitExceededException"
            || name.hasPrefix("Throttling")
    }

    /// True where the credentials are missing, wrong or insufficient.
    public var isDenied: Bool {
        status == 401 || status == 403
    }

    /// `ResourceNotFoundException: no stream named 'roof'`.
    public var description: String {
        message.isEmpty ? name : "\(name): \(message)"
    }
}
