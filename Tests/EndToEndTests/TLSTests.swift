import Foundation
import KinescopeTesting
import KinesisVideo
import Testing

/// `serve --tls-certificate --tls-key`.
@Suite(
    .serialized,
    .timeLimit(.minutes(2)),
    .enabled(if: ServerCertificate.isAvailable, Comment(rawValue: ServerCertificate.isMissing))
) struct TLSTests {
    private static func withService(
        _ body: @escaping @Sendable (ServiceProcess, ServerCertificate) async throws -> Void
    ) async throws {
        let certificate = try await ServerCertificate()
        let options = ["--tls-certificate", certificate.file, "--tls-key", certificate.key]
        try await ServiceProcess.with(
            options[0],
            options[1],
            options[2],
            options[3],
            "--auth",
            "sigv4",
            environment: SignedCall.environment
        ) { service in
            try await body(service, certificate)
        }
    }

    private static let health = "GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"

    @Test func theCommandsWorkOverTLSWhereTheCertificateIsTrusted() async throws {
        try await Self.withService { service, certificate in
            let url = await service.url
            #expect(url.hasPrefix("https://127.0.0.1:"))
            let film = Captures.made.appending(path: "h264-aac.mkv").path
            let put = try await service.run("put", "film", film, "--ca-file", certificate.file, "--json")
            #expect(put.status == 0, "\(put.errors)")
            for variable in ["KINESCOPE_CA_FILE", "AWS_CA_BUNDLE", "SSL_CERT_FILE"] {
                let environment = SignedCall.environment.merging([variable: certificate.file]) { $1 }
                let streams = try await service.program.run(
                    "streams",
                    "--json",
                    "--endpoint",
                    url,
                    environment: environment
                )
                #expect(streams.status == 0 && streams.lines.count == 1, "\(variable): \(streams.errors)")
            }
            let media = try await service.run("get", "film", "-o", "-", "--ca-file", certificate.file)
            #expect(media.status == 0 && ReceivedChunks.reading(media.output).count > 0, "\(media.errors)")

            let stranger = try await service.run("streams")
            #expect(stranger.status == 5)
            #expect(stranger.errors.contains("--ca-file"), "\(stranger.errors)")
            let missing = try await service.run("streams", "--ca-file", "/nonexistent.pem")
            #expect(missing.status == 3)
        }
    }

    @Test func theDataEndpointIsHTTPSToo() async throws {
        try await Self.withService { service, certificate in
            let url = await service.url
            var call = SignedCall("POST", "/createStream", #"{"StreamName":"gate"}"#)
            _ = try await RawConnection.exchange(url, try call.wire(), trusting: certificate.file)
            let body = #"{"StreamName":"gate","APIName":"PUT_MEDIA"}"#
            call = SignedCall("POST", "/getDataEndpoint", body)
            let answer = try await RawConnection.exchange(url, try call.wire(), trusting: certificate.file)
            let members = try JSONDecoder().decode([String: String].self, from: Data(answer.body))
            #expect(members == ["DataEndpoint": url])
        }
    }

    @Test func newFilesAreReadOnAHangUpAndConnectionsGoOn() async throws {
        try await Self.withService { service, certificate in
            let url = await service.url
            let old = try String(contentsOfFile: certificate.file, encoding: .utf8)
            let trusted = try certificate.folder.write(Array(old.utf8), to: "old.pem")
            try await RawConnection.with(url, trusting: trusted) { connection in
                try await connection.send(Self.health)
                #expect(try await connection.receiveAnswer().head.status == 200)
                try await certificate.renew()
                await service.send(SIGHUP)
                try await service.waitForLog("certificate read again")
                // The connection that began before goes on; a new one gets the new certificate.
                try await connection.send(Self.health)
                #expect(try await connection.receiveAnswer().head.status == 200)
                #expect(
                    try await RawConnection.exchange(url, Self.health, trusting: certificate.file).head.status
                        == 200
                )
                await #expect(throws: (any Error).self) {
                    try await RawConnection.exchange(url, Self.health, trusting: trusted)
                }
                // What cannot be read changes nothing.
                let current = try String(contentsOfFile: certificate.file, encoding: .utf8)
                let copy = try certificate.folder.write(Array(current.utf8), to: "current.pem")
                _ = try certificate.folder.write(Array("nonsense".utf8), to: "cert.pem")
                await service.send(SIGHUP)
                try await service.waitForLog("certificate not read, the old one stays")
                #expect(
                    try await RawConnection.exchange(url, Self.health, trusting: copy).head.status == 200
                )
                // A key of another certificate is no better.
                _ = try certificate.folder.write(Array(old.utf8), to: "cert.pem")
                await service.send(SIGHUP)
                try await service.waitForLog("certificate not read, the old one stays", times: 2)
                #expect(
                    try await RawConnection.exchange(url, Self.health, trusting: copy).head.status == 200
                )
            }
        }
    }

    @Test func filesThatAreNoCertificateKeepTheServiceFromStarting() async throws {
        let certificate = try await ServerCertificate()
        let program = try BuiltProgram()
        let wrong = [
            (certificate.key, certificate.key), (certificate.file, certificate.file),
            ("/nowhere", certificate.key),
        ]
        for (file, key) in wrong {
            let result = try await program.run("serve", "--port", "0", "--tls-cert", file, "--tls-key", key)
            #expect(result.status == 1)
            #expect(result.errors.hasPrefix("kinescope: cannot serve TLS"), "\(result.errors)")
        }
    }

    /// The other side never answers that TLS ends, since nobody reads the connection.
    @Test(.timeLimit(.minutes(1))) func anEndDoesNotWaitForOpenConnections() async throws {
        try await Self.withService { service, certificate in
            let url = await service.url
            try await RawConnection.with(url, trusting: certificate.file) { connection in
                try await connection.send(Self.health)
                _ = try await connection.receiveAnswer()
                let status = await service.terminate()
                let log = await service.log
                #expect(status == 0, "\(log.suffix(2000))")
            }
        }
    }
}
