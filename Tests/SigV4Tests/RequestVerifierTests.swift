import HTTPTypes
import SigV4
import Testing

struct RequestVerifierTests {
    static let temporary = Credentials(
        accessKeyID: "ASIATEMPORARY",
        secretAccessKey: "another/secret",
        sessionToken: "TOKEN//+=",
        expiration: WorkedValue.time.advanced(bySeconds: 120)
    )
    static let verifier = RequestVerifier(keys: [WorkedValue.credentials, temporary])

    @Test(arguments: WorkedValue.allCases)
    func acceptsEachClientsOwnStyle(_ value: WorkedValue) throws {
        for credentials in [WorkedValue.credentials, Self.temporary] {
            let request = try value.signed(credentials)
            let verified = try Self.verifier.verify(request, payload: value.received, at: WorkedValue.time)
            #expect(verified.accessKeyID == credentials.accessKeyID)
            #expect(verified.payloadHash == value.payload)
            #expect(verified.scope.region == "us-west-2")
            #expect(verified.time == WorkedValue.time)
        }
    }

    @Test func acceptsJavaStyleWithTheHashHeaderAddedAfterSigning() throws {
        var request = try WorkedValue.c.signed(Self.temporary)
        request.headerFields[.xAmzContentSHA256] = "UNSIGNED-PAYLOAD"
        let verified = try Self.verifier.verify(request, payload: .unread, at: WorkedValue.time)
        #expect(!verified.signedHeaders.contains("x-amz-content-sha256"))
    }

    @Test func acceptsOurOwnPutMedia() throws {
        let signer = RequestSigner(credentials: Self.temporary, region: "us-west-2")
        let request = try signer.sign(
            WorkedValue.b.request,
            payload: .unsigned,
            at: WorkedValue.time,
            options: .putMedia
        ).request
        let verified = try Self.verifier.verify(request, payload: .unread, at: WorkedValue.time)
        #expect(verified.payloadHash == .unsigned)
    }

    @Test(arguments: [", ", ",", " , ", ",   "])
    func acceptsAnySpaceAfterTheCommas(_ separator: String) throws {
        var request = try WorkedValue.a.signed()
        let header = try #require(request.headerFields[.authorization])
        request.headerFields[.authorization] = header.split(separator: ", ").joined(separator: separator)
        #expect(throws: Never.self) { try Self.verify(request, .a) }
    }

    @Test func acceptsTheHeaderDateWithoutTheAmazonDate() throws {
        var request = WorkedValue.a.request
        request.headerFields[.date] = "Thu, 01 Jan 2026 00:00:00 GMT"
        let scope = CredentialScope(day: "20260101", region: "us-west-2")
        let canonical = CanonicalRequest(
            method: "POST",
            path: "/describeStream",
            headers: [
                .init(name: "host", value: "127.0.0.1:8080"),
                .init(name: "date", value: "Thu, 01 Jan 2026 00:00:00 GMT"),
            ],
            signedHeaders: ["date", "host"],
            payloadHash: WorkedValue.a.payload
        )
        let signature = SigningKey(secretAccessKey: WorkedValue.credentials.secretAccessKey, scope: scope)
            .signature(of: canonical.stringToSign(at: WorkedValue.time, scope: scope))
        request.headerFields[.authorization] =
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\(scope),SignedHeaders=date;host,Signature=\(signature)"
        #expect(throws: Never.self) { try Self.verify(request, .a) }

        // The same signature must not become fresh by a date that it does not cover.
        request.headerFields[.xAmzDate] = "20260101T000100Z"
        #expect(Self.reason { try Self.verify(request, .a) } == .incompleteSignature)
    }

    @Test(arguments: [0, 300, -300, 301, -301, 900, -900, 901, -901])
    func toleratesTheSkewAndNoMore(_ offset: Int64) throws {
        let request = try WorkedValue.a.signed()
        let now = WorkedValue.time.advanced(bySeconds: offset)
        for (skew, allowed) in [(Duration.seconds(300), 300), (.seconds(900), 900), (.seconds(9000), 900)] {
            let verifier = RequestVerifier(keys: [WorkedValue.credentials], allowedSkew: skew)
            let refusal = Self.refusal {
                try verifier.verify(request, payload: WorkedValue.a.received, at: now)
            }
            guard offset.magnitude > allowed else {
                #expect(refusal == nil)
                continue
            }
            #expect(refusal?.reason == .invalidSignature)
            let start = offset > 0 ? "Signature expired: " : "Signature not yet current: "
            #expect(refusal?.message.hasPrefix(start) == true)
        }
    }

    @Test func temporaryCredentialsComeToTheirEnd() throws {
        let now = WorkedValue.time.advanced(bySeconds: 120)
        let request = try WorkedValue.a.signed(Self.temporary, at: now)
        #expect(Self.reason { try Self.verify(request, .a, at: now) } == .expiredToken)
    }

    @Test(arguments: [nil, "us-west-2", "eu-west-1"])
    func regionIsCheckedWhereItIsConfigured(_ region: String?) throws {
        let request = try WorkedValue.a.signed()
        let verifier = RequestVerifier(keys: [WorkedValue.credentials], region: region)
        let refusal = Self.reason {
            try verifier.verify(request, payload: WorkedValue.a.received, at: WorkedValue.time)
        }
        #expect(refusal == (region == "eu-west-1" ? .invalidSignature : nil))
    }

    @Test(arguments: [
        (SignatureError.Reason.missingAuthenticationToken, 403, "MissingAuthenticationTokenException"),
        (.incompleteSignature, 403, "IncompleteSignatureException"),
        (.unrecognizedClient, 403, "UnrecognizedClientException"),
        (.invalidSignature, 403, "InvalidSignatureException"), (.expiredToken, 403, "ExpiredTokenException"),
    ])
    func refusalsHaveTheNamesOfAWS(reason: SignatureError.Reason, status: Int, name: String) {
        let error = SignatureError(reason, "why")
        #expect(error.status.code == status)
        #expect(error.errorType == name)
        #expect("\(error)" == "\(name): why")
    }

    static func verify(
        _ request: HTTPRequest,
        _ value: WorkedValue,
        at time: SigningTime = WorkedValue.time
    ) throws(SignatureError) {
        _ = try verifier.verify(request, payload: value.received, at: time)
    }

    static func refusal(_ body: () throws -> some Any) -> SignatureError? {
        do {
            _ = try body()
            return nil
        } catch {
            return error as? SignatureError ?? SignatureError(.invalidSignature, "unexpected \(error)")
        }
    }

    static func reason(_ body: () throws -> some Any) -> SignatureError.Reason? {
        refusal(body)?.reason
    }
}
