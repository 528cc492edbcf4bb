import Foundation
import KinescopeTesting
import KinesisVideo
import Matroska
import Testing

/// A producer outlives its service.
@Suite(.timeLimit(.minutes(2))) struct OutageTests {
    private static let ffmpeg = URL(filePath: "/usr/bin/ffmpeg")
    private static let hasFFmpeg = FileManager.default.isExecutableFile(atPath: ffmpeg.path)

    @Test(.enabled(if: hasFFmpeg, "there is no /usr/bin/ffmpeg"))
    func anUploadGoesOnWhereTheServiceWasKilled() async throws {
        try await ServiceProcess.with { service in
            let file = service.program.home.path("film.mkv")
            let made = try await service.program.run(
                Self.ffmpeg,
                [
                    "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=40",
                    "-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-bf", "0", file,
                ]
            )
            #expect(made.status == 0, "\(made.errors)")
            let source = try await service.program.run("inspect", "--json", file).decoded(InspectedChunk.self)
            let put = try await service.start("put", "film", file, "--realtime", "--json")
            try await service.wait { try await service.statistics("film")?.storedFragments ?? 0 >= 5 }
            let kept = try await service.fragments("film").map(\.fragmentNumber)
            await service.kill()
            try await service.start(isSamePort: true)
            #expect(await put.exitStatus() == 0, "\(put.errors)")
            #expect(put.errors.contains("goes on in") && put.errors.contains("the service answers again"))

            let chunks = try await service.media("film")
            #expect(Array(chunks.prefix(kept.count).map(\.number)) == kept)
            // What was not yet PERSISTED may be there twice, with the same time; nothing is missing.
            var seen: Set<Timestamp?> = []
            let frames = chunks.filter { seen.insert($0.producerTimestamp).inserted }.flatMap(\.frames)
            #expect(frames.map(\.data.count) == source.flatMap(\.frames).map(\.size))
            #expect(chunks.count - seen.count <= 3)
        }
    }
}
