import HTTPTypes

/// A signature as a request presents it, read but not yet believed.
struct PresentedSignature {
    enum Form {
        case headers
        case query(lifetime: Int64)
    }

    let form: Form
    let accessKeyID: String
    let scope: CredentialScope
    let signedHeaders: [String]
    let signature: String
    let time: SigningTime
    let sessionTokens: [String]

    /// Finds the one signature of a request.
    init(of request: HTTPRequest) throws(SignatureError) {
        let authorizations = request.headerFields[values: .authorization]
        let query = CanonicalQuery(RequestTarget(request.path ?? "/").query)
        let isInQuery = PresignedParameter.authenticating.contains { !query[$0].isEmpty }
        switch (authorizations.count, isInQuery) {
        case (0, false):
            throw SignatureError(.missingAuthenticationToken, "the request carries no signature")
        case (0, true):
            try self.init(query: query, of: request)
        case (1, false):
            try self.init(authorization: authorizations[0], of: request)
        case (1, true):
            throw SignatureError(
                .incompleteSignature,
                "credentials in the header authorization and in the query"
            )
        default:
            throw SignatureError(
                .incompleteSignature,
                "\(authorizations.count) headers authorization, expected 1"
            )
        }
    }

    private init(authorization: String, of request: HTTPRequest) throws(SignatureError) {
        let fields = try AuthorizationFields(authorization)
        form = .headers
        (accessKeyID, scope) = try Self.credential(fields.credential)
        signedHeaders = try Self.names(fields.signedHeaders)
        signature = fields.signature
        time = try Self.signedDate(of: request, signedHeaders: signedHeaders)
        sessionTokens = request.headerFields[values: .xAmzSecurityToken]
    }

    private init(query: CanonicalQuery, of request: HTTPRequest) throws(SignatureError) {
        func value(_ parameter: PresignedParameter) throws(SignatureError) -> String {
            let values = query[parameter]
            guard values.count == 1, let value = values.first else {
                throw SignatureError(
                    .incompleteSignature,
                    "\(values.count) query parameters \(parameter.rawValue), expected 1"
                )
            }
            return value
        }
        try Self.check(algorithm: try value(.algorithm))
        let (date, expires) = (try value(.date), try value(.expires))
        guard let time = SigningTime(timestamp: date) else {
            throw SignatureError(.incompleteSignature, "X-Amz-Date \(date), expected yyyymmddThhmmssZ")
        }
        guard let lifetime = Int(expires), PresignedParameter.lifetimes.contains(lifetime) else {
            throw SignatureError(.incompleteSignature, "X-Amz-Expires \(expires), expected 1 to 604800")
        }
        form = .query(lifetime: Int64(lifetime))
        (accessKeyID, scope) = try Self.credential(try value(.credential))
        signedHeaders = try Self.names(try value(.signedHeaders))
        signature = try value(.signature)
        self.time = time
        sessionTokens =
            query[.securityToken] + request.headerFields[values: .xAmzSecurityToken]
    }
}

extension PresentedSignature {
    static func check(algorithm: some StringProtocol) throws(SignatureError) {
        guard algorithm == RequestSigner.algorithm else {
            throw SignatureError(
                .incompleteSignature,
                "algorithm \(algorithm.prefix(64)), expected \(RequestSigner.algorithm)"
            )
        }
    }

    private static func credential(_ text: String) throws(SignatureError) -> (String, CredentialScope) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5, !parts[0].isEmpty, parts[4] == "aws4_request" else {
            throw SignatureError(
                .incompleteSignature,
                "Credential \(text.prefix(128)), expected KEY/DAY/REGION/SERVICE/aws4_request"
            )
        }
        return (parts[0], CredentialScope(day: parts[1], region: parts[2], service: parts[3]))
    }

    private static func names(_ text: String) throws(SignatureError) -> [String] {
        let names = text.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
        guard Set(names).count == names.count, names.allSatisfy({ !$0.isEmpty && $0 == $0.lowercased() })
        else {
            throw SignatureError(
                .incompleteSignature,
                "SignedHeaders has an empty, repeated or upper-case name"
            )
        }
        guard names.contains("host") else {
            throw SignatureError(.incompleteSignature, "host is not among the signed headers")
        }
        return names
    }

    /// The date that the signature covers.
    ///
    /// `date` counts only where `x-amz-date` is absent: else an old signature over `date` could be sent again
    /// with a new, unsigned `x-amz-date`.
    private static func signedDate(
        of request: HTTPRequest,
        signedHeaders: [String]
    ) throws(SignatureError) -> SigningTime {
        let amazonDates = request.headerFields[values: .xAmzDate]
        let name = amazonDates.isEmpty ? "date" : "x-amz-date"
        let dates = amazonDates.isEmpty ? request.headerFields[values: .date] : amazonDates
        guard dates.count == 1, let date = dates.first else {
            throw SignatureError(.incompleteSignature, "\(dates.count) headers \(name), expected 1")
        }
        guard signedHeaders.contains(name) else {
            throw SignatureError(.incompleteSignature, "\(name) is not among the signed headers")
        }
        guard let time = SigningTime(timestamp: date) ?? SigningTime(httpDate: date) else {
            throw SignatureError(
                .incompleteSignature,
                "\(name) \(date.prefix(64)), expected yyyymmddThhmmssZ"
            )
        }
        return time
    }
}
