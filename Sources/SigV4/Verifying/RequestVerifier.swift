public import HTTPTypes

/// Checks the signatures of received requests against a set of key pairs.
///
/// It needs the request as received: with its raw `Host` as authority and with the hop-by-hop headers, which
/// the C producer signs. Nothing is filled in from configuration.
///
/// Source: 07 Authentication, "Server rules".
public struct RequestVerifier: Sendable {
    /// The signing name of the service.
    public let service: String

    /// The region that a scope must name; nil accepts any.
    public let region: String?

    /// How far the time of a signature may be from the time of the server, 0 to 15 minutes.
    public let allowedSkew: Duration

    /// Whether `.`, `..` and empty segments of the path were resolved before it was signed.
    public let normalizesPath: Bool

    /// The largest skew that can be configured.
    public static let largestSkew = Duration.seconds(900)

    private let keys: [String: Credentials]

    /// Takes the key pairs and what a scope must name.
    ///
    /// - Parameters:
    ///   - keys: the key pairs; of two with the same access key id the later one counts.
    ///   - service: the signing name of the service.
    ///   - region: the region that a scope must name; nil accepts any.
    ///   - allowedSkew: brought into 0 to `largestSkew`.
    ///   - normalizesPath: true for every service but S3.
    public init(
        keys: [Credentials],
        service: String = CredentialScope.kinesisVideo,
        region: String? = nil,
        allowedSkew: Duration = .seconds(300),
        normalizesPath: Bool = true
    ) {
        self.keys = Dictionary(keys.map { ($0.accessKeyID, $0) }, uniquingKeysWith: { $1 })
        self.service = service
        self.region = region
        self.normalizesPath = normalizesPath
        self.allowedSkew = min(max(allowedSkew, .zero), Self.largestSkew)
    }

    /// Checks the one signature of a request, in its headers or in its query.
    ///
    /// - Parameters:
    ///   - request: the request as received.
    ///   - payload: what is known of the body.
    ///   - time: the time of the server.
    /// - Returns: what the signature says.
    /// - Throws: the refusal to answer with.
    public func verify(
        _ request: HTTPRequest,
        payload: ReceivedPayload,
        at time: SigningTime
    ) throws(SignatureError) -> VerifiedRequest {
        let (presented, credentials) = try believable(request, at: time)
        let key = SigningKey(secretAccessKey: credentials.secretAccessKey, scope: presented.scope)
        for candidate in try candidates(for: request, presented: presented, payload: payload) {
            let stringToSign = candidate.stringToSign(at: presented.time, scope: presented.scope)
            guard key.isValid(presented.signature, of: stringToSign) else { continue }
            return VerifiedRequest(
                accessKeyID: presented.accessKeyID,
                scope: presented.scope,
                signedHeaders: presented.signedHeaders,
                payloadHash: candidate.payloadHash,
                time: presented.time
            )
        }
        throw SignatureError(.invalidSignature, "the signature is not that of this request and key")
    }

    /// Checks all of a request that does not need its body: form, key, token, scope, time and signed headers.
    ///
    /// A server calls it before it reads a body that it would otherwise keep for anybody. It says nothing about
    /// the signature itself.
    ///
    /// - Parameters:
    ///   - request: the request as received.
    ///   - time: the time of the server.
    /// - Throws: the refusal to answer with.
    public func screen(_ request: HTTPRequest, at time: SigningTime) throws(SignatureError) {
        _ = try believable(request, at: time)
    }

    private func believable(
        _ request: HTTPRequest,
        at time: SigningTime
    ) throws(SignatureError) -> (PresentedSignature, Credentials) {
        let presented = try PresentedSignature(of: request)
        let credentials = try credentials(for: presented, at: time)
        try checkScope(of: presented)
        try checkTime(of: presented, at: time)
        try checkPresence(of: presented.signedHeaders, in: request)
        return (presented, credentials)
    }

    private func credentials(
        for presented: PresentedSignature,
        at time: SigningTime
    ) throws(SignatureError) -> Credentials {
        guard let credentials = keys[presented.accessKeyID] else {
            throw SignatureError(
                .unrecognizedClient,
                "access key \(presented.accessKeyID.prefix(128)) is not known"
            )
        }
        let expected = credentials.sessionToken.map { [$0] } ?? []
        guard presented.sessionTokens.count == expected.count else {
            throw SignatureError(
                .unrecognizedClient,
                "\(presented.sessionTokens.count) session tokens, expected \(expected.count) with this key"
            )
        }
        // Hashes are compared, in constant time, so that the time taken says nothing about the token.
        let isSame = zip(presented.sessionTokens, expected).allSatisfy {
            PayloadHash.isSame($0, $1)
        }
        guard isSame else {
            throw SignatureError(.unrecognizedClient, "the session token is not the one of this key")
        }
        if let expiration = credentials.expiration, credentials.isExpired(at: time) {
            throw SignatureError(.expiredToken, "the credentials expired at \(expiration.timestamp)")
        }
        return credentials
    }
}
