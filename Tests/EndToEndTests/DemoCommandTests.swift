import Glibc
import KinescopeTesting
import Testing

/// The demo behind a pipe: a service with sample cameras.
@Suite(.timeLimit(.minutes(2))) struct DemoCommandTests {
    @Test func streamsAreInTheSameStatesAfterAStop() async throws {
        let program = try BuiltProgram()
        for _ in 0..<2 {
            let demo = try program.start(["demo", "--port", "0", "--data-dir", program.home.path("demo")])
            var text = ""
            for await part in demo.output {
                text += String(decoding: part, as: UTF8.self)
                if text.contains("\n") { break }
            }
            let line = try #require(text.split(separator: "\n").first, "\(demo.errors)")
            let url = String(line.trimmingPrefix("listening on "))
            let list = try await program.run("streams", "--endpoint", url)
            #expect(list.lines.count == 8)
            // A service that starts makes ACTIVE what was CREATING; this one is to stay as it is.
            for row in list.lines.dropFirst() {
                #expect(row.contains(row.hasPrefix("test-rig ") ? " CREATING " : " ACTIVE "), "\(row)")
            }
            demo.send(SIGTERM)
            #expect(await demo.exitStatus() == 0)
        }
    }

    @Test func aClipGoesOverTheStartOfTheDemo() async throws {
        let program = try BuiltProgram()
        let demo = try program.start(["demo", "--port", "0", "--clock", "2025-11-22T14:03:22Z"])
        var text = ""
        for await part in demo.output {
            text += String(decoding: part, as: UTF8.self)
            if text.contains("\n") { break }
        }
        let line = try #require(text.split(separator: "\n").first, "\(demo.errors)")
        let url = String(line.trimmingPrefix("listening on "))
        // From before the start, which was made ahead, to what the camera has sent since.
        var times: [String] = []
        while times.first != "2025-11-22T14:03:14.000Z" || (times.last ?? "") < "2025-11-22T14:03:26" {
            let list = try await program.run(
                "fragments",
                "lobby",
                "--from",
                "2025-11-22T14:03:14Z",
                "--json",
                "--endpoint",
                url
            )
            times = try list.decoded(FragmentLine.self).map(\.producerTimestamp).sorted()
        }
        let clip = try await program.run(
            "clip",
            "lobby",
            "--from",
            "2025-11-22T14:03:16Z",
            "--to",
            "2025-11-22T14:03:26Z",
            "-o",
            program.home.path("clip.mp4"),
            "--endpoint",
            url
        )
        #expect(clip.status == 0, "\(clip.errors)")
        #expect(clip.text.contains(" of 5 fragments"), "\(clip.text)")
        demo.send(SIGTERM)
        #expect(await demo.exitStatus() == 0)
    }
}
