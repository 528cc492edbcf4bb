package import HTTPTypes

extension HTTPField.Name {
    /// Time of the signature.
    package static let xAmzDate = known("x-amz-date")

    /// Session token of temporary credentials.
    package static let xAmzSecurityToken = known("x-amz-security-token")

    /// What the signature says about the body.
    package static let xAmzContentSHA256 = known("x-amz-content-sha256")

    /// The header of HTTP/1.1 that `HTTPRequest` holds as its authority.
    static let hostField = known("host")

    private static func known(_ literal: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(literal) else {
            preconditionFailure("\(literal) is a token of RFC 9110, so it is a field name")
        }
        return name
    }
}

extension HTTPRequest {
    /// The headers in order, the authority in front as `host`: what an HTTP/1.1 peer sees.
    var signableHeaders: [CanonicalRequest.Header] {
        let host = authority.map { [CanonicalRequest.Header(name: "host", value: $0)] } ?? []
        return host
            + headerFields.map { CanonicalRequest.Header(name: $0.name.canonicalName, value: $0.value) }
    }
}
