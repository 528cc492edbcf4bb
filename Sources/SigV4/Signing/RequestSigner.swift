public import HTTPTypes

/// Signs requests to one service and region.
///
/// The authority of a request is signed as it stands and must be what the HTTP client sends as `Host`: with
/// the port where it is not the scheme's own (see `authority(host:port:scheme:)`).
///
/// Source: 07 Authentication, "Signing" and "Client rules".
public struct RequestSigner: Sendable {
    /// The key pair and its token.
    public let credentials: Credentials

    /// The region of the endpoint.
    public let region: String

    /// The signing name of the service.
    public let service: String

    /// The only algorithm, as it is named on the wire.
    public static let algorithm = "AWS4-HMAC-SHA256"

    /// Takes what the signature is bound to.
    public init(credentials: Credentials, region: String, service: String = CredentialScope.kinesisVideo) {
        self.credentials = credentials
        self.region = region
        self.service = service
    }

    /// The value of `Host` for an endpoint: without the port 443 of https and the port 80 of http.
    public static func authority(host: String, port: Int?, scheme: String) -> String {
        let standard = ["https": 443, "http": 80][scheme.lowercased()]
        guard let port, port != standard else { return host }
        return "\(host):\(port)"
    }

    /// Signs in headers: adds `x-amz-date`, `authorization` and, where there is one, the session token.
    ///
    /// A signature, date or token that is there already is replaced, so that a request can be signed again.
    ///
    /// - Throws: `missingHost`.
    public func sign(
        _ request: HTTPRequest,
        payload: PayloadHash,
        at time: SigningTime,
        options: SigningOptions = .json
    ) throws(SigningError) -> SignedRequest {
        var request = Self.withoutSignature(request)
        request.headerFields[.xAmzDate] = time.timestamp
        if options.signsSessionToken { request.headerFields[.xAmzSecurityToken] = credentials.sessionToken }
        if options.sendsPayloadHash { request.headerFields[.xAmzContentSHA256] = payload.text }

        let canonical = try canonicalRequest(request, payload: payload, options: options)
        let scope = scope(at: time)
        let stringToSign = canonical.stringToSign(at: time, scope: scope)
        let signature = signature(of: stringToSign, scope: scope)

        request.headerFields[.xAmzSecurityToken] = credentials.sessionToken
        request.headerFields[.authorization] = """
            \(Self.algorithm) Credential=\(credentials.accessKeyID)/\(scope), \
            SignedHeaders=\(canonical.signedHeaders.joined(separator: ";")), Signature=\(signature)
            """
        return SignedRequest(
            request: request,
            canonicalRequest: canonical,
            stringToSign: stringToSign,
            signature: signature
        )
    }

    /// The request as it was before an earlier signature, with at most one host.
    static func withoutSignature(_ request: HTTPRequest) -> HTTPRequest {
        var request = request
        for name in [HTTPField.Name.authorization, .xAmzDate, .xAmzSecurityToken] {
            request.headerFields[name] = nil
        }
        if request.authority != nil { request.headerFields[.hostField] = nil }
        return request
    }

    func scope(at time: SigningTime) -> CredentialScope {
        CredentialScope(day: time.day, region: region, service: service)
    }

    func signature(of stringToSign: String, scope: CredentialScope) -> String {
        SigningKey(secretAccessKey: credentials.secretAccessKey, scope: scope).signature(of: stringToSign)
    }

    func canonicalRequest(
        _ request: HTTPRequest,
        payload: PayloadHash,
        options: SigningOptions
    ) throws(SigningError) -> CanonicalRequest {
        let names = options.signedHeaders.names(of: request.signableHeaders)
        guard names.contains("host") else { throw .missingHost }
        return CanonicalRequest(
            request,
            signedHeaders: names,
            payloadHash: payload,
            normalizesPath: options.normalizesPath
        )
    }
}
