import HTTPTypes
import SigV4
import Testing

@Suite(
    .enabled(
        if: SigningVector.file != nil,
        "no ../shared/sigv4/vectors.json, and KINESCOPE_SIGV4_VECTORS is not set"
    )
)
struct SigningVectorTests {
    @Test func areAllThere() throws {
        let vectors = try SigningVector.readAll()
        #expect(vectors.count == 38)
        #expect(Set(vectors.map(\.name)).count == 38)
    }

    @Test(arguments: try SigningVector.readAll())
    func signsInHeaders(_ vector: SigningVector) throws {
        let (request, time) = (try #require(vector.unsigned), try #require(vector.time))
        let signed = try vector.signer.sign(
            request,
            payload: vector.payload,
            at: time,
            options: vector.options
        )
        #expect(signed.canonicalRequest.text == vector.headerCanonicalRequest)
        #expect(signed.stringToSign == vector.headerStringToSign)
        #expect(signed.signature == vector.headerSignature)
        let expected = try #require(ReceivedMessage(vector.headerSignedRequest)?.request)
        #expect(signed.request.headerFields[.authorization] == expected.headerFields[.authorization])
        #expect(names(of: signed.request) == names(of: expected))
    }

    @Test(arguments: try SigningVector.readAll())
    func signsInTheQuery(_ vector: SigningVector) throws {
        let (request, time) = (try #require(vector.unsigned), try #require(vector.time))
        let lifetime = vector.context.expirationInSeconds
        let signed = try vector.signer.presign(
            request,
            payload: vector.payload,
            lifetime: lifetime,
            at: time,
            options: vector.options
        )
        #expect(signed.canonicalRequest.text == vector.queryCanonicalRequest)
        #expect(signed.stringToSign == vector.queryStringToSign)
        #expect(signed.signature == vector.querySignature)
        let expected = try #require(ReceivedMessage(vector.querySignedRequest)?.request)
        #expect(signed.request.path == expected.path)
        #expect(names(of: signed.request) == names(of: expected))
    }

    @Test(arguments: try SigningVector.readAll())
    func publishedRequestsVerify(_ vector: SigningVector) throws {
        let time = try #require(vector.time)
        let verifier = RequestVerifier(
            keys: [vector.signer.credentials],
            service: vector.context.service,
            region: vector.context.region,
            normalizesPath: vector.context.normalize
        )
        for text in [vector.headerSignedRequest, vector.querySignedRequest] {
            let request = try #require(ReceivedMessage(text)?.request)
            let verified = try verifier.verify(request, payload: .read(vector.payload), at: time)
            #expect(verified.accessKeyID == vector.context.credentials.accessKeyId)
        }
    }

    private func names(of request: HTTPRequest) -> [String] {
        request.headerFields.map(\.name.canonicalName).sorted()
    }
}
