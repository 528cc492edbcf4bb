import Foundation
import KinescopeTesting
import KinesisVideo
import SigV4
import Testing

/// `serve --credentials`: several keys, each with what it may do.
@Suite(.serialized, .timeLimit(.minutes(2))) struct AccessKeyTests {
    private static let file = """
        # keys of the tests
        [admin]
        aws_access_key_id = AKIDADMIN
        aws_secret_access_key = admin-secret

        [camera]
        aws_access_key_id = AKIDCAMERA
        aws_secret_access_key = camera-secret
        streams = yard-, gate

        [wall]
        aws_access_key_id = ASIAWALL
        aws_secret_access_key = wall-secret
        aws_session_token = wall-token
        expiration = 2200-01-01T00:00:00Z
        read_only = true

        [past]
        aws_access_key_id = ASIAPAST
        aws_secret_access_key = past-secret
        aws_session_token = past-token
        expiration = 2020-01-01T00:00:00Z
        """

    private static func call(_ key: String, _ path: String, _ body: String, token: String? = nil)
        -> SignedCall
    {
        var call = path == "/putMedia" ? SignedCall.putMedia(body) : SignedCall("POST", path, body)
        if path.hasPrefix("/kinescope") { call = SignedCall("GET", path) }
        let name = key.dropFirst(4).lowercased()
        call.credentials = Credentials(
            accessKeyID: key,
            secretAccessKey: "\(name)-secret",
            sessionToken: token
        )
        if path == "/putMedia" { call.payload = .unsigned }
        return call
    }

    @Test func keysDoWhatTheyMayAndNoMore() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(Array(Self.file.utf8), to: "keys")
        try await ServiceProcess.with("--auth", "sigv4", "--credentials", file) { service in
            let url = await service.url
            func answer(_ key: String, _ path: String, _ body: String, token: String? = nil) async throws
                -> String
            {
                let call = Self.call(key, path, body, token: token)
                let refusal = try await RawConnection.refusal(url, call)
                return "\(refusal.status) \(refusal.name ?? "")"
            }
            let arn = "arn:aws:kinesisvideo:local-1:000000000000:stream"
            #expect(try await answer("AKIDADMIN", "/createStream", #"{"StreamName":"lobby"}"#) == "200 ")
            #expect(try await answer("AKIDCAMERA", "/createStream", #"{"StreamName":"yard-1"}"#) == "200 ")
            let denied = "401 NotAuthorizedException"
            for (path, body) in [
                ("/createStream", #"{"StreamName":"yar"}"#),
                ("/describeStream", #"{"StreamName":"lobby"}"#),
                // Of what is out of reach not even its absence is told.
                ("/describeStream", #"{"StreamName":"none"}"#),
                ("/describeStream", #"{"StreamARN":"\#(arn)/lobby/1"}"#),
                ("/describeStream", #"{"StreamName":"yard-1","StreamARN":"\#(arn)/lobby/1"}"#),
                ("/getDataEndpoint", #"{"APIName":"GET_MEDIA"}"#),
                ("/getMedia", #"{"StreamName":"lobby","StartSelector":{"StartSelectorType":"NOW"}}"#),
                ("/putMedia", "lobby"),
                ("/kinescope/streams/lobby/acks", ""),
            ] {
                #expect(try await answer("AKIDCAMERA", path, body) == denied, "\(path) \(body)")
            }
            #expect(
                try await answer("AKIDCAMERA", "/describeStream", #"{"StreamName":"gate"}"#).hasPrefix("404")
            )
            #expect(try await answer("AKIDCAMERA", "/kinescope/streams/yard-1/acks", "") == "200 ")

            // Lists show what is in reach.
            let listed = try await RawConnection.exchange(
                url,
                try Self.call("AKIDCAMERA", "/listStreams", "{}").wire()
            )
            let list = String(decoding: listed.body, as: UTF8.self)
            #expect(list.contains("yard-1") && !list.contains("lobby"))
            let feed = try await RawConnection.exchange(
                url,
                try Self.call("AKIDCAMERA", "/kinescope/streams", "").wire()
            )
            let text = String(decoding: feed.body, as: UTF8.self)
            #expect(text.contains("yard-1") && !text.contains("lobby"))

            let token = "wall-token"
            #expect(
                try await answer("ASIAWALL", "/describeStream", #"{"StreamName":"lobby"}"#, token: token)
                    == "200 "
            )
            #expect(
                try await answer("ASIAWALL", "/createStream", #"{"StreamName":"x"}"#, token: token) == denied
            )
            #expect(try await answer("ASIAWALL", "/putMedia", "lobby", token: token) == denied)
            #expect(try await answer("ASIAWALL", "/listStreams", "{}") == "403 UnrecognizedClientException")
            #expect(
                try await answer("ASIAWALL", "/listStreams", "{}", token: "other")
                    == "403 UnrecognizedClientException"
            )
            #expect(
                try await answer("ASIAPAST", "/listStreams", "{}", token: "past-token")
                    == "403 ExpiredTokenException"
            )
        }
    }

    @Test func anotherFileIsReadOnAHangUpAndOneThatIsBrokenIsNot() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(Array(Self.file.utf8), to: "keys")
        try await ServiceProcess.with("--auth", "sigv4", "--credentials", file) { service in
            let url = await service.url
            func status(_ key: String) async throws -> Int {
                try await RawConnection.refusal(url, Self.call(key, "/listStreams", "{}")).status
            }
            #expect(try await status("AKIDCAMERA") == 200)
            #expect(try await status("AKIDGUEST") == 403)
            let keys = Self.file.replacing("CAMERA", with: "GUEST").replacing("camera", with: "guest")
            _ = try folder.write(Array(keys.utf8), to: "keys")
            await service.send(SIGHUP)
            try await service.waitForLog("credentials read again")
            #expect(try await status("AKIDCAMERA") == 403)
            #expect(try await status("AKIDGUEST") == 200)

            _ = try folder.write(Array("[guest]\naws_access_key_id = AKIDGUEST".utf8), to: "keys")
            await service.send(SIGHUP)
            try await service.waitForLog("credentials not read, the old one stays")
            #expect(try await status("AKIDGUEST") == 200)
            #expect(await !service.log.contains("guest-secret"))
        }
    }

    @Test(arguments: [
        ("", "no section with a key"),
        ("aws_access_key_id = A", "line 1 is a setting ahead of the first section"),
        ("[a]\naws_access_key_id = A", "section a: wants"),
        ("[a]\naws_access_key_id = A\naws_secret_access_key = S\nreadonly = true", "readonly is not known"),
        ("[a]\naws_access_key_id = A\naws_secret_access_key = S\nread_only = yes", "neither true nor false"),
        ("[a]\naws_access_key_id = A\naws_secret_access_key = S\nread_only", "line 4 is no setting"),
        (
            "[a]\naws_access_key_id = A\naws_secret_access_key = S\n  read_only = true",
            "line 4 begins with a space"
        ),
        ("[a]\naws_access_key_id = A\naws_secret_access_key = S\nstreams =", "streams has no value"),
        ("[a]\naws_access_key_id = A\naws_secret_access_key = S\nstreams = x,,y", "an empty name"),
        ("[a]\naws_access_key_id = A\naws_secret_access_key = S\nexpiration = soon", "no RFC 3339 time"),
        (
            "[a]\naws_access_key_id = A\naws_secret_access_key = S\n[b]\naws_access_key_id = A\naws_secret_access_key = T",
            "the same aws_access_key_id"
        ),
        ("[a]\naws_access_key_id = A\naws_secret_access_key = S\n[a]\nread_only = true", "there already"),
    ])
    func aFileThatCouldBeMisreadKeepsTheServiceFromStarting(text: String, reason: String) async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(Array(text.utf8), to: "keys")
        let program = try BuiltProgram(home: folder)
        let result = try await program.run("serve", "--port", "0", "--auth", "sigv4", "--credentials", file)
        #expect(result.status == 2)
        #expect(result.errors.contains(reason), "\(result.errors)")
        #expect(result.errors.filter { $0 == "\n" }.count == 1)
    }

    @Test(arguments: [
        ["--host", "0.0.0.0"],
        ["--host", "::"],
        ["--host", "0.0.0.0", "--insecure-http"],
        ["--host", "0.0.0.0", "--allow-unsigned"],
        ["--auth", "sigv4"],
        ["--auth", "password"],
        ["--credentials", "keys"],
        ["--tls-certificate", "cert.pem"],
        ["--max-skew", "901"],
        ["--metrics-listen", "9100"],
    ])
    func whatWouldLetStrangersInIsWrongUsage(options: [String]) async throws {
        let program = try BuiltProgram()
        let result = try await program.run(BuiltProgram.url, ["serve", "--port", "0"] + options)
        #expect(result.status == 2, "\(result.errors)")
    }
}
