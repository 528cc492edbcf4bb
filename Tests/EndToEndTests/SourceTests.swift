import Foundation
import KinescopeTesting
import KinesisVideo
import Matroska
import Testing

/// What `put` takes beside files.
@Suite(.timeLimit(.minutes(3))) struct SourceTests {
    private static let ffmpeg = URL(filePath: "/usr/bin/ffmpeg")
    private static let hasFFmpeg = FileManager.default.isExecutableFile(atPath: ffmpeg.path)
    private static let python = URL(filePath: "/usr/bin/python3")
    private static let scripts = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "Scripts"
    )

    /// Makes a film of ten pictures a key frame.
    private static func film(
        _ program: BuiltProgram,
        _ name: String = "film.mkv",
        seconds: Int = 20,
        codec: [String] = ["libx264", "-preset", "ultrafast", "-bf", "0"]
    ) async throws -> String {
        let file = program.home.path(name)
        let made = try await program.run(
            ffmpeg,
            [
                "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=\(seconds)", "-g",
                "10", "-c:v",
            ] + codec + [file]
        )
        try #require(made.status == 0, "\(made.errors)")
        return file
    }

    /// True where GStreamer's RTSP server can be used from the system's Python.
    private static func hasRTSPServer(_ program: BuiltProgram) async throws -> Bool {
        let script = scripts.appending(path: "rtsp_server.py").path
        let result = try await program.run(python, [script])
        if result.status != 0 {
            print(
                "left out: no RTSP server (gir1.2-gst-rtsp-server-1.0, python3-gi, gstreamer1.0-plugins-good)"
            )
        }
        return result.status == 0
    }

    private static func firstLine(_ program: RunningProgram) async -> String {
        var text = ""
        for await part in program.output {
            text += String(decoding: part, as: UTF8.self)
            if let line = text.split(separator: "\n", omittingEmptySubsequences: false).first,
                text.contains("\n")
            {
                return String(line)
            }
        }
        return ""
    }

    private static func serveRTSP(_ program: BuiltProgram, _ file: String, port: String = "0") async throws
        -> (server: RunningProgram, port: String)
    {
        let script = scripts.appending(path: "rtsp_server.py").path
        let server = try program.launch(python, [script, file, port])
        return (server, await firstLine(server))
    }

    @Test(.enabled(if: hasFFmpeg, "there is no /usr/bin/ffmpeg"), arguments: ["tcp", "udp"])
    func anRTSPServerIsCopiedAndFoundAgain(transport: String) async throws {
        try await ServiceProcess.with { service in
            guard try await Self.hasRTSPServer(service.program) else { return }
            let file = try await Self.film(service.program)
            let source = try await service.program.run("inspect", "--json", file).decoded(InspectedChunk.self)
            let sizes = source.flatMap(\.frames).map(\.size)
            let (server, port) = try await Self.serveRTSP(service.program, file)
            let put = try await service.start(
                "put",
                "yard",
                "rtsp://127.0.0.1:\(port)/yard",
                "--rtsp-transport",
                transport,
                "--source-timeout",
                "3"
            )
            try await service.wait { try await service.statistics("yard")?.storedFragments ?? 0 >= 4 }
            let before = try await service.media("yard")
            #expect(before.allSatisfy { $0.frames.first?.isKey ?? false && $0.frames.count == 10 })
            // Nothing was encoded: the slices are those of the file, though parameter sets may stand ahead of them.
            let slices = before.flatMap(\.frames).filter { !$0.isKey }.map(\.data.count)
            #expect(slices.allSatisfy(Set(sizes).contains), "\(slices)")

            server.send(SIGKILL)
            await server.exitStatus()
            let again = try await Self.serveRTSP(service.program, file, port: port)
            let stored = before.count
            try await service.wait {
                try await service.statistics("yard")?.storedFragments ?? 0 >= stored + 6
            }
            #expect(put.errors.contains("opened again"), "\(put.errors)")
            put.send(SIGINT)
            #expect(await put.exitStatus() == 130)
            let times = try await service.media("yard").compactMap(\.producerTimestamp)
            #expect(times == times.sorted() && Set(times).count == times.count)
            again.server.send(SIGKILL)
        }
    }

    @Test(.enabled(if: hasFFmpeg, "there is no /usr/bin/ffmpeg"))
    func whatAnHTTPServerSendsIsSentLikeAFile() async throws {
        try await ServiceProcess.with { service in
            let file = try await Self.film(service.program)
            let folder = URL(filePath: file).deletingLastPathComponent().path
            let server = try service.program.launch(
                Self.python,
                ["-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", folder]
            )
            let line = await Self.firstLine(server)
            let port = try #require(line.firstMatch(of: /port (\d+)/)?.1)
            let put = try await service.run("put", "web", "http://127.0.0.1:\(port)/film.mkv")
            #expect(put.status == 0, "\(put.errors)")
            let source = try await service.program.run("inspect", "--json", file).decoded(InspectedChunk.self)
            let frames = try await service.media("web").flatMap(\.frames)
            #expect(frames.map(\.data.count) == source.flatMap(\.frames).map(\.size))
            server.send(SIGKILL)
        }
    }

    @Test func aServerThatSaysNothingIsGivenUp() async throws {
        let silent = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(silent) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(silent, pointer, length) == 0 && listen(silent, 4) == 0
                    && getsockname(silent, pointer, &length) == 0
            }
        }
        try #require(bound)
        let port = UInt16(bigEndian: address.sin_port)
        try await ServiceProcess.with { service in
            for url in ["http://127.0.0.1:\(port)/film.mkv", "rtsp://127.0.0.1:\(port)/yard"] {
                let put = try await service.run("put", "silent", url, "--source-timeout", "1")
                #expect(put.status == 5, "\(url): \(put.errors)")
                #expect(put.errors.contains("nothing came for"), "\(put.errors)")
            }
        }
    }

    @Test func theTestCardIsSentAtItsRateUntilInterrupted() async throws {
        try await ServiceProcess.with { service in
            let put = try await service.start("put", "card", "testcard:160x90@10")
            try await service.wait { try await service.statistics("card")?.storedFragments ?? 0 >= 2 }
            put.send(SIGINT)
            #expect(await put.exitStatus() == 130)
            let chunks = try await service.media("card")
            #expect(chunks.first?.frames.count == 20)
            let wrong = try await service.run("put", "card", "testcard:161x90")
            #expect(wrong.status == 2 && wrong.errors.contains("testcard:640x360@25"))
        }
    }

    @Test(.enabled(if: hasFFmpeg, "there is no /usr/bin/ffmpeg"))
    func severalSourcesAreSentSideBySideAndOneThatFailsStopsNoOther() async throws {
        try await ServiceProcess.with { service in
            let file = try await Self.film(service.program, seconds: 2)
            let old = try await Self.film(service.program, "old.mkv", seconds: 2, codec: ["mpeg2video"])
            let put = try await service.run("put", "a", file, "b", "/nowhere/film.mkv", "c", old, "--json")
            #expect(put.status == 3, "\(put.errors)")
            #expect(put.errors.contains("b: cannot upload /nowhere/film.mkv"))
            #expect(put.errors.contains("track 1 (mpeg2video) is encoded as H.264"))
            for stream in ["a", "c"] {
                let frames = try await service.media(stream).flatMap(\.frames)
                #expect(frames.count == 50, "\(stream)")
            }
            let odd = try await service.run("put", "a", file, "b")
            #expect(odd.status == 2)
        }
    }
}
