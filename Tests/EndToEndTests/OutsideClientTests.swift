import Foundation
import KinescopeTesting
import KinesisVideo
import SigV4
import Testing

/// The service as AWS's own Python client sees it.
@Suite(.timeLimit(.minutes(2))) struct OutsideClientTests {
    private static let scripts = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Scripts")

    /// How the service is reached.
    enum Access: CaseIterable {
        case open, signed, signedOverTLS
    }

    @Test(arguments: Access.allCases)
    func boto3CallsEveryOperationOnMedia(access: Access) async throws {
        guard let python = try await Self.pythonWithBoto3() else { return }
        try await Self.withService(access) { service, environment in
            try await Self.upload(await service.url, trusting: environment["AWS_CA_BUNDLE"])
            let script = Self.scripts.appending(path: "service_calls.py").path
            let arguments = [script, await service.url]
            let result = try await service.program.run(python, arguments, environment: environment)
            #expect(result.status == 0 && result.text == "ok\n", "\(result.text)\(result.errors)")
        }
    }

    @Test func boto3CallsEveryOperationOnStreams() async throws {
        guard let python = try await Self.pythonWithBoto3() else { return }
        try await ServiceProcess.with { service in
            let script = Self.scripts.appending(path: "control_plane.py").path
            let result = try await service.program.run(python, [script, await service.url])
            #expect(result.status == 0 && result.text == "ok\n", "\(result.text)\(result.errors)")
        }
    }

    @Test(arguments: Access.allCases)
    func theAWSCommandListsStreams(access: Access) async throws {
        let program = try BuiltProgram()
        // Where there is a shim of a version manager, it needs the user's home, and comes second.
        let home = ProcessInfo.processInfo.environment["HOME"] ?? "/"
        let system = URL(filePath: "/usr/bin/aws")
        let command = FileManager.default.isExecutableFile(atPath: system.path) ? [system.path] : ["aws"]
        let env = URL(filePath: "/usr/bin/env")
        guard try await program.run(env, command + ["--version"], environment: ["HOME": home]).status == 0
        else {
            print("theAWSCommandListsStreams left out: there is no aws in PATH")
            return
        }
        try await Self.withService(access) { service, environment in
            try await Self.upload(await service.url, trusting: environment["AWS_CA_BUNDLE"])
            let url = await service.url
            let call = ["kinesisvideo", "list-streams", "--endpoint-url", url, "--output", "text", "--query"]
            let arguments = command + call + ["StreamInfoList[].StreamName"]
            let more = ["HOME": home, "AWS_DEFAULT_REGION": "us-west-2", "AWS_CONFIG_FILE": "/dev/null"]
            let result = try await service.program.run(
                env,
                arguments,
                environment: environment.merging(more) { $1 }
            )
            #expect(result.status == 0 && result.text == "gate\n", "\(result.text)\(result.errors)")
        }
    }

    private static func withService(
        _ access: Access,
        _ body: @escaping @Sendable (ServiceProcess, _ environment: [String: String]) async throws -> Void
    ) async throws {
        let keys = SignedCall.environment
        switch access {
        case .open: try await ServiceProcess.with { try await body($0, keys) }
        case .signed:
            try await ServiceProcess.with("--auth", "sigv4", environment: keys) { try await body($0, keys) }
        case .signedOverTLS:
            guard ServerCertificate.isAvailable else {
                print("\(access) left out: \(ServerCertificate.isMissing)")
                return
            }
            let certificate = try await ServerCertificate()
            try await ServiceProcess.with(
                "--auth",
                "sigv4",
                "--tls-cert",
                certificate.file,
                "--tls-key",
                certificate.key,
                environment: keys
            ) { try await body($0, keys.merging(["AWS_CA_BUNDLE": certificate.file]) { $1 }) }
        }
    }

    /// Makes the stream `gate` with six fragments.
    private static func upload(_ url: String, trusting caFile: String?) async throws {
        let create = SignedCall("POST", "/createStream", #"{"StreamName":"gate","DataRetentionInHours":24}"#)
        let created = try await RawConnection.exchange(url, try create.wire(), trusting: caFile)
        try #require(created.head.status == 200)
        var body = ProducerBody()
        body.header()
        for index in 0..<6 { try body.videoCluster(at: 1_763_820_202_000 + UInt64(index) * 2000) }
        let bytes = body.bytes
        var call = SignedCall.putMedia("gate")
        call.payload = .empty
        let head = try call.wire()
        try await RawConnection.with(url, trusting: caFile) { connection in
            try await connection.send(head)
            try await connection.sendChunk(bytes)
            try await connection.endBody()
            try #require(try await connection.receiveHead().status == 200)
            let lines = try await connection.receiveAcknowledgements()
            try #require(lines.filter { $0.event == .persisted }.count == 6)
        }
    }

    /// The interpreter itself: shims of version managers need the user's home.
    private static func pythonWithBoto3() async throws -> URL? {
        let program = try BuiltProgram()
        let home = ProcessInfo.processInfo.environment["HOME"] ?? "/"
        let found = try await program.run(
            URL(filePath: "/usr/bin/env"),
            ["python3", "-c", "import boto3, sys; print(sys.executable)"],
            environment: ["HOME": home]
        )
        guard found.status == 0, let path = found.lines.first else {
            print("left out: no python3 in PATH has boto3")
            return nil
        }
        return URL(filePath: String(path))
    }
}
