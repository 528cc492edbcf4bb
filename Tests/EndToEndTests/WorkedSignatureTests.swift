import Foundation
import KinesisVideo
import KinesisVideoServer
import SigV4
import Testing

/// The worked values of the specification, byte by byte over the wire, at their own time.
@Suite(.timeLimit(.minutes(1))) struct WorkedSignatureTests {
    private static let credentials = Credentials(
        accessKeyID: "AKIDEXAMPLE",
        secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    )
    private static let scope = "AKIDEXAMPLE/20260101/us-west-2/kinesisvideo/aws4_request"

    private static let describe =
        "POST /describeStream HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nContent-Type: application/json\r\n"
        + "X-Amz-Date: 20260101T000000Z\r\nAuthorization: AWS4-HMAC-SHA256 Credential=\(scope), "
        + "SignedHeaders=content-type;host;x-amz-date, "
        + "Signature=00cf9bf4325b2f5db6eafbcd729535519dc16e30eafaf2c1f494fcbe1572e4a1\r\n"
        + "Content-Length: 22\r\n\r\n{\"StreamName\": \"demo\"}"

    private static let native =
        "POST /putMedia HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: ua/1\r\nconnection: keep-alive\r\n"
        + "content-type: application/json\r\ntransfer-encoding: chunked\r\nx-amz-date: 20260101T000000Z\r\n"
        + "x-amzn-fragment-acknowledgment-required: 1\r\nx-amzn-fragment-timecode-type: ABSOLUTE\r\n"
        + "x-amzn-producer-start-timestamp: 1767225600.5\r\nx-amzn-stream-name: demo\r\n"
        + "Authorization: AWS4-HMAC-SHA256 Credential=\(scope), SignedHeaders=connection;host;"
        + "transfer-encoding;user-agent;x-amz-date;x-amzn-fragment-acknowledgment-required;"
        + "x-amzn-fragment-timecode-type;x-amzn-producer-start-timestamp;x-amzn-stream-name, "
        + "Signature=1366a793d10ae80d29ea233ec44043fd779afcfceaa07fb1f7498f5c293c43ea\r\n\r\n"

    private static let java =
        "POST /putMedia HTTP/1.1\r\nHost: 127.0.0.1\r\ntransfer-encoding: chunked\r\n"
        + "x-amz-date: 20260101T000000Z\r\nx-amzn-fragment-timecode-type: ABSOLUTE\r\n"
        + "x-amzn-producer-start-timestamp: 1767225600.005\r\nx-amzn-stream-name: demo\r\n"
        + "x-amz-content-sha256: UNSIGNED-PAYLOAD\r\n"
        + "Authorization: AWS4-HMAC-SHA256 Credential=\(scope),SignedHeaders=host;transfer-encoding;"
        + "x-amz-date;x-amzn-fragment-timecode-type;x-amzn-producer-start-timestamp;x-amzn-stream-name,"
        + "Signature=9bd7417a47f1c4d31e4997dd07d441f4a17985ada6910dd6e3369f5599b44c72\r\n\r\n"

    @Test(arguments: [describe, native, java])
    func theSignatureIsAcceptedAsTheClientMakesIt(request: String) async throws {
        try await LoopbackService.with {
            $0.access = .signed(KeyRing([(Self.credentials, AccessGrant(caller: "test"))]))
        } _: { url in
            // There is no such stream: whoever is told so has been let in.
            let refusal = try await RawConnection.refusal(url, request)
            #expect(refusal.status == 404 && refusal.name == "ResourceNotFoundException", "\(refusal)")
            let altered = request.replacing("demo", with: "dema")
            let stranger = try await RawConnection.refusal(url, altered)
            #expect(stranger.status == 403 && stranger.name == "InvalidSignatureException", "\(stranger)")
        }
    }

    @Test(
        arguments: [(-301, "not yet current"), (-299, nil), (299, nil), (301, "expired")]
            as [(Int64, String?)]
    )
    func aSignatureIsGoodForFiveMinutesEitherWay(seconds: Int64, reason: String?) async throws {
        let now = Timestamp(milliseconds: (1_767_225_600 + seconds) * 1000)
        try await LoopbackService.with(
            { $0.access = .signed(KeyRing([(Self.credentials, AccessGrant(caller: "test"))])) },
            now: now
        ) { url in
            let refusal = try await RawConnection.refusal(url, Self.describe)
            #expect(refusal.status == (reason == nil ? 404 : 403))
            if let reason {
                #expect(refusal.name == "InvalidSignatureException")
                #expect(refusal.message?.hasPrefix("Signature \(reason)") == true)
            }
        }
    }
}
