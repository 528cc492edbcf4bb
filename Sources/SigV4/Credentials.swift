/// A key pair, with the session token and end of life that temporary ones have.
///
/// Printing, interpolating, reflecting or dumping a value shows the access key id and nothing else.
///
/// Source: 07 Authentication.
public struct Credentials: Sendable, Hashable, HidesContents {
    /// Public name of the key, such as `AKIDEXAMPLE`.
    public let accessKeyID: String

    /// The secret; never sent, never printed.
    public let secretAccessKey: String

    /// Sent as `x-amz-security-token` along with a temporary key.
    public let sessionToken: String?

    /// First moment at which the credentials are no longer valid; nil where they do not expire.
    public let expiration: SigningTime?

    /// Takes the parts as they are; none is checked.
    public init(
        accessKeyID: String,
        secretAccessKey: String,
        sessionToken: String? = nil,
        expiration: SigningTime? = nil
    ) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiration = expiration
    }

    /// The access key id, never the secret.
    public var description: String {
        "Credentials(\(accessKeyID))"
    }

    /// Whether the credentials have come to their end at `time`.
    public func isExpired(at time: SigningTime) -> Bool {
        expiration.map { $0 <= time } ?? false
    }
}
