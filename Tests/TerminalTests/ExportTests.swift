import Foundation
import KinescopeTesting
import KinesisVideo
import Testing

extension TerminalEndToEndTests {
    /// Files that leave the player.
    struct ExportTests {
        private static let ffprobe = URL(filePath: "/usr/bin/ffprobe")
        private static let hasFFprobe = FileManager.default.isExecutableFile(atPath: ffprobe.path)

        /// Marks 30 s of the archive.
        private static func mark(_ demo: DemoTerminal) async throws {
            try await demo.waitForArchive(seconds: 420)
            try await demo.openLive()
            try await demo.goTo("-5m")
            let start = try await demo.pause()
            try demo.terminal.press("I")
            try demo.terminal.press("Right", times: 6)
            try await demo.terminal.wait(for: "30 s on") { screen in
                demo.isExact(screen) && demo.pictureTime(screen)?.milliseconds == start + 30_000 ? true : nil
            }
            try demo.terminal.press("O")
            // The first mark may lie to the left of what the timeline shows; the export tells of both.
            try await demo.terminal.wait(for: "the second mark") { screen in
                screen.row(demo.size.rail).contains("]") ? true : nil
            }
        }

        @Test(.enabled(if: hasFFprobe, "there is no \(ffprobe.path)"), arguments: TerminalSize.both)
        func markedClipIsSavedWithoutReencoding(size: TerminalSize) async throws {
            try await DemoTerminal.with(size) { demo in
                try await Self.mark(demo)
                try demo.terminal.press("e")
                let dialog = try await demo.terminal.wait(until: "export") { screen in
                    screen.rows.contains { $0.contains("Export · front-door") }
                        && screen.rows.contains { $0.contains(#/30 s +1[5-7] fragments/#) }
                }
                let names = dialog.rows.compactMap { $0.firstMatch(of: #/front-door-\S+\.mp4/#)?.output }
                let name = try #require(names.first)
                try demo.terminal.press("Enter")
                let saved = try await demo.terminal.wait(until: "toast") { screen in
                    screen.rows.contains { $0.contains("✓ saved") }
                }
                #expect(saved.rows.contains { $0.contains("no gaps") })
                let probe = try await demo.program.run(
                    Self.ffprobe,
                    [
                        "-v", "error", "-select_streams", "v", "-show_entries",
                        "format=duration:stream=codec_name,width,nb_frames", "-of", "default=nw=1",
                        demo.program.home.path(String(name)),
                    ]
                )
                #expect(probe.status == 0 && probe.errors.isEmpty, "\(probe.errors)")
                #expect(probe.text.contains("codec_name=h264"))
                #expect(probe.text.contains("width=640"))
                let duration = try #require(probe.text.firstMatch(of: #/duration=([0-9.]+)/#)?.output.1)
                #expect(abs(try #require(Double(duration)) - 30) <= 2.1, "\(probe.text)")
            }
        }

        @Test(arguments: TerminalSize.both)
        func snapshotIsAPictureInFullSize(size: TerminalSize) async throws {
            try await DemoTerminal.with(size) { demo in
                try await demo.openLive()
                try demo.terminal.press("s")
                let toast = try await demo.terminal.wait(for: "toast") { screen in
                    screen.rows.lazy.compactMap {
                        $0.firstMatch(of: #/saved (\S+\.png) · 640×360/#)?.output.1
                    }
                    .first.map(String.init)
                }
                let bytes = [UInt8](try Data(contentsOf: demo.program.home.url.appending(path: toast)))
                #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
                // IHDR: width and height behind signature, length and name.
                #expect(bytes[16..<24].elementsEqual([0, 0, 2, 128, 0, 0, 1, 104]))
            }
        }

        @Test(arguments: TerminalSize.both)
        func nextStreamOpensAtTheSameTime(size: TerminalSize) async throws {
            try await DemoTerminal.with(size) { demo in
                try await demo.waitForArchive(seconds: 420)
                try await demo.openLive()
                try await demo.goTo("-5m")
                let place = try await demo.pause()
                // Up the list, past those that have nothing to show.
                for name in ["test-rig", "roof"] {
                    try demo.terminal.press("N")
                    _ = try await demo.terminal.wait(until: name) { $0.title.hasPrefix(" \(name) ") }
                }
                try demo.terminal.press("N")
                let screen = try await demo.terminal.wait(until: "another stream at that time") { screen in
                    screen.title.hasPrefix(" lobby ") && demo.isExact(screen)
                }
                let time = try #require(demo.pictureTime(screen)).milliseconds
                #expect(abs(time - place) < 5_000)
            }
        }
    }
}
