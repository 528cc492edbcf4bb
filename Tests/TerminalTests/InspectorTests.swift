import Foundation
import KinescopeTesting
import KinesisVideo
import Testing

extension TerminalEndToEndTests {
    /// The inspector, against what another program says of the same bytes.
    struct InspectorTests {
        private static let ffprobe = URL(filePath: "/usr/bin/ffprobe")
        private static let hasFFprobe = FileManager.default.isExecutableFile(atPath: ffprobe.path)

        /// What another program says of a fragment.
        private struct Probe {
            var bytes: [UInt8]
            var sizes: [Int]
            var types: String
            var profile: String
            var size: String

            init(_ bytes: [UInt8], _ text: String) throws {
                self.bytes = bytes
                let lines = text.split(separator: "\n")
                func values(_ name: String) -> [String] {
                    lines.filter { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
                }
                sizes = values("size").compactMap { Int($0) }
                types = values("pict_type").joined()
                profile = try #require(values("profile").first)
                size = "\(try #require(values("width").first))x\(try #require(values("height").first))"
            }
        }

        /// Fetches the fragment whose number ends as the selected row tells.
        private static func probe(_ demo: DemoTerminal, _ tail: String, _ endpoint: String) async throws
            -> Probe
        {
            let listed = try await demo.program.run(
                "fragments",
                "front-door",
                "--json",
                "--endpoint",
                endpoint
            )
            let numbers = listed.lines.flatMap { $0.matches(of: #/"(\d{47})"/#).map { String($0.output.1) } }
            let number = try #require(numbers.first { $0.hasSuffix(tail) }, "\(listed.lines.prefix(2))")
            let split = """
                {"split":0,"stream":"front-door","endpoint":"\(endpoint)","region":"local-1",\
                "fragments":["\(number)"],"bytes":1,"start":"2025-11-22T14:00:00Z","end":"2025-11-22T14:00:00Z"}
                """
            let file = demo.program.home.path("fragment.mkv")
            let fetched = try await demo.program.run(
                "batch",
                "fetch",
                try demo.program.home.write(Array(split.utf8), to: "split.json"),
                "-o",
                file
            )
            #expect(fetched.status == 0, "\(fetched.errors)")
            let probed = try await demo.program.run(
                ffprobe,
                [
                    "-v", "error", "-select_streams", "v", "-show_entries",
                    "packet=size:frame=pict_type:stream=profile,width,height", "-of", "default=nw=1", file,
                ]
            )
            return try Probe([UInt8](try Data(contentsOf: URL(filePath: file))), probed.text)
        }

        private static func grouped(_ count: Int) -> String {
            var text = String(count)
            for place in stride(from: text.count - 3, to: 0, by: -3) {
                text.insert(" ", at: text.index(text.startIndex, offsetBy: place))
            }
            return text
        }

        @Test(.enabled(if: hasFFprobe, "there is no \(ffprobe.path)"))
        func fragmentUnderThePlayheadIsWhatAnotherProgramSaysItIs() async throws {
            try await DemoTerminal.with { demo in
                let endpoint = try await demo.endpoint()
                try await demo.waitForArchive(seconds: 360)
                try await demo.openLive()
                try await demo.goTo("-5m")
                let place = Timestamp(milliseconds: try await demo.pause())
                try demo.terminal.press("d")
                try demo.terminal.press("5")
                let frames = try await demo.terminal.wait(until: "frames") { screen in
                    screen.row(containing: "frame 1 of ") != nil && screen.row(containing: "▸ #…") != nil
                }
                let row = try #require(frames.row(containing: "▸ #…")?.firstMatch(of: #/#…(\d{10}) +(\S+)/#))
                // The fragment's start is at most its two seconds ahead of the frame.
                let start = String(row.output.2)
                let day = place.rfc3339.prefix { $0 != "T" }
                let selected = try #require(Timestamp(rfc3339: "\(day)T\(start)Z"))
                #expect((0..<2000).contains(place.milliseconds - selected.milliseconds))

                let probe = try await Self.probe(demo, String(row.output.1), endpoint)
                #expect(!probe.sizes.isEmpty && probe.sizes.count == probe.types.count)
                #expect(frames.row(containing: "frame 1 of \(probe.sizes.count) · I · key") != nil)
                #expect(frames.rows.contains { $0.contains("       \(probe.types)") })
                let total = "\(Self.grouped(probe.sizes.reduce(0, +))) B in 2.000 s"
                #expect(frames.row(containing: total) != nil, "\(total): \(frames.rows)")
                #expect(frames.row(containing: "· \(Self.grouped(probe.sizes[0])) B ·") != nil)

                try demo.terminal.press("4")
                let tracks = try await demo.terminal.wait(until: "tracks") {
                    $0.row(containing: "profile") != nil
                }
                #expect(tracks.row(containing: "profile")?.contains(probe.profile) == true)
                #expect(tracks.row(containing: "picture")?.contains(probe.size) == true)

                try demo.terminal.press("6", "Tab", "Home")
                let hexLine = #/^ ([0-9A-F]{6})  ((?:[0-9A-F]{2} ){15}[0-9A-F]{2}) /#
                // A look may fall into the middle of a write.
                let hex = try await demo.terminal.wait(until: "bytes") { screen in
                    let lines = screen.rows.count { $0.firstMatch(of: hexLine) != nil }
                    return screen.row(containing: "EBML @0") != nil && lines >= 8
                }
                let lines = hex.rows.compactMap { $0.firstMatch(of: hexLine) }
                for line in lines {
                    let offset = try #require(Int(line.output.1, radix: 16))
                    let shown = line.output.2.split(separator: " ").compactMap { UInt8($0, radix: 16) }
                    #expect(shown == Array(probe.bytes[offset..<offset + 16]))
                }
                // Back to the frame that was left.
                try demo.terminal.press("Escape")
                _ = try await demo.terminal.wait(until: "player") { screen in
                    demo.isExact(screen) && demo.pictureTime(screen) == place
                }
            }
        }

        @Test func filesAreInspectedByCommand() async throws {
            try await DemoTerminal.with { demo in
                let file = Captures.made.appending(path: "getmedia-av.mkv").path
                try demo.terminal.press(":")
                try demo.terminal.type("inspect \(file)")
                let screen = try await demo.terminal.wait(until: "summary") { screen in
                    screen.row(containing: "Constrained Baseline") != nil
                }
                #expect(screen.title.contains("getmedia-av.mkv"))
                #expect(screen.row(containing: "faults")?.contains("none") == true)
            }
        }
    }
}
