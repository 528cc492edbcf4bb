import HTTPTypes
import SigV4
import Testing

/// What is done to a request that was signed well.
struct Tampering: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let value: WorkedValue
    let expected: SignatureError.Reason
    let change: @Sendable (inout HTTPRequest) -> Void

    init(
        _ description: String,
        _ expected: SignatureError.Reason,
        of value: WorkedValue = .a,
        _ change: @escaping @Sendable (inout HTTPRequest) -> Void
    ) {
        testDescription = description
        self.value = value
        self.expected = expected
        self.change = change
    }

    static func authorization(
        _ description: String,
        _ expected: SignatureError.Reason,
        replacing old: String,
        with new: String
    ) -> Tampering {
        Tampering(description, expected) { request in
            let header = request.headerFields[.authorization] ?? ""
            let parts = header.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
            request.headerFields[.authorization] = parts.joined(separator: new)
        }
    }

    static let all: [Tampering] = [
        Tampering("no signature", .missingAuthenticationToken) { $0.headerFields[.authorization] = nil },
        Tampering("another scheme", .incompleteSignature) { $0.headerFields[.authorization] = "Bearer abc" },
        Tampering("empty header", .incompleteSignature) { $0.headerFields[.authorization] = "" },
        Tampering("algorithm alone", .incompleteSignature) {
            $0.headerFields[.authorization] = "AWS4-HMAC-SHA256"
        },
        Tampering("two headers", .incompleteSignature) {
            let header = $0.headerFields[.authorization] ?? ""
            $0.headerFields.append(HTTPField(name: .authorization, value: header))
        },
        Tampering("header and query", .incompleteSignature) { $0.path? += "?X-Amz-Signature=00" },
        Tampering("no date", .incompleteSignature) { $0.headerFields[.xAmzDate] = nil },
        Tampering("two dates", .incompleteSignature) {
            $0.headerFields.append(HTTPField(name: .xAmzDate, value: WorkedValue.time.timestamp))
        },
        Tampering("no date at all", .incompleteSignature) { $0.headerFields[.xAmzDate] = "now" },
        Tampering("another date of the same day", .invalidSignature) {
            $0.headerFields[.xAmzDate] = "20260101T000001Z"
        },
        Tampering("another method", .invalidSignature) { $0.method = .put },
        Tampering("another path", .invalidSignature) { $0.path = "/deleteStream" },
        Tampering("a query", .invalidSignature) { $0.path? += "?a=b" },
        Tampering("another host", .invalidSignature) { $0.authority = "127.0.0.1" },
        Tampering("a second host", .invalidSignature) { request in
            guard let host = HTTPField.Name("host") else { return }
            request.headerFields.append(HTTPField(name: host, value: "127.0.0.1:8080"))
        },
        Tampering("signed header changed", .invalidSignature) {
            $0.headerFields[.contentType] = "text/plain"
        },
        Tampering("signed header gone", .invalidSignature) { $0.headerFields[.contentType] = nil },
        Tampering("a token with a key that has none", .unrecognizedClient) {
            $0.headerFields[.xAmzSecurityToken] = "TOKEN"
        },
        Tampering("hash of another body", .invalidSignature) {
            $0.headerFields[.xAmzContentSHA256] = PayloadHash.empty.text
        },
        Tampering("body said to be unsigned", .invalidSignature) {
            $0.headerFields[.xAmzContentSHA256] = "UNSIGNED-PAYLOAD"
        },
        Tampering("signed chunks", .invalidSignature, of: .c) {
            $0.headerFields[.xAmzContentSHA256] = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
        },
        Tampering("hash of a stream", .invalidSignature, of: .b) {
            $0.headerFields[.xAmzContentSHA256] = PayloadHash(sha256Of: [1]).text
        },
        Tampering("C style behind a proxy that strips", .invalidSignature, of: .b) {
            $0.headerFields[.connection] = nil
        },
        Tampering("Java style with another stream", .invalidSignature, of: .c) { request in
            guard let name = HTTPField.Name("x-amzn-stream-name") else { return }
            request.headerFields[name] = "other"
        },
        authorization("unknown key", .unrecognizedClient, replacing: "AKIDEXAMPLE", with: "AKIDOTHER"),
        authorization("another algorithm", .incompleteSignature, replacing: "HMAC", with: "ECDSA"),
        authorization("another service", .invalidSignature, replacing: "kinesisvideo", with: "s3"),
        authorization("another region", .invalidSignature, replacing: "us-west-2", with: "us-east-1"),
        authorization("another day", .invalidSignature, replacing: "20260101", with: "20260102"),
        authorization("another end of the scope", .incompleteSignature, replacing: "aws4_request", with: "x"),
        authorization("a scope too short", .incompleteSignature, replacing: "/us-west-2", with: ""),
        authorization("no key", .incompleteSignature, replacing: "AKIDEXAMPLE", with: ""),
        authorization("no credential", .incompleteSignature, replacing: "Credential=", with: "Other="),
        authorization("two credentials", .incompleteSignature, replacing: "Signature=", with: "Credential="),
        authorization("no signed headers", .incompleteSignature, replacing: "SignedHeaders", with: "Signed"),
        authorization(
            "field without value",
            .incompleteSignature,
            replacing: "Signature=",
            with: "Signature"
        ),
        authorization("empty signature", .incompleteSignature, replacing: WorkedValue.a.signature, with: ""),
        authorization("host not signed", .incompleteSignature, replacing: ";host;", with: ";"),
        authorization("date not signed", .incompleteSignature, replacing: ";x-amz-date", with: ""),
        authorization("empty name", .incompleteSignature, replacing: ";host;", with: ";host;;"),
        authorization("repeated name", .incompleteSignature, replacing: ";host;", with: ";host;host;"),
        authorization(
            "upper-case name",
            .incompleteSignature,
            replacing: "content-type",
            with: "Content-Type"
        ),
        authorization("fewer signed headers", .invalidSignature, replacing: "content-type;", with: ""),
        authorization("a signed header not sent", .invalidSignature, replacing: "host;", with: "host;x-a;"),
        authorization("short signature", .invalidSignature, replacing: "Signature=00", with: "Signature="),
        authorization("long signature", .invalidSignature, replacing: "Signature=", with: "Signature=00"),
        authorization(
            "another signature",
            .invalidSignature,
            replacing: "Signature=00",
            with: "Signature=01"
        ),
        authorization("upper-case signature", .invalidSignature, replacing: "=00cf", with: "=00CF"),
    ]
}

struct RequestRefusalTests {
    @Test(arguments: Tampering.all)
    func changedRequestsAreRefused(_ tampering: Tampering) throws {
        var request = try tampering.value.signed()
        #expect(throws: Never.self) { try RequestVerifierTests.verify(request, tampering.value) }
        let intact = request
        tampering.change(&request)
        #expect(request != intact)
        let reason = RequestVerifierTests.reason {
            try RequestVerifierTests.verify(request, tampering.value)
        }
        #expect(reason == tampering.expected)
    }

    @Test func everyProperPrefixOfAnAuthorizationIsRefused() throws {
        var request = try WorkedValue.a.signed()
        let header = try #require(request.headerFields[.authorization])
        for length in 0..<header.count {
            request.headerFields[.authorization] = String(header.prefix(length))
            #expect(RequestVerifierTests.reason { try RequestVerifierTests.verify(request, .a) } != nil)
        }
    }

    @Test func anotherBodyIsRefused() throws {
        let request = try WorkedValue.a.signed()
        let reason = RequestVerifierTests.reason {
            try RequestVerifierTests.verifier.verify(
                request,
                payload: .read(PayloadHash(sha256Of: [])),
                at: WorkedValue.time
            )
        }
        #expect(reason == .invalidSignature)
    }

    @Test(arguments: [[], ["OTHER"], ["TOKEN//+=", "TOKEN//+="], ["TOKEN//+"]])
    func temporaryKeysNeedTheirOwnToken(_ tokens: [String]) throws {
        for options in [WorkedValue.a.options, WorkedValue.b.options] {
            var request = try WorkedValue.a.signed(RequestVerifierTests.temporary, options: options)
            request.headerFields[values: .xAmzSecurityToken] = tokens
            let reason = RequestVerifierTests.reason { try RequestVerifierTests.verify(request, .a) }
            #expect(reason == .unrecognizedClient)
        }
    }

    @Test func unknownSecretIsAnInvalidSignature() throws {
        let wrong = Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "guess")
        let request = try WorkedValue.a.signed(wrong)
        #expect(
            RequestVerifierTests.reason { try RequestVerifierTests.verify(request, .a) } == .invalidSignature
        )
    }
}
