import Foundation
import KinescopeTesting
import Testing

/// The service as AWS's own Python client sees it.
@Suite(.timeLimit(.minutes(2))) struct OutsideClientTests {
    private static let script = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Scripts/service_calls.py")

    @Test func boto3CallsEveryOperation() async throws {
        let python = try await Self.pythonWithBoto3()
        guard let python else {
            print("boto3CallsEveryOperation left out: no python3 in PATH has boto3")
            return
        }
        try await ServiceProcess.with { service in
            try await service.createStream("gate")
            var body = ProducerBody()
            body.header()
            for index in 0..<6 { try body.videoCluster(at: 1_763_820_202_000 + UInt64(index) * 2000) }
            _ = try await RawConnection.putMedia(await service.url, "gate", body.bytes)
            let result = try await service.program.run(python, [Self.script.path, await service.url])
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
        return found.lines.first.flatMap { found.status == 0 ? URL(filePath: String($0)) : nil }
    }
}
