import HTTPTypes
import SigV4
import Testing

struct PresignedRequestTests {
    @Test(arguments: [true, false])
    func acceptsWithTheTokenSignedOrNot(_ signsToken: Bool) throws {
        for credentials in [WorkedValue.credentials, RequestVerifierTests.temporary] {
            let request = try Self.presigned(credentials, signsToken: signsToken)
            let verified = try Self.verify(request)
            #expect(verified.accessKeyID == credentials.accessKeyID)
            #expect(verified.signedHeaders == ["host"])
        }
    }

    @Test(arguments: [(-301, false), (-300, true), (0, true), (60, true), (61, false)])
    func isGoodForItsLifetime(offset: Int64, isGood: Bool) throws {
        let request = try Self.presigned()
        let reason = RequestVerifierTests.reason {
            try Self.verify(request, at: WorkedValue.time.advanced(bySeconds: offset))
        }
        #expect(reason == (isGood ? nil : .invalidSignature))
    }

    @Test(arguments: [
        ("a=b", "a=c", SignatureError.Reason.invalidSignature),
        ("X-Amz-Expires=60", "", .incompleteSignature),
        ("X-Amz-Expires=60", "X-Amz-Expires=61", .invalidSignature),
        ("X-Amz-Expires=60", "X-Amz-Expires=0", .incompleteSignature),
        ("X-Amz-Expires=60", "X-Amz-Expires=604801", .incompleteSignature),
        ("X-Amz-Expires=60", "X-Amz-Expires=60&X-Amz-Expires=60", .incompleteSignature),
        ("X-Amz-SignedHeaders=host", "X-Amz-SignedHeaders=date", .incompleteSignature),
        ("X-Amz-Date=2026", "X-Amz-Date=x", .incompleteSignature),
        ("X-Amz-Algorithm=AWS4", "X-Amz-Algorithm=AWS5", .incompleteSignature),
        ("X-Amz-Signature=", "X-Amz-Signature=0", .invalidSignature),
        ("X-Amz-Signature=", "X-Amz-Other=", .incompleteSignature),
        ("AKIDEXAMPLE", "AKIDOTHER", .unrecognizedClient),
        ("a=b", "a=b&X-Amz-Security-Token=T", .unrecognizedClient),
    ])
    func changedQueriesAreRefused(old: String, new: String, expected: SignatureError.Reason) throws {
        var request = try Self.presigned()
        let path = try #require(request.path)
        request.path = path.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
            .joined(separator: new)
        #expect(request.path != path)
        #expect(RequestVerifierTests.reason { try Self.verify(request) } == expected)
    }

    private static func presigned(
        _ credentials: Credentials = WorkedValue.credentials,
        signsToken: Bool = true
    ) throws -> HTTPRequest {
        let request = HTTPRequest(method: .get, scheme: "https", authority: "h", path: "/p?a=b")
        return try RequestSigner(credentials: credentials, region: "us-west-2").presign(
            request,
            payload: .empty,
            lifetime: 60,
            at: WorkedValue.time,
            options: SigningOptions(signsSessionToken: signsToken)
        ).request
    }

    private static func verify(
        _ request: HTTPRequest,
        at time: SigningTime = WorkedValue.time
    ) throws(SignatureError) -> VerifiedRequest {
        try RequestVerifierTests.verifier.verify(request, payload: .read(.empty), at: time)
    }
}
