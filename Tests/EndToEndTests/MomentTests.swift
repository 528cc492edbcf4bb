import Foundation
import KinescopeTesting
import KinesisVideo
import Testing

/// Moments on the command line: zones, and fragments that tell a time.
@Suite(.timeLimit(.minutes(2))) struct MomentTests {
    private static let start = Timestamp(milliseconds: 1_763_820_202_000)

    /// Runs `body` with ten fragments of a second each in the stream `gate`.
    private static func withFragments(
        _ body: @Sendable (ServiceProcess, [FragmentLine]) async throws -> Void
    ) async throws {
        try await ServiceProcess.with { service in
            try await service.createStream("gate")
            var media = ProducerBody()
            media.header()
            for index in 0..<10 {
                try media.videoCluster(at: UInt64(start.milliseconds) + UInt64(index) * 1000)
            }
            _ = try await RawConnection.putMedia(await service.url, "gate", media.bytes)
            let fragments = try await service.fragments("gate")
            #expect(fragments.count == 10)
            try await body(service, fragments)
        }
    }

    @Test func aFragmentTellsWhereARangeBeginsAndEnds() async throws {
        try await Self.withFragments { service, fragments in
            let (first, last) = (fragments[2].fragmentNumber, fragments[6].fragmentNumber)
            for (from, to) in [
                ("#\(first)", "#\(last)"), ("#\(first.suffix(10))", "#…\(last.suffix(10))"),
            ] {
                let listed = try await service.run("fragments", "gate", "--from", from, "--to", to, "--json")
                #expect(listed.status == 0, "\(listed.errors)")
                #expect(try listed.decoded(FragmentLine.self) == Array(fragments[2...6]))
                let media = try await service.run("get", "gate", "-o", "-", "--from", from, "--to", to)
                #expect(media.status == 0, "\(media.errors)")
                #expect(ReceivedChunks.reading(media.output).count == 5)
            }
        }
    }

    @Test func aFragmentThatIsNotKeptIsNotFound() async throws {
        try await Self.withFragments { service, _ in
            for command in [["fragments", "gate"], ["get", "gate", "-o", "-"]] {
                let url = await service.url
                let result = try await service.program.run(
                    BuiltProgram.url,
                    command + ["--from", "#0000000001", "--endpoint", url]
                )
                #expect(result.status == 3)
                #expect(
                    result.errors
                        == "kinescope: no fragment #0000000001 is kept (try kinescope fragments)\n"
                )
            }
        }
    }

    @Test func timesAreReadAndPrintedInTheZoneThatIsAskedFor() async throws {
        try await Self.withFragments { service, fragments in
            let url = await service.url
            func run(_ arguments: String...) async throws -> BuiltProgram.Result {
                try await service.program.run(
                    BuiltProgram.url,
                    ["fragments", "gate", "--endpoint", url] + arguments,
                    environment: ["TZ": "Asia/Kolkata"]
                )
            }
            let utc = try await run()
            #expect(utc.lines.dropFirst().first?.contains(" 2025-11-22T14:03:22.000Z ") == true)
            let local = try await run("--zone", "local")
            #expect(local.lines.dropFirst().first?.contains(" 2025-11-22T19:33:22.000+05:30 ") == true)
            // JSON is for programs: it does not depend on where they run.
            let json = try await run("--zone", "local", "--json")
            #expect(try json.decoded(FragmentLine.self) == fragments)
            #expect(try await run("--zone", "moon").status == 2)
        }
    }

    @Test(arguments: [
        (["put"], "put"), (["batch", "run", "gate"], "batch run"), (["fly", "away"], ""),
        (["fragments", "gate", "--zone", "moon"], "fragments"), (["watch", "gate", "--at", "noon"], "watch"),
    ])
    func wrongUsageIsOneLineThatNamesTheHelp(_ row: (arguments: [String], command: String)) async throws {
        let program = try BuiltProgram()
        let result = try await program.run(BuiltProgram.url, row.arguments)
        #expect(result.status == 2 && result.output.isEmpty)
        #expect(result.errors.hasPrefix("kinescope: ") && result.errors.filter { $0 == "\n" }.count == 1)
        let help = row.command.isEmpty ? "help" : "help \(row.command)"
        #expect(result.errors.contains("(try kinescope \(help)"), "\(result.errors)")
    }

    @Test func whatCannotBeWatchedIsToldBeforeTheScreensOpen() async throws {
        try await Self.withFragments { service, _ in
            let missing = try await service.run("watch", "gate", "attic")
            #expect(missing.status == 3 && missing.errors.contains("no stream named 'attic'"))
            // A wall shows a time that its streams share.
            #expect(try await service.run("watch", "gate", "--wall", "--at", "#1").status == 2)
            #expect(try await service.run("watch", "gate", "gate;quit").status == 2)
            // There is no terminal here.
            #expect(try await service.run("watch", "gate", "--wall").status == 8)
        }
    }

    @Test func damagedMediaEndsWithSeven() async throws {
        try await ServiceProcess.with { service in
            // A file type, and media data that nothing describes.
            let boxes: [(length: UInt8, text: String)] = [(20, "ftypisom\0\0\u{2}\0isom"), (8, "mdat")]
            let bytes: [UInt8] = boxes.flatMap { [0, 0, 0, $0.length] + Array($0.text.utf8) }
            let file = try service.program.home.write(bytes, to: "film.mp4")
            #expect(try await service.program.run("render", file, "--size", "30x9").status == 7)
            #expect(try await service.run("put", "film", file).status == 7)
        }
    }
}
