import Foundation
import KinescopeTesting
import KinesisVideo
import Testing

/// `kinescope clip`, judged by ffprobe and by the frames that were sent.
@Suite(.serialized, .timeLimit(.minutes(2)), .enabled(if: Media.hasProbe, "there is no ffprobe"))
struct ClipCommandTests {
    private static let start = Timestamp(milliseconds: 1_763_820_202_000)

    private static func moment(_ milliseconds: Int64) -> String {
        start.advanced(byMilliseconds: milliseconds).rfc3339
    }

    /// Hashes of the packets of a file's pictures or sound, in its order.
    private static func hashes(_ file: String, _ stream: String, _ program: BuiltProgram) async throws
        -> [String]
    {
        let probe = try await program.run(
            Media.probe,
            [
                "-v", "error", "-select_streams", stream, "-show_entries", "packet=data_hash",
                "-show_data_hash", "sha256", "-of", "default=nw=1:nk=1", file,
            ]
        )
        #expect(probe.status == 0 && probe.errors.isEmpty, "\(probe.errors)")
        return probe.lines.map { String($0.dropFirst("SHA256:".count)) }
    }

    private static func duration(_ file: String, _ program: BuiltProgram) async throws -> Double {
        let probe = try await program.run(
            Media.probe,
            ["-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", file]
        )
        return try #require(Double(probe.text.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    private static func put(_ name: String, _ service: ServiceProcess) async throws -> [InspectedChunk] {
        let source = Captures.made.appending(path: "\(name).mkv").path
        let put = try await service.run("put", "film", source, "--start", moment(0))
        #expect(put.status == 0, "\(put.errors)")
        let media = try await service.run("get", "film", "-o", "-")
        return try await service.program.run("inspect", "--json", "-", input: media.output)
            .decoded(InspectedChunk.self)
    }

    @Test(arguments: [
        ("h264-aac", "mp4"), ("h264-aac", "mkv"), ("h264-bframes", "mp4"), ("h264-bframes", "mkv"),
        ("h265", "mp4"),
        ("h264-alaw", "mkv"),
    ])
    func aClipHoldsTheFramesThatWereSent(name: String, container: String) async throws {
        try await ServiceProcess.with { service in
            let chunks = try await Self.put(name, service)
            let file = service.program.home.path("clip.\(container)")
            let clip = try await service.run(
                "clip",
                "film",
                "--from",
                Self.moment(0),
                "--to",
                Self.moment(3_600_000),
                "-o",
                file,
                "--json"
            )
            #expect(clip.status == 0, "\(clip.errors)")
            let report = try #require(try clip.decoded(WrittenClip.self).first)
            #expect(report.fragments == chunks.count)
            #expect(report.gaps.isEmpty)
            let frames = chunks.flatMap(\.frames)
            for (track, stream) in [(1, "v"), (2, "a")] {
                let sent = frames.filter { $0.track == track }.map(\.sha256)
                guard !sent.isEmpty else { continue }
                let kept = try await Self.hashes(file, stream, service.program)
                // Sound before the first picture is left out: at most what a decoder of it needs to start.
                #expect(kept == sent.suffix(kept.count), "\(stream)")
                #expect(sent.count - kept.count <= (stream == "v" ? 0 : 2), "\(stream)")
            }
            let length = try await Self.duration(file, service.program)
            #expect(abs(length - Double(report.lengthMilliseconds) / 1000) < 0.2)
            #expect(!FileManager.default.fileExists(atPath: file + ".part"))
        }
    }

    @Test func anExactCutIsAsLongAsItsRange() async throws {
        try await ServiceProcess.with { service in
            _ = try await Self.put("h264-aac", service)
            let file = service.program.home.path("clip.mp4")
            let clip = try await service.run(
                "clip",
                "film",
                "--from",
                Self.moment(700),
                "--to",
                Self.moment(1900),
                "-o",
                file,
                "--precise"
            )
            #expect(clip.status == 0, "\(clip.errors)")
            #expect(abs(try await Self.duration(file, service.program) - 1.2) < 0.11)
        }
    }

    @Test func refusalsSayWhatToTryAndLeaveNoFile() async throws {
        try await ServiceProcess.with { service in
            _ = try await Self.put("h264-alaw", service)
            let (from, to) = (Self.moment(0), Self.moment(60_000))
            let home = service.program.home
            func run(_ arguments: String...) async throws -> (Int32, String) {
                let result = try await service.program.run(
                    BuiltProgram.url,
                    ["clip"] + arguments + ["--endpoint", await service.url]
                )
                return (result.status, result.errors)
            }
            let unsuitable = try await run("film", "--from", from, "--to", to, "-o", home.path("a.mp4"))
            #expect(unsuitable.0 == 1)
            #expect(unsuitable.1.contains("try mkv"))
            #expect(try await run("none", "--from", from, "--to", to, "-o", home.path("b.mp4")).0 == 3)
            #expect(try await run("film", "--from", to, "--to", from, "-o", home.path("c.mp4")).0 == 2)
            #expect(try await run("film", "--from", from, "--to", to, "-o", home.path("d.avi")).0 == 2)
            #expect(
                try await run("film", "--from", from, "--to", to, "-o", home.path("e.mkv"), "--precise").0
                    == 2
            )
            let later = Self.moment(900_000_000)
            #expect(
                try await run(
                    "film",
                    "--from",
                    "2025-12-01T00:00:00Z",
                    "--to",
                    later,
                    "-o",
                    home.path("f.mp4")
                ).0 == 3
            )
            let names = try FileManager.default.contentsOfDirectory(atPath: home.path)
            #expect(names.allSatisfy { !$0.contains(".mp4") && !$0.contains(".mkv") }, "\(names)")
        }
    }
}

/// The program that judges.
private enum Media {
    static let probe = URL(filePath: "/usr/bin/ffprobe")
    static let hasProbe = FileManager.default.isExecutableFile(atPath: probe.path)
}

/// What `clip --json` prints.
private struct WrittenClip: Decodable {
    struct Gap: Decodable {}

    var fragments: Int
    var lengthMilliseconds: Int64
    var gaps: [Gap]
}
