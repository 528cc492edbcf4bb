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
            #expect(try Self.results(folder).keys.sorted().map { $0.hasSuffix(".out") } == [true, false])
            #expect(try Self.results(folder).keys.contains("plan.jsonl"))
        }
    }

    @Test func anInterruptedRunGoesOnWithWhatIsLeftOfItsSplits() async throws {
        try await Self.withFragments(24) { service, listed in
            let folder = service.program.home.path("results")
            let log = service.program.home.path("log")
            let gate = service.program.home.path("gate")
            // The third split waits until the first run is gone.
            let script =
                "echo {index} >> '\(log)'; while test {index} = 2 -a ! -e '\(gate)'; do sleep 0.1; done; wc -c"
            let arguments = [
                "batch", "gate", "--splits", "4", "--workers", "1", "--results", folder, "--", "sh", "-c",
                script,
            ]
            let words = Array(arguments[..<8]) + ["--endpoint", await service.url] + Array(arguments[8...])
            let first = try service.program.start(words)
            try await FileChange.wait(in: service.program.home.path) {
                (try? String(contentsOfFile: log, encoding: .utf8)) == "0\n1\n2\n"
            }
            first.send(SIGTERM)
            #expect(await first.exitStatus() == 130)
            #expect(first.errors.contains("the same command goes on"))
            #expect(try Self.results(folder).keys.count { $0.hasSuffix(".out") } == 2)

            // More has come since: the splits stay what they were.
            var more = ProducerBody()
            more.header()
            try more.videoCluster(at: 1_763_820_302_000)
            _ = try await RawConnection.putMedia(await service.url, "gate", more.bytes)
            _ = try service.program.home.write([], to: "gate")
            let second = try await service.program.run(BuiltProgram.url, words)
            #expect(second.status == 0, "\(second.errors)")
            #expect(second.errors.contains("goes on with the 4 splits"))
            #expect(second.text.contains("4 of 4 done, 2 of them by an earlier run"))
            let begun = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
            #expect(begun == ["0", "1", "2", "2", "3"])
            let sizes = try Self.results(folder).filter { $0.key.hasSuffix(".out") }.values.map {
                Int($0.filter(\.isNumber)) ?? 0
            }
            #expect(sizes.reduce(0, +) == listed.reduce(0) { $0 + $1.sizeBytes })
        }
    }

    @Test func progressOnATerminalTellsTheRateAndTheTimeThatIsLeft() async throws {
        let script = URL(filePath: "/usr/bin/script")
        guard FileManager.default.isExecutableFile(atPath: script.path) else { return }
        try await Self.withFragments(8) { service, _ in
            let folder = service.program.home.path("results")
            let command =
                "'\(BuiltProgram.url.path)' batch gate --workers 1 --results '\(folder)' --endpoint \(await service.url) -- cat"
            let run = try await service.program.run(script, ["-qec", command, "/dev/null"])
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.text.contains("gate  ███···························  1 of 8  "), "\(run.text)")
            #expect(run.text.contains(/2 of 8  \d+\.\d MB\/s  \d+ s left/))
            #expect(run.text.contains("8 of 8  ") && run.text.contains("0 s left"))
            #expect(run.text.contains("8 of 8 done, 0 failed"))
        }
    }

    @Test func manyFailuresAreAllNamed() async throws {
        try await Self.withFragments(15) { service, listed in
            let folder = service.program.home.path("results")
            let run = try await service.program.run(
                BuiltProgram.url,
                [
                    "batch", "gate", "--retries", "0", "--results", folder, "--endpoint", await service.url,
                    "--", "false",
                ]
            )
            #expect(run.status == 1)
            for fragment in listed { #expect(run.errors.contains("failed: \(fragment.fragmentNumber)")) }
            #expect(run.errors.contains("15 of 15 failed") && run.errors.contains("and 5 more"))
        }
    }

    @Test(arguments: [1, 2, 5])
    func fetchingInParallelKeepsTheOrderOverResetsAndThrottling(connections: Int) async throws {
        let folder = try TemporaryFolder()
        let faults = """
            {"fault": "reset", "operation": "getMediaForFragmentList", "byte": 9000, "every": 3}
            {"fault": "end", "operation": "getMediaForFragmentList", "byte": 3000, "every": 4, "skip": 1}
            {"fault": "throttle", "operation": "getMediaForFragmentList", "every": 5, "skip": 2, "times": 8}
            """
        let file = try folder.write(Array(faults.utf8), to: "faults.jsonl")
        try await ServiceProcess.with("--faults", file, in: folder) { service in
            try await service.createStream("gate")
            var media = ProducerBody()
            media.header()
            for index in 0..<60 {
                try media.videoCluster(at: 1_763_820_202_000 + UInt64(index) * 200, frames: 5, size: 200)
            }
            _ = try await RawConnection.putMedia(await service.url, "gate", media.bytes)
            let plan = try await service.run("batch", "plan", "gate", "--splits", "1")
            let split = try await service.program.run(
                "batch",
                "fetch",
                "-",
                "-o",
                "-",
                "--connections",
                "\(connections)",
                input: plan.output
            )
            #expect(split.status == 0, "\(split.errors)")
            #expect(ReceivedChunks.reading(split.output) == (try await service.media("gate")))
        }
    }

    @Test func fragmentsThatAreGoneAreNamedAndTheOthersCome() async throws {
        try await Self.withFragments(20) { service, listed in
            let plan = try await service.run("batch", "plan", "gate", "--splits", "1")
            let gone = "91343852333181432392682062622220590765191907586"
            let text = plan.text.replacing("\"\(listed[3].fragmentNumber)\"", with: "\"\(gone)\"")
            let output = service.program.home.path("split.mkv")
            let split = try await service.program.run(
                "batch",
                "fetch",
                "-",
                "-o",
                output,
                input: Array(text.utf8)
            )
            #expect(split.status == 1 && split.errors.contains("1 fragments missing"))
            #expect(!FileManager.default.fileExists(atPath: output))
        }
    }
}
