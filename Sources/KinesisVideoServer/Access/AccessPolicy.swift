import HTTPTypes
import KinesisVideo
public import SigV4
import Synchronization

/// Who may call the service.
public enum AccessPolicy: Sendable {
    /// Everybody; signatures are ignored.
    case open
    /// Who signs with a key of the ring.
    case signed(KeyRing)
}

/// The key pairs that a service knows, each with what its holder may do; they can be replaced while it runs.
public final class KeyRing: Sendable {
    private struct Keys {
        let verifier: RequestVerifier
        let grants: [String: AccessGrant]

        init(_ keys: [(credentials: Credentials, grant: AccessGrant)], _ allowedSkew: Duration) {
            verifier = RequestVerifier(keys: keys.map(\.credentials), allowedSkew: allowedSkew)
            grants = Dictionary(
                keys.map { ($0.credentials.accessKeyID, $0.grant) },
                uniquingKeysWith: { $1 }
            )
        }
    }

    private let allowedSkew: Duration
    private let current: Mutex<Keys>

    /// Takes the keys.
    ///
    /// - Parameters:
    ///   - keys: key pairs with their grants; of two with the same access key id the later one counts.
    ///   - allowedSkew: how far a signature's time may be from the server's, 15 minutes at most.
    public init(
        _ keys: [(credentials: Credentials, grant: AccessGrant)],
        allowedSkew: Duration = .seconds(300)
    ) {
        self.allowedSkew = allowedSkew
        current = Mutex(Keys(keys, allowedSkew))
    }

    /// Takes other keys in place of those there are; what was let in before goes on.
    public func replace(with keys: [(credentials: Credentials, grant: AccessGrant)]) {
        let keys = Keys(keys, allowedSkew)
        current.withLock { $0 = keys }
    }

    func screen(_ head: HTTPRequest, at now: Timestamp) throws(SignatureError) {
        try current.withLock { $0.verifier }.screen(head, at: SigningTime(now))
    }

    func grant(_ head: HTTPRequest, payload: ReceivedPayload, at now: Timestamp) throws(SignatureError)
        -> AccessGrant
    {
        let keys = current.withLock { $0 }
        let verified = try keys.verifier.verify(head, payload: payload, at: SigningTime(now))
        guard let grant = keys.grants[verified.accessKeyID] else {
            throw SignatureError(.unrecognizedClient, "the access key has no grant")
        }
        return grant
    }
}

extension AccessPolicy {
    /// Checks what can be checked of a request ahead of its body.
    func screen(_ head: HTTPRequest, at now: Timestamp) throws(SignatureError) {
        guard case .signed(let ring) = self else { return }
        try ring.screen(head, at: now)
    }

    /// Finds out who calls.
    func admit(_ head: HTTPRequest, payload: ReceivedPayload, at now: Timestamp)
        throws(SignatureError) -> AccessGrant
    {
        switch self {
        case .open: AccessGrant(caller: "anybody")
        case .signed(let ring): try ring.grant(head, payload: payload, at: now)
        }
    }

    /// Whether requests need a signature.
    var isSigned: Bool {
        if case .signed = self { true } else { false }
    }
}

extension SigningTime {
    fileprivate init(_ timestamp: Timestamp) {
        let (seconds, rest) = timestamp.milliseconds.quotientAndRemainder(dividingBy: 1000)
        self.init(secondsSince1970: rest < 0 ? seconds - 1 : seconds)
    }
}

extension SignatureError {
    /// The refusal in the form of every other error.
    var serviceError: ServiceError {
        ServiceError(name: errorType, status: status.code, message: message)
    }

    /// What a log may hold: a malformed signature, or an unknown key, may be a secret in the wrong place.
    var loggable: String {
        switch reason {
        case .invalidSignature, .expiredToken, .missingAuthenticationToken: "\(errorType): \(message)"
        case .incompleteSignature, .unrecognizedClient: errorType
        }
    }
}
