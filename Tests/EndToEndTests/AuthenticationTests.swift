import Foundation
import HTTPTypes
import KinescopeTesting
import KinesisVideo
import KinesisVideoServer
import SigV4
import Testing

/// `serve --auth sigv4` on the wire.
@Suite(.serialized, .timeLimit(.minutes(2))) struct AuthenticationTests {
    private static func withService(
        _ body: @escaping @Sendable (_ url: String, ServiceProcess) async throws -> Void
    ) async throws {
        try await ServiceProcess.with("--auth", "sigv4", environment: SignedCall.environment) { service in
            try await body(await service.url, service)
        }
    }

    private static func path(_ route: ServiceRoute) -> String {
        route.path.replacing("*", with: "gate")
    }

    @Test func everyRouteButHealthWantsASignature() async throws {
        try await Self.withService { url, _ in
            let closed = ServiceRoute.all.filter { $0.effect != .open }
            #expect(closed.count + 1 == ServiceRoute.all.count)
            for route in closed {
                let bare = "\(route.method) \(Self.path(route)) HTTP/1.1\r\nHost: test\r\n\r\n"
                let refusal = try await RawConnection.refusal(url, bare)
                #expect(refusal.status == 403, "\(route.path)")
                #expect(refusal.name == "MissingAuthenticationTokenException", "\(route.path)")
                #expect(refusal.message?.isEmpty == false, "\(route.path)")
                // With one the route itself answers, whatever it says of the empty request.
                let signed = try await RawConnection.refusal(url, SignedCall(route.method, Self.path(route)))
                #expect(signed.status != 403 && signed.status < 500, "\(route.path): \(signed)")
                #expect(signed.name != "UnknownOperationException", "\(route.path)")
            }
            #expect(try await RawConnection.get(url, "/health").head.status == 200)
        }
    }

    @Test(arguments: [
        "GET /", "POST /fly", "GET /putMedia", "DELETE /health", "POST /kinescope/streams", "GET /health/x",
    ])
    func anUnknownPathIs404ForThoseOnlyWhoSign(target: String) async throws {
        try await Self.withService { url, _ in
            let words = target.split(separator: " ").map(String.init)
            let bare = try await RawConnection.refusal(url, "\(target) HTTP/1.1\r\nHost: test\r\n\r\n")
            #expect(bare.status == 403)
            let signed = try await RawConnection.refusal(url, SignedCall(words[0], words[1]))
            #expect(signed.status == 404 && signed.name == "UnknownOperationException")
        }
    }

    /// A call that is refused, with what it is refused by.
    struct Refused: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var name: String
        var status = 403
        var change: @Sendable (inout SignedCall) -> Void = { _ in }
        /// Done to the text once it is signed.
        var tamper: @Sendable (String) -> String = { $0 }
    }

    static let refused: [Refused] = [
        Refused(testDescription: "unknown key", name: "UnrecognizedClientException") {
            $0.credentials = Credentials(accessKeyID: "AKIDOTHER", secretAccessKey: "SECRETexample")
        },
        Refused(testDescription: "another secret", name: "InvalidSignatureException") {
            $0.credentials = Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "SECRETother")
        },
        Refused(testDescription: "a token with a key that has none", name: "UnrecognizedClientException") {
            $0.replacing("\r\n\r\n", with: "\r\nx-amz-security-token: TOKEN\r\n\r\n")
        },
        Refused(testDescription: "another service", name: "InvalidSignatureException") { $0.service = "s3" },
        Refused(testDescription: "six minutes early", name: "InvalidSignatureException") { $0.skew = 360 },
        Refused(testDescription: "six minutes late", name: "InvalidSignatureException") { $0.skew = -360 },
        Refused(testDescription: "chunks with signatures", name: "InvalidSignatureException") {
            $0.set("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")
        },
        Refused(testDescription: "a hash of another body", name: "InvalidSignatureException") {
            $0.set("x-amz-content-sha256", PayloadHash.empty.text)
        },
        Refused(testDescription: "another body", name: "InvalidSignatureException") {
            $0.replacing("{\"MaxResults\":1}", with: "{\"MaxResults\":2}")
        },
        Refused(testDescription: "another path", name: "InvalidSignatureException") {
            $0.replacing("/listStreams", with: "/createStream")
        },
        Refused(testDescription: "a signed header left out", name: "InvalidSignatureException") {
            $0.replacing("content-type: application/json\r\n", with: "")
        },
        Refused(testDescription: "a signed header twice", name: "InvalidSignatureException") {
            $0.replacing("\r\n\r\n", with: "\r\ncontent-type: application/json\r\n\r\n")
        },
        Refused(testDescription: "in the query as well", name: "IncompleteSignatureException", status: 403) {
            $0.replacing("/listStreams", with: "/listStreams?X-Amz-Signature=00")
        },
        Refused(testDescription: "another algorithm", name: "IncompleteSignatureException", status: 403) {
            $0.replacing("AWS4-HMAC-SHA256", with: "AWS4-HMAC-SHA1")
        },
        Refused(testDescription: "another scheme", name: "IncompleteSignatureException", status: 403) {
            $0.replacing("AWS4-HMAC-SHA256 ", with: "Bearer ")
        },
        Refused(testDescription: "host not signed", name: "IncompleteSignatureException", status: 403) {
            $0.replacing("content-type;host;", with: "content-type;")
        },
        Refused(testDescription: "date not signed", name: "IncompleteSignatureException", status: 403) {
            $0.replacing(";x-amz-date", with: "")
        },
    ]

    @Test func whatIsNotSignedWellIsRefusedByName() async throws {
        try await Self.withService { url, _ in
            for refused in Self.refused {
                var call = SignedCall("POST", "/listStreams", #"{"MaxResults":1}"#)
                refused.change(&call)
                let text = refused.tamper(try call.wire())
                let (head, _) = try await RawConnection.exchange(url, text)
                #expect(head.status == refused.status, "\(refused.testDescription)")
                #expect(head.fields["x-amzn-errortype"] == refused.name, "\(refused.testDescription)")
                // What a client corrects its clock by.
                #expect(head.fields["date"]?.hasSuffix("GMT") == true)
            }
            // The same call as it should be, and a little off.
            for skew in [0, -280, 280] as [Int64] {
                var call = SignedCall("POST", "/listStreams", #"{"MaxResults":1}"#)
                call.skew = skew
                #expect(try await RawConnection.refusal(url, call).status == 200)
            }
        }
    }

    @Test func headersAreVerifiedAsTheyWereSent() async throws {
        try await Self.withService { url, service in
            var create = SignedCall("POST", "/createStream", #"{"StreamName":"gate"}"#)
            // Duplicates are joined; runs of spaces count as one; Host has a port or not.
            create.append("x-amzn-note", "one")
            create.append("x-amzn-note", "two   three")
            create.request.authority = "somewhere.example:1234"
            #expect(try await RawConnection.refusal(url, create).status == 200)

            // The C producer signs what proxies strip, and sends Host without a port.
            var native = SignedCall.putMedia("gate")
            native.set("connection", "keep-alive")
            native.set("user-agent", "producer/1  (a; b)")
            native.payload = .empty
            native.options = SigningOptions(
                signedHeaders: .all(except: ["content-type"]),
                signsSessionToken: false
            )
            // The Java producer signs no payload and says so behind the signature.
            var java = SignedCall.putMedia("gate")
            java.payload = .unsigned
            var ours = SignedCall.putMedia("gate")
            ours.payload = .unsigned
            ours.options = .putMedia
            for call in [native, java, ours] {
                try await RawConnection.with(url) { connection in
                    try await connection.send(try call.wire())
                    #expect(try await connection.receiveHead().status == 200)
                    try await connection.endBody()
                    #expect(try await connection.receiveAcknowledgements().isEmpty)
                }
            }
            _ = service
        }
    }

    @Test func aRefusedPutMediaIsAnsweredAtOnceAndNeverBy100() async throws {
        try await Self.withService { url, _ in
            var call = SignedCall.putMedia("gate")
            call.set("expect", "100-continue")
            call.credentials = Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "SECRETother")
            let text = try call.wire()
            try await RawConnection.with(url) { connection in
                // Nothing of the body is ever sent: the answer waits for none of it.
                try await connection.send(text)
                let (head, _) = try await connection.receiveAnswer()
                #expect(head.status == 403)
                #expect(head.fields["x-amzn-errortype"] == "InvalidSignatureException")
                #expect(try await connection.receive() == nil)
            }
        }
    }

    @Test func aBodyIsNotTakenFromStrangers() async throws {
        try await Self.withService { url, _ in
            try await RawConnection.with(url) { connection in
                try await connection.send(
                    "POST /listStreams HTTP/1.1\r\nHost: test\r\nContent-Length: 9999999\r\n\r\n"
                )
                // Answered before any of it has come.
                #expect(try await connection.receiveHead().status == 403)
            }
            let large = SignedCall("POST", "/listStreams", String(repeating: " ", count: 1 << 20) + "{}")
            #expect(try await RawConnection.refusal(url, large).status == 413)
            var waiting = SignedCall("POST", "/listStreams", "{}")
            waiting.set("expect", "100-continue")
            waiting.options = .json
            let text = try waiting.wire()
            try await RawConnection.with(url) { connection in
                try await connection.send(text)
                #expect(try await connection.receiveHead().status == 100)
                #expect(try await connection.receiveAnswer().head.status == 200)
            }
        }
    }

    @Test func theCommandsSignWithTheEnvironmentsKey() async throws {
        try await Self.withService { url, service in
            let file = Captures.made.appending(path: "h264-aac.mkv").path
            let put = try await service.run("put", "film", file)
            #expect(put.status == 0, "\(put.errors)")
            let media = try await service.run("get", "film", "-o", "-")
            #expect(media.status == 0 && !media.output.isEmpty, "\(media.errors)")
            #expect(try await service.run("streams", "--json").lines.count == 1)
            // Without a key, and with a wrong one.
            let bare = try await service.program.run("streams", "--endpoint", url)
            #expect(bare.status == 4)
            let wrong = try await service.program.run(
                "streams",
                "--endpoint",
                url,
                environment: ["AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "no"]
            )
            #expect(wrong.status == 4 && wrong.errors.contains("InvalidSignatureException"))
        }
    }

    @Test func theLogNamesCallersAndHoldsNoSecrets() async throws {
        let environment = SignedCall.environment.merging(["AWS_SESSION_TOKEN": "TOKENexample"]) { $1 }
        try await ServiceProcess.with("--auth", "sigv4", environment: environment) { service in
            let url = await service.url
            var call = SignedCall("POST", "/createStream", #"{"StreamName":"gate"}"#)
            call.credentials = Credentials(
                accessKeyID: "AKIDEXAMPLE",
                secretAccessKey: "SECRETexample",
                sessionToken: "TOKENexample"
            )
            let signature = try call.signed().headerFields[.authorization] ?? ""
            #expect(try await RawConnection.refusal(url, call).status == 200)
            call.credentials = Credentials(
                accessKeyID: "SECRETexample",
                secretAccessKey: "AKIDEXAMPLE",
                sessionToken: "TOKENother"
            )
            #expect(try await RawConnection.refusal(url, call).name == "UnrecognizedClientException")
            let query = "/listStreams?X-Amz-Security-Token=TOKENexample&X-Amz-Credential=SECRETexample"
            #expect(
                try await RawConnection.refusal(url, "GET \(query) HTTP/1.1\r\nHost: t\r\n\r\n").status == 403
            )
            _ = await service.terminate()
            let log = await service.log
            let line = try #require(log.split(separator: "\n").first { $0.contains(" createStream ") })
            for part in ["operation=createStream", "stream=gate", "status=200", "caller=environment"] {
                #expect(line.contains(part), "\(line)")
            }
            #expect(line.contains(#/request=[0-9a-f-]{36}/#) && line.contains(#/duration=\d+ms/#), "\(line)")
            for secret in ["SECRET", "TOKEN", "AWS4", signature] { #expect(!log.contains(secret), "\(log)") }
        }
    }
}

extension AuthenticationTests.Refused {
    /// A call that is changed before it is signed.
    init(testDescription: String, name: String, change: @escaping @Sendable (inout SignedCall) -> Void) {
        self.testDescription = testDescription
        self.name = name
        self.change = change
    }

    /// A call whose text is changed behind its signature.
    init(
        testDescription: String,
        name: String,
        status: Int = 403,
        tamper: @escaping @Sendable (String) -> String
    ) {
        self.testDescription = testDescription
        self.name = name
        self.status = status
        self.tamper = tamper
    }
}
