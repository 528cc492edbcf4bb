import Foundation
import KinescopeTesting
import KinesisVideo
import Testing

/// The program of `Tests/Spark` on an Apache Spark of this machine.
@Suite(.timeLimit(.minutes(5))) struct SparkTests {
    /// A Python that has pyspark: `KINESCOPE_PYTHON`, else the system's.
    private static let python = URL(
        filePath: ProcessInfo.processInfo.environment["KINESCOPE_PYTHON"] ?? "/usr/bin/python3"
    )
    private static let program = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Spark/fragments.py")

    /// Whether pyspark and a Java are there; nothing is downloaded for this.
    private static let hasSpark: Bool = {
        let question = "import pyspark, shutil, sys; sys.exit(shutil.which('java') is None)"
        let process = Process()
        process.executableURL = python
        process.arguments = ["-c", question]
        process.standardError = nil
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    private struct Row: Decodable {
        var fragmentNumber: String
        var frames: Int
        var bytes: Int
        var split: Int
        var attempt: Int
        var executor: Int
    }

    @Test(
        .enabled(
            if: hasSpark,
            "no pyspark or no Java: pip install pyspark, and name its Python in KINESCOPE_PYTHON"
        )
    )
    func eachFragmentIsInTheResultOnceThoughAnExecutorIsLost() async throws {
        try await ServiceProcess.with { service in
            try await service.createStream("gate")
            var media = ProducerBody()
            media.header()
            for index in 0..<60 {
                try media.videoCluster(
                    at: 1_763_820_202_000 + UInt64(index) * 200,
                    frames: 5,
                    size: 300 + index
                )
            }
            _ = try await RawConnection.putMedia(await service.url, "gate", media.bytes)
            let plan = try await service.run("batch", "plan", "gate", "--splits", "6")
            #expect(plan.lines.count == 6, "\(plan.errors)")
            let folder = service.program.home
            let file = try folder.write(plan.output, to: "plan.jsonl")
            let result = folder.path("result.jsonl")
            let run = try await service.program.run(
                Self.python,
                [Self.program.path, file, result, "--lose-executor", "2"],
                environment: ["KINESCOPE": BuiltProgram.url.path, "SPARK_LOCAL_IP": "127.0.0.1"]
            )
            #expect(run.status == 0, "\(run.errors.suffix(2000))")
            #expect(run.text.contains("60 fragments of 6 splits, each once"), "\(run.text)")
            #expect(run.errors.contains("ExecutorLostFailure"))
            let rows = try String(contentsOfFile: result, encoding: .utf8).split(separator: "\n").map {
                try JSONDecoder().decode(Row.self, from: Data($0.utf8))
            }
            #expect(rows.map(\.fragmentNumber) == (try await service.fragments("gate").map(\.fragmentNumber)))
            #expect(rows.map(\.frames) == Array(repeating: 5, count: 60))
            #expect(rows.map(\.bytes) == (0..<60).map { 5 * (300 + $0) })
            #expect(rows.filter { $0.split == 2 }.allSatisfy { $0.attempt > 0 })
        }
    }
}
