import Foundation
import KinescopeTesting
import KinesisVideo
import Matroska
import Testing

/// A producer that is killed while its service is away.
@Suite(.timeLimit(.minutes(3))) struct SpoolCommandTests {
    private static let ffmpeg = URL(filePath: "/usr/bin/ffmpeg")
    private static let hasFFmpeg = FileManager.default.isExecutableFile(atPath: ffmpeg.path)

    private static func film(_ program: BuiltProgram, _ name: String, seconds: Int) async throws -> String {
        let file = program.home.path(name)
        let made = try await program.run(
            ffmpeg,
            [
                "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=\(seconds)",
                "-c:v",
                "libx264", "-preset", "ultrafast", "-g", "10", "-bf", "0", file,
            ]
        )
        try #require(made.status == 0, "\(made.errors)")
        return file
    }

    private static func spooled(_ folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".fragment") }
    }

    @Test(.enabled(if: hasFFmpeg, "there is no /usr/bin/ffmpeg"))
    func whatAKilledProducerLeftIsSentByTheNextAndNothingTwice() async throws {
        try await ServiceProcess.with { service in
            let film = try await Self.film(service.program, "film.mkv", seconds: 60)
            let short = try await Self.film(service.program, "short.mkv", seconds: 4)
            let spool = service.program.home.path("spool")
            let folder = spool + "/yard"
            let first = try await service.start("put", "yard", film, "--realtime", "--spool", spool)
            try await service.wait { try await service.statistics("yard")?.storedFragments ?? 0 >= 5 }
            let kept = try await service.fragments("yard").map(\.fragmentNumber)
            await service.kill()
            try await FileChange.wait(in: folder) { Self.spooled(folder).count >= 12 }
            first.send(SIGKILL)
            #expect(await first.exitStatus() == 128 + SIGKILL)
            let left = Self.spooled(folder).count
            #expect(left >= 12)

            try await service.start(isSamePort: true)
            let second = try await service.run(
                "put",
                "yard",
                short,
                "--start",
                "2020-01-01T00:00:00Z",
                "--spool",
                spool,
                "--json"
            )
            #expect(second.status == 0, "\(second.errors)")
            #expect(second.errors.contains("fragments wait in the spool"))
            #expect(Self.spooled(folder).isEmpty)

            // What the first producer put: every frame up to the moment it was killed, each fragment once but for those
            // whose acknowledgement was under way when the service died.
            let year = try #require(Timestamp(rfc3339: "2021-01-01T00:00:00Z"))
            let chunks = try await service.media("yard").filter {
                $0.producerTimestamp.map { $0 > year } ?? false
            }
            #expect(Array(chunks.prefix(kept.count).map(\.number)) == kept)
            var seen: Set<Timestamp?> = []
            let once = chunks.filter { seen.insert($0.producerTimestamp).inserted }
            #expect(chunks.count - once.count <= 3)
            let sizes = try await service.program.run("inspect", "--json", film)
                .decoded(InspectedChunk.self).flatMap(\.frames).map(\.size)
            let stored = once.sorted {
                ($0.producerTimestamp?.milliseconds ?? 0) < ($1.producerTimestamp?.milliseconds ?? 0)
            }
            .flatMap(\.frames).map(\.data.count)
            #expect(stored == Array(sizes.prefix(stored.count)))
            #expect(once.count >= kept.count + left - 3)
            let news = try await service.media("yard").filter {
                $0.producerTimestamp.map { $0 < year } ?? false
            }
            #expect(news.flatMap(\.frames).count == 100)
        }
    }

    @Test(.enabled(if: hasFFmpeg, "there is no /usr/bin/ffmpeg"))
    func twoProducersDoNotShareASpool() async throws {
        try await ServiceProcess.with { service in
            let film = try await Self.film(service.program, "film.mkv", seconds: 60)
            let spool = service.program.home.path("spool")
            let first = try await service.start("put", "yard", film, "--realtime", "--spool", spool)
            try await service.wait { try await service.statistics("yard")?.storedFragments ?? 0 >= 1 }
            let second = try await service.run("put", "yard", film, "--spool", spool)
            #expect(second.status == 1 && second.errors.contains("held by another producer"))
            first.send(SIGKILL)
        }
    }
}
