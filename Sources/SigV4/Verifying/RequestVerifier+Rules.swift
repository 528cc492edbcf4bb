import HTTPTypes

extension RequestVerifier {
    func checkScope(of presented: PresentedSignature) throws(SignatureError) {
        let scope = presented.scope
        guard scope.service == service else {
            throw SignatureError(
                .invalidSignature,
                "scope of service \(scope.service.prefix(64)), expected \(service)"
            )
        }
        if let region, scope.region != region {
            throw SignatureError(
                .invalidSignature,
                "scope of region \(scope.region.prefix(64)), expected \(region)"
            )
        }
        guard scope.day == presented.time.day else {
            throw SignatureError(
                .invalidSignature,
                "scope of day \(scope.day.prefix(64)), expected \(presented.time.day) as the date has it"
            )
        }
    }

    /// The signature must not be from the future, and not older than the skew or its own lifetime.
    func checkTime(of presented: PresentedSignature, at time: SigningTime) throws(SignatureError) {
        let skew = allowedSkew.components.seconds
        let (signed, now) = (presented.time.timestamp, time.timestamp)
        guard presented.time <= time.advanced(bySeconds: skew) else {
            throw SignatureError(
                .invalidSignature,
                "Signature not yet current: \(signed) is more than \(skew) s after \(now)"
            )
        }
        let lifetime =
            switch presented.form {
            case .headers: skew
            case .query(let lifetime): lifetime
            }
        guard time <= presented.time.advanced(bySeconds: lifetime) else {
            throw SignatureError(
                .invalidSignature,
                "Signature expired: \(signed) is more than \(lifetime) s before \(now)"
            )
        }
    }

    func checkPresence(of signedHeaders: [String], in request: HTTPRequest) throws(SignatureError) {
        let received = Set(request.signableHeaders.map(\.name))
        guard let missing = signedHeaders.first(where: { !received.contains($0) }) else { return }
        throw SignatureError(
            .invalidSignature,
            "the signed header \(missing.prefix(64)) is not in the request"
        )
    }

    /// The requests that the signature may be of: one for each payload hash and for each place of the token.
    func candidates(
        for request: HTTPRequest,
        presented: PresentedSignature,
        payload: ReceivedPayload
    ) throws(SignatureError) -> [CanonicalRequest] {
        let queries = queries(of: request, form: presented.form)
        return try payloadHashes(of: request, payload: payload).flatMap { hash in
            var candidate = CanonicalRequest(
                request,
                signedHeaders: presented.signedHeaders,
                payloadHash: hash,
                normalizesPath: normalizesPath
            )
            return queries.map { query in
                candidate.query = query
                return candidate
            }
        }
    }

    /// A presigned query is signed without its signature, and with or without the session token.
    private func queries(of request: HTTPRequest, form: PresentedSignature.Form) -> [String] {
        let wire = RequestTarget(request.path ?? "/").query
        guard case .query = form else { return [wire] }
        var query = CanonicalQuery(wire)
        query.removeAll(.signature)
        guard !query[.securityToken].isEmpty else { return [query.wireText] }
        let withToken = query.wireText
        query.removeAll(.securityToken)
        return [withToken, query.wireText]
    }

    private func payloadHashes(
        of request: HTTPRequest,
        payload: ReceivedPayload
    ) throws(SignatureError) -> [PayloadHash] {
        let declared = request.headerFields[values: .xAmzContentSHA256]
        guard let text = declared.first else {
            switch payload {
            case .read(let hash): return [hash]
            // The C producer signs no bytes, the Java producer none of the body; neither says so before.
            case .unread: return [.empty, .unsigned]
            }
        }
        if declared.count == 1, text == PayloadHash.unsigned.text { return [.unsigned] }
        guard declared.count == 1, let hash = PayloadHash(sha256: text) else {
            throw SignatureError(
                .invalidSignature,
                "x-amz-content-sha256 \(text.prefix(64)), expected a SHA-256 or UNSIGNED-PAYLOAD"
            )
        }
        switch payload {
        case .read(hash): return [hash]
        case .read(let actual):
            throw SignatureError(
                .invalidSignature,
                "body of SHA-256 \(actual.text), x-amz-content-sha256 \(hash.text)"
            )
        case .unread:
            // A streamed body is answered before it ends, so a hash of it could never be held against it.
            guard hash == .empty else {
                throw SignatureError(.invalidSignature, "x-amz-content-sha256 of a body that is streamed")
            }
            return [hash]
        }
    }
}
