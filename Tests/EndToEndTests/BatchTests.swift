import Foundation
import KinescopeTesting
import KinesisVideo
import Testing

/// `kinescope batch` as scripts and engines use it.
@Suite(.timeLimit(.minutes(2))) struct BatchTests {
    /// A service with a stream of so many fragments.
    private static func withFragments<Result: Sendable>(
        _ count: Int,
        _ body: @Sendable (ServiceProcess, [FragmentLine]) async throws -> Result
    ) async throws -> Result {
        try await ServiceProcess.with { service in
            try await service.createStream("gate")
            var media = ProducerBody()
            media.header()
            for index in 0..<count {
                try media.videoCluster(
                    at: 1_763_820_202_000 + UInt64(index) * 200,
                    frames: 5,
                    size: 100 + index
                )
            }
            _ = try await RawConnection.putMedia(await service.url, "gate", media.bytes)
            return try await body(service, try await service.fragments("gate"))
        }
    }

    private static func results(_ folder: String) throws -> [String: String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        return try Dictionary(
            uniqueKeysWithValues: names.map {
                ($0, try String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8))
            }
        )
    }

    @Test func everySplitGivesItsFragmentsAndTogetherTheyAreAll() async throws {
        try await Self.withFragments(250) { service, listed in
            let plan = try await service.run("batch", "plan", "gate", "--splits", "3")
            #expect(plan.status == 0 && plan.lines.count == 3, "\(plan.errors)")
            var chunks: [ReceivedChunks.Chunk] = []
            for line in plan.lines {
                let split = try await service.program.run(
                    "batch",
                    "fetch",
                    "-",
                    "-o",
                    "-",
                    input: Array(line.utf8)
                )
                #expect(split.status == 0, "\(split.errors)")
                chunks += ReceivedChunks.reading(split.output)
            }
            #expect(chunks.map(\.number) == listed.map(\.fragmentNumber))
            #expect(chunks == (try await service.media("gate")))
        }
    }

    @Test func aCommandRunsOnceForEachFragmentAndItsResultsAreKept() async throws {
        try await Self.withFragments(30) { service, listed in
            let folder = service.program.home.path("results")
            let run = try await service.run(
                "batch",
                "gate",
                "--workers",
                "3",
                "--results",
                folder,
                "--endpoint",
                await service.url,
                "--",
                "sh",
                "-c",
                "wc -c; echo {number} {index}"
            )
            #expect(run.status == 0, "\(run.errors)")
            let results = try Self.results(folder)
            #expect(results.count == 30)
            for (index, fragment) in listed.enumerated() {
                let lines = results["\(fragment.fragmentNumber).out"]?.split(separator: "\n") ?? []
                #expect(lines == ["\(fragment.sizeBytes)", "\(fragment.fragmentNumber) \(index)"])
            }
        }
    }

    @Test func whatFailsIsTriedAgainNamedAndLeftForTheNextRun() async throws {
        try await Self.withFragments(10) { service, listed in
            let folder = service.program.home.path("results")
            let marker = service.program.home.path("fixed")
            let log = service.program.home.path("log")
            let bad = listed[4].fragmentNumber
            // Fails for one fragment until the marker is there.
            let script = "echo {number} >> '\(log)'; test {number} != \(bad) -o -e '\(marker)'"
            let arguments = [
                "batch", "gate", "--retries", "1", "--results", folder, "--endpoint", await service.url, "--",
                "sh", "-c", script,
            ]
            let first = try await service.program.run(BuiltProgram.url, arguments)
            #expect(first.status == 1)
            #expect(first.errors.contains("1 of 10 failed: \(bad)"), "\(first.errors)")
            #expect(try Self.results(folder).keys.count { $0.hasSuffix(".out") } == 9)
            _ = try service.program.home.write([], to: "fixed")
            let second = try await service.program.run(BuiltProgram.url, arguments)
            #expect(second.status == 0, "\(second.errors)")
            let runs = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
            // Nine once, the bad one twice and then once more.
            #expect(runs.count == 12 && runs.count { $0 == bad } == 3)
        }
    }

    @Test func aCommandThatReadsNothingStillCounts() async throws {
        try await Self.withFragments(3) { service, _ in
            let folder = service.program.home.path("results")
            let run = try await service.run(
                "batch",
                "gate",
                "--splits",
                "1",
                "--results",
                folder,
                "--endpoint",
                await service.url,
                "--",
                "true"
            )
            #expect(run.status == 0, "\(run.errors)")
            #expect(try Self.results(folder).count == 1)
        }
    }
}
