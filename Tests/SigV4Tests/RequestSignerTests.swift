import HTTPTypes
import SigV4
import Testing

struct RequestSignerTests {
    @Test(arguments: WorkedValue.allCases)
    func signsTheWorkedValues(_ value: WorkedValue) throws {
        let signed = try WorkedValue.signer.sign(
            value.request,
            payload: value.payload,
            at: WorkedValue.time,
            options: value.options
        )
        #expect(signed.canonicalRequest.digest == value.digest)
        #expect(signed.signature == value.signature)
    }

    @Test func signsAgainWithAnotherTimeAndToken() throws {
        let first = try WorkedValue.a.signed(temporary)
        let later = WorkedValue.time.advanced(bySeconds: 60)
        let again = try WorkedValue.signer.sign(first, payload: WorkedValue.a.payload, at: later).request
        #expect(try again == WorkedValue.a.signed(at: later))
    }

    @Test func putMediaDeclaresAnUnsignedBodyAndLeavesTransferHeadersUnsigned() throws {
        let signed = try WorkedValue.signer.sign(
            WorkedValue.b.request,
            payload: .unsigned,
            at: WorkedValue.time,
            options: .putMedia
        )
        #expect(signed.request.headerFields[.xAmzContentSHA256] == "UNSIGNED-PAYLOAD")
        let names = signed.canonicalRequest.signedHeaders
        #expect(names.contains("x-amz-content-sha256"))
        #expect(Set(names).isDisjoint(with: ["connection", "expect", "transfer-encoding", "user-agent"]))
    }

    @Test func hostAndDateAreSignedWhateverIsChosen() throws {
        let nothing = SigningOptions(signedHeaders: .only([]))
        let allBut = SigningOptions(signedHeaders: .all(except: ["host", "x-amz-date", "content-type"]))
        for options in [nothing, allBut] {
            let signed = try WorkedValue.signer.sign(
                WorkedValue.a.request,
                payload: .empty,
                at: WorkedValue.time,
                options: options
            )
            #expect(signed.canonicalRequest.signedHeaders == ["host", "x-amz-date"])
        }
    }

    @Test func sessionTokenIsSentSignedOrNot() throws {
        for signsToken in [true, false] {
            let options = SigningOptions(signsSessionToken: signsToken)
            let request = try WorkedValue.a.signed(temporary, options: options)
            #expect(request.headerFields[.xAmzSecurityToken] == "TOKEN")
            let names = try #require(request.headerFields[.authorization])
            #expect(names.contains("x-amz-security-token") == signsToken)
        }
    }

    @Test func requestWithoutHostIsNotSigned() {
        let request = HTTPRequest(method: .get, scheme: "https", authority: nil, path: "/")
        #expect(throws: SigningError.missingHost) {
            try WorkedValue.signer.sign(request, payload: .empty, at: WorkedValue.time)
        }
    }

    @Test(arguments: [Int.min, -1, 0, 604_801, Int.max])
    func lifetimeIsOneSecondToSevenDays(_ lifetime: Int) {
        #expect(throws: SigningError.lifetimeOutOfRange(seconds: lifetime)) {
            try WorkedValue.signer.presign(
                WorkedValue.a.request,
                payload: .empty,
                lifetime: lifetime,
                at: WorkedValue.time
            )
        }
    }

    @Test func presigningAgainReplacesTheSignature() throws {
        let request = WorkedValue.a.request
        func presign(_ request: HTTPRequest) throws -> HTTPRequest {
            try RequestSigner(credentials: temporary, region: "us-west-2")
                .presign(request, payload: .empty, lifetime: 60, at: WorkedValue.time).request
        }
        #expect(try presign(presign(request)) == presign(request))
    }

    @Test(arguments: [
        ("https", 443, "h"), ("http", 80, "h"), ("HTTPS", 443, "h"), ("https", nil, "h"),
        ("https", 80, "h:80"), ("http", 443, "h:443"), ("http", 7070, "h:7070"),
    ])
    func authorityNamesOnlyUnusualPorts(scheme: String, port: Int?, expected: String) {
        #expect(RequestSigner.authority(host: "h", port: port, scheme: scheme) == expected)
    }

    private let temporary = Credentials(
        accessKeyID: "ASIA",
        secretAccessKey: "secret",
        sessionToken: "TOKEN"
    )
}
