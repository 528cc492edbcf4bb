import Foundation
import KinescopeTesting
import Testing

/// The service as AWS's own Python client sees it.
@Suite(.timeLimit(.minutes(2))) struct OutsideClientTests {
    private static let scripts = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Scripts")

    @Test func boto3CallsEveryOperationOnMedia() async throws {
        guard let python = try await Self.pythonWithBoto3() else { return }
        try await ServiceProcess.with { service in
            try await service.createStream("gate")
            var body = ProducerBody()
            body.header()
            for index in 0..<6 { try body.videoCluster(at: 1_763_820_202_000 + UInt64(index) * 2000) }
            _ = try await RawConnection.putMedia(await service.url, "gate", body.bytes)
            let result = try await service.program.run(
                python,
                [
                    Self.scripts.appending(path: "service_calls.py").path, await service.url,
                ]
            )
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
