import Foundation
import KinescopeTesting
import KinesisVideo
import Pixels
import Testing

extension TerminalEndToEndTests {
    /// Acknowledgements, marked fragments, comparison, tags, previews and other services, on a running service.
    struct ConsoleToolsTests {
        private static let ffprobe = URL(filePath: "/usr/bin/ffprobe")
        private static let hasFFprobe = FileManager.default.isExecutableFile(atPath: ffprobe.path)

        private static func openInspector(_ demo: DemoTerminal) async throws {
            try demo.terminal.press("d")
            _ = try await demo.terminal.wait(until: "acknowledged fragments") { screen in
                screen.rows.count { $0.contains(#/ P \d+\.\d s/#) } >= 3
            }
        }

        /// Closes what lies over the screen; a key that came along with Escape would be one with Alt.
        private static func escape(_ demo: DemoTerminal, from title: String) async throws {
            try demo.terminal.press("Escape")
            _ = try await demo.terminal.wait(until: "\(title) closed") { $0.row(containing: title) == nil }
        }

        @Test func theServiceTellsWhatItHasAcknowledged() async throws {
            try await DemoTerminal.with { demo in
                try await Self.openInspector(demo)
                try demo.terminal.press("a")
                let log = try await demo.terminal.wait(until: "log") { screen in
                    screen.row(containing: "Acknowledgements · front-door") != nil
                }
                for event in ["BUFFERING", "RECEIVED", "PERSISTED"] {
                    #expect(log.row(containing: event) != nil, "\(event)")
                }
                try await Self.escape(demo, from: "Acknowledgements · front-door")
                try demo.terminal.press("m")
                // A fragment lasts two seconds, and its acknowledgement counts from its first byte.
                _ = try await demo.terminal.wait(until: "map") { screen in
                    screen.row(containing: "map of the table") != nil
                        && screen.rows.contains { $0.contains("ack ≥1s") && $0.contains("█") }
                }
            }
        }

        @Test(.enabled(if: hasFFprobe, "there is no \(ffprobe.path)"))
        func markedFragmentsAloneAreSaved() async throws {
            try await DemoTerminal.with { demo in
                try await Self.openInspector(demo)
                // Those of the archive have another codec private, and no clip holds both.
                _ = try await demo.terminal.wait(until: "five live fragments", limit: .seconds(20)) {
                    screen in
                    screen.rows.count { $0.contains(#/ 14:(03:[2-5]|0[4-9]:).* P \d+\.\d s/#) } >= 5
                }
                // Two fragments with another between them.
                try demo.terminal.press("Up", "Up", "Up", "Up", "Space", "Down", "Space", "e")
                _ = try await demo.terminal.wait(until: "export") {
                    $0.row(containing: "2 chosen fragments") != nil
                }
                try demo.terminal.press("Enter")
                let saved = try await demo.terminal.wait(until: "toast") {
                    $0.row(containing: "✓ saved") != nil
                }
                let names = saved.rows.compactMap { $0.firstMatch(of: #/front-door-\S+\.mp4/#)?.output }
                let name = try #require(names.first)
                let probe = try await demo.program.run(
                    Self.ffprobe,
                    [
                        "-v", "error", "-select_streams", "v", "-show_entries", "stream=nb_frames", "-of",
                        "default=nw=1:nk=1", demo.program.home.path(String(name)),
                    ]
                )
                let frames = try #require(
                    Int(probe.text.trimmingCharacters(in: .whitespacesAndNewlines)),
                    "\(probe.text)"
                )
                // Two seconds each at 25 pictures a second.
                #expect(frames == 100)
            }
        }

        @Test func twoFragmentsAreComparedSideBySide() async throws {
            try await DemoTerminal.with { demo in
                try await Self.openInspector(demo)
                try demo.terminal.press("Up", "Up", "D")
                let screen = try await demo.terminal.wait(until: "comparison") { screen in
                    screen.title.contains("lines differ") && screen.row(containing: "ELEMENTS") != nil
                }
                #expect(screen.row(containing: "number")?.contains("≠") == true)
                try demo.terminal.press("Escape")
                _ = try await demo.terminal.wait(until: "table") { $0.title.contains("Fragments") }
            }
        }

        @Test func tagsAreChangedAndFilteredBy() async throws {
            try await DemoTerminal.with { demo in
                try demo.terminal.press("t")
                _ = try await demo.terminal.wait(until: "tags") {
                    $0.row(containing: "kinescope-demo") != nil
                }
                try demo.terminal.type("site=yard")
                _ = try await demo.terminal.wait(until: "the new tag") { screen in
                    screen.rows.contains { $0.contains(#/site +yard/#) }
                }
                try await Self.escape(demo, from: "Tags · front-door")
                try demo.terminal.press("/")
                try demo.terminal.type("tag:site=yard")
                _ = try await demo.terminal.wait(until: "one stream") {
                    $0.title.contains("Streams 1 of 7")
                }
            }
        }

        @Test func theSelectedStreamShowsItsPicture() async throws {
            try await DemoTerminal.with(.large) { demo in
                let screen = try await demo.terminal.wait(until: "a picture") { screen in
                    screen.row(containing: "key picture of #…") != nil
                        && screen.part(rows: 22..<33, columns: 0..<40).picture != nil
                }
                let part = screen.part(rows: 22..<33, columns: 0..<40)
                #expect(part.picture?.size.width == 38)
            }
        }

        @Test func anotherServiceIsShownAndTheDemoAgain() async throws {
            try await DemoTerminal.with { demo in
                let before = try await demo.endpoint()
                try demo.terminal.press(":")
                try demo.terminal.type("endpoint http://127.0.0.1:1")
                _ = try await demo.terminal.wait(until: "a service that is not there") {
                    $0.title.contains("local:1 ")
                }
                try demo.terminal.press(":")
                try demo.terminal.type("demo")
                _ = try await demo.terminal.wait(until: "seven streams") {
                    $0.title.contains("Streams 7 of 7")
                }
                #expect(!before.isEmpty)
            }
        }
    }
}
