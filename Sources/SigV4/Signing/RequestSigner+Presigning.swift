public import HTTPTypes

extension RequestSigner {
    /// Signs in the query, for an address that others may use until it expires.
    ///
    /// A signature in headers or query that is there already is replaced.
    ///
    /// - Parameters:
    ///   - request: the request whose method, path, query and signed headers the address is good for.
    ///   - payload: what the signature says about the body.
    ///   - lifetime: seconds from `time`, 1 to 604800.
    ///   - time: the time of the signature.
    ///   - options: `sendsPayloadHash` has no meaning here and is ignored.
    /// - Returns: the request with its signature in the path.
    /// - Throws: `missingHost`, `lifetimeOutOfRange`.
    ///
    /// Source: 07 Authentication, "Query presigning".
    public func presign(
        _ request: HTTPRequest,
        payload: PayloadHash,
        lifetime: Int,
        at time: SigningTime,
        options: SigningOptions = .json
    ) throws(SigningError) -> SignedRequest {
        guard PresignedParameter.lifetimes.contains(lifetime) else {
            throw .lifetimeOutOfRange(seconds: lifetime)
        }
        var request = Self.withoutSignature(request)
        let scope = scope(at: time)
        var canonical = try canonicalRequest(request, payload: payload, options: options)
        let token = credentials.sessionToken.map { [Self.pair(.securityToken, $0)] } ?? []
        var pairs = Self.unsignedPairs(canonical.query)
        pairs += [
            Self.pair(.algorithm, Self.algorithm),
            Self.pair(.credential, "\(credentials.accessKeyID)/\(scope)"),
            Self.pair(.date, time.timestamp),
            Self.pair(.signedHeaders, canonical.signedHeaders.joined(separator: ";")),
            Self.pair(.expires, String(lifetime)),
        ]
        canonical.query = (pairs + (options.signsSessionToken ? token : [])).joined(separator: "&")
        let stringToSign = canonical.stringToSign(at: time, scope: scope)
        let signature = signature(of: stringToSign, scope: scope)
        pairs += token + [Self.pair(.signature, signature)]
        request.path = "\(canonical.path)?\(pairs.joined(separator: "&"))"
        return SignedRequest(
            request: request,
            canonicalRequest: canonical,
            stringToSign: stringToSign,
            signature: signature
        )
    }

    private static func pair(_ parameter: PresignedParameter, _ value: String) -> String {
        "\(parameter.rawValue)=\(PercentEncoding.encode(value.utf8))"
    }

    /// The pairs of a query as they are written, without those of an earlier signature.
    private static func unsignedPairs(_ query: String) -> [String] {
        query.split(separator: "&").map(String.init).filter { pair in
            CanonicalQuery(pair).parameters.allSatisfy { parameter in
                !PresignedParameter.allCases.contains { parameter.isNamed($0.rawValue) }
            }
        }
    }
}
