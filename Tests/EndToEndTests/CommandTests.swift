import Foundation
import KinescopeTesting
import KinesisVideo
import Matroska
import Testing

/// The commands as scripts use them: files up, files down, exit statuses.
@Suite(.serialized, .timeLimit(.minutes(2))) struct CommandTests {
    private static let ffmpeg = URL(filePath: "/usr/bin/ffmpeg")
    private static let hasFFmpeg = FileManager.default.isExecutableFile(atPath: ffmpeg.path)

    /// Puts a file and compares what comes out again, frame by frame.
    private static func roundTrip(_ file: String, _ service: ServiceProcess) async throws {
        let put = try await service.run("put", "film", file, "--json")
        #expect(put.status == 0, "\(put.errors)")
        let counts = try #require(try put.decoded(UploadedMedia.self).first)
        let sent = counts.fragmentsSent
        #expect(counts.stream == "film" && sent > 0 && counts.fragmentsPersisted == sent)

        let media = try await service.run("get", "film", "-o", "-")
        #expect(media.status == 0, "\(media.errors)")
        let inspected = try await service.program.run("inspect", "--json", "-", input: media.output)
        #expect(inspected.status == 0, "\(inspected.errors)")
        let chunks = try inspected.decoded(InspectedChunk.self)
        #expect(chunks.count == sent)
        let source = try await service.program.run("inspect", "--json", file)
        let expected = try source.decoded(InspectedChunk.self).flatMap(\.frames)
        // Times are new; order, track and payload are not. MP4 has no chunks, so `inspect` cannot read that.
        guard !expected.isEmpty else { return }
        #expect(chunks.flatMap(\.frames).map(\.sha256) == expected.map(\.sha256))
        #expect(chunks.flatMap(\.frames).map(\.track) == expected.map(\.track))
    }

    @Test(arguments: [
        "h264-aac", "h264-bframes", "h264-gop4s", "h264-vfr", "h265", "h264-pcm", "h264-alaw", "h264-mulaw",
    ])
    func aFileComesBackFrameByFrame(name: String) async throws {
        try await ServiceProcess.with { service in
            try await Self.roundTrip(Captures.made.appending(path: "\(name).mkv").path, service)
        }
    }

    @Test(.enabled(if: Captures.real != nil, Comment(rawValue: Captures.realAreMissing)))
    func aRecordingComesBackFrameByFrame() async throws {
        let file = try #require(Captures.real).appending(path: "vogels_330.mkv")
        try await ServiceProcess.with { service in try await Self.roundTrip(file.path, service) }
    }

    @Test(.enabled(if: hasFFmpeg, "there is no /usr/bin/ffmpeg"))
    func anMP4IsUploadedWithoutReencoding() async throws {
        try await ServiceProcess.with { service in
            let source = Captures.made.appending(path: "h264-bframes.mkv").path
            let file = service.program.home.path("film.mp4")
            let made = try await service.program.run(
                Self.ffmpeg,
                ["-v", "error", "-i", source, "-map", "0:v", "-c", "copy", file]
            )
            #expect(made.status == 0, "\(made.errors)")
            #expect(try await service.run("put", "film", file, "--start", "2025-11-22T14:03:22Z").status == 0)

            let media = try await service.run("get", "film", "-o", "-").output
            let kept = try await service.program.run("inspect", "--json", "-", input: media).decoded(
                InspectedChunk.self
            )
            let sent = try await service.program.run("inspect", "--json", source).decoded(InspectedChunk.self)
            #expect(kept.flatMap(\.frames).map(\.sha256) == sent.flatMap(\.frames).map(\.sha256))
            #expect(kept.first?.frames.map(\.timecode).min() == 1_763_820_202_000)

            // One fetched fragment is a film of its own to other programs.
            var reader = ChunkReader()
            let end = reader.read(media.span).compactMap { event -> UInt64? in
                if case .completed(_, let end) = event { end } else { nil }
            }
            let length = Int(try #require(end.first))
            let fragment = try service.program.home.write(Array(media[..<length]), to: "fragment.mkv")
            let probe = try await service.program.run(
                URL(filePath: "/usr/bin/ffprobe"),
                [
                    "-v", "error", "-count_packets", "-show_entries", "stream=codec_name,nb_read_packets",
                    "-of", "csv=p=0", fragment,
                ]
            )
            let frames = try #require(kept.first?.frames.count)
            #expect(probe.text.contains("h264,\(frames)"), "\(probe.text) \(probe.errors)")
        }
    }

    @Test func whatHasJustBeenPutIsThereAtOnce() async throws {
        try await ServiceProcess.with { service in
            // The statistics feed, which may be half a second old, is made before anything is there.
            #expect(try await service.statistics("none") == nil)
            for (name, hours) in [("kept", 24), ("fleeting", 0)] {
                try await service.createStream(name, hours: hours)
                var body = ProducerBody()
                body.header()
                for index in 0..<3 { try body.videoCluster(at: UInt64(index) * 1000) }
                _ = try await RawConnection.putMedia(await service.url, name, body.bytes)
                #expect(try await service.media(name).count == 3, "\(name)")
            }
        }
    }

    @Test func getFromAMomentLaterThanAllMediaEndsAtOnce() async throws {
        try await ServiceProcess.with { service in
            try await service.createStream("gate")
            var body = ProducerBody()
            body.header()
            for index in 0..<3 { try body.videoCluster(at: 1_763_820_202_000 + UInt64(index) * 1000) }
            _ = try await RawConnection.putMedia(await service.url, "gate", body.bytes)
            let later = try await service.run("get", "gate", "-o", "-", "--from", "2025-11-22T14:03:30Z")
            #expect(later.status == 0 && later.output.isEmpty)
            let last = try await service.run("get", "gate", "-o", "-", "--from", "2025-11-22T14:03:24.050Z")
            #expect(ReceivedChunks.reading(last.output).count == 1)
            let first = try await service.run("get", "gate", "-o", "-", "--to", "2025-11-22T14:03:23Z")
            #expect(ReceivedChunks.reading(first.output).count == 2)
        }
    }

    @Test func exitStatusesSayWhatFailed() async throws {
        try await ServiceProcess.with { service in
            let program = service.program
            #expect(try await program.run("fly").status == 2)
            #expect(try await program.run("put").status == 2)
            #expect(try await program.run("serve", "--port", "-3").status == 2)
            #expect(try await program.run("streams", "--endpoint", "nowhere").status == 2)
            #expect(try await service.run("fragments", "none").status == 3)
            #expect(try await service.run("get", "none", "-o", "-").status == 3)
            #expect(try await service.run("put", "film", "/nonexistent/film.mp4").status == 3)
            #expect(try await program.run("inspect", "/nonexistent/film.mkv").status == 3)
            // Port 1 of loopback: nothing listens there.
            let unreachable = try await program.run("streams", "--endpoint", "http://127.0.0.1:1")
            #expect(unreachable.status == 5)
            #expect(
                unreachable.errors.hasPrefix("kinescope: ")
                    && unreachable.errors.filter { $0 == "\n" }.count == 1
            )
            let corrupt = Captures.hostile.appending(path: "trunc-block-body.mkv").path
            #expect(try await program.run("inspect", corrupt).status == 7)
            #expect(try await program.run("--help").status == 0)
        }
    }

    @Test func oneServiceAtATimeUsesAFolder() async throws {
        let home = try TemporaryFolder()
        let program = try BuiltProgram(home: home)
        let first = try program.start(["serve", "--port", "0", "--data-dir", home.path("data")])
        _ = await first.output.first { _ in true }
        let second = try await program.run("serve", "--port", "0", "--data-dir", home.path("data"))
        #expect(second.status == 1)
        #expect(second.errors.contains("in use"))
        first.send(SIGTERM)
        #expect(await first.exitStatus() == 0)
    }

    @Test(arguments: [SIGTERM, SIGINT, SIGHUP])
    func demoEndsOnASignalAndTakesItsFolderWithIt(signal: Int32) async throws {
        let program = try BuiltProgram()
        let temporary = program.home.path("temporary")
        try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
        let demo = try program.start(["demo", "--port", "0"], environment: ["TMPDIR": temporary])
        var text = ""
        for await part in demo.output {
            text += String(decoding: part, as: UTF8.self)
            if text.contains("listening on") { break }
        }
        // Cameras that are in the middle of an upload have to let go of it.
        let url = try #require(text.firstMatch(of: /listening on (\S+)/)).output.1
        var streams: [StreamStatistics] = []
        while streams.filter({ $0.receivedBytes ?? 0 > 0 }).count < 4 {
            let (_, body) = try await RawConnection.get(String(url), ServiceStatistics.path)
            streams = try JSONDecoder().decode(ServiceStatistics.self, from: Data(body)).streams
        }
        demo.send(signal)
        #expect(await demo.exitStatus() == 0, "\(demo.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary) == [])
    }
}

/// What `put --json` prints.
private struct UploadedMedia: Decodable {
    var stream: String
    var fragmentsSent: Int
    var fragmentsPersisted: Int
}
