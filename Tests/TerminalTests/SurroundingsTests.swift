import Foundation
import KinescopeTesting
import Pixels
import Testing

extension TerminalEndToEndTests {
    struct SurroundingsTests {
        @Test func everySizeShowsAWholeScreenWhileItPlays() async throws {
            try await DemoTerminal.with(.large) { demo in
                try await demo.openLive()
                try demo.terminal.resize(columns: 38, rows: 10)
                let small = try await demo.terminal.wait(until: "message") {
                    $0.title.contains("needs 40×12")
                }
                #expect(small.title == " needs 40×12 · is 38×10 · q quits")
                #expect(small.rows.dropFirst().filter { !$0.isEmpty } == [])
                try demo.terminal.resize(columns: 80, rows: 24)
                let screen = try await demo.terminal.wait(until: "picture") { screen in
                    screen.title.contains("● LIVE")
                        && screen.picture?.size == PixelSize(width: 64, height: 36)
                }
                // Beside the picture is nothing but the terminal's own background.
                for row in screen.cells[1...18] {
                    let outside = row.prefix(8) + row.dropFirst(72)
                    #expect(outside.allSatisfy { $0.character == " " && $0.background == nil })
                }
                #expect(screen.footer.hasSuffix("? help"))
                try await demo.expectClockAgreesWithPicture()
            }
        }

        @Test func withoutColoursAndUnicodeOutputIsPlainASCII() async throws {
            let plain = ["NO_COLOR": "1", "LANG": "C", "LC_ALL": "C", "COLORTERM": ""]
            try await DemoTerminal.with(environment: plain, copiesOutput: true) { demo in
                // Every state is told by a word.
                try await demo.terminal.wait(for: "states") { screen in
                    let words = ["live", "idle", "error", "new"]
                    return words.allSatisfy { word in screen.rows.contains { $0.contains(" \(word) ") } }
                        ? true : nil
                }
                for key in ["?", "L", ":"] {
                    try demo.terminal.press(key)
                    let title = ["?": "Help", "L": "Log", ":": "Command"][key] ?? ""
                    try await demo.terminal.wait(for: title) {
                        $0.rows.contains { $0.contains("-- \(title)") } ? true : nil
                    }
                    try demo.terminal.press("Escape")
                    try await demo.terminal.wait(for: "list") {
                        $0.rows.contains { $0.contains("-- \(title)") } ? nil : true
                    }
                }
                try demo.terminal.press("Enter")
                try await demo.terminal.wait(for: "live") { $0.title.contains("LIVE") ? true : nil }
                try await demo.terminal.wait(for: "picture") { screen in
                    screen.rows[4...14].allSatisfy { $0.count > 40 } ? true : nil
                }
                let bytes = [UInt8](try Data(contentsOf: demo.program.home.url.appending(path: "output")))
                #expect(bytes.count > 2_000)
                #expect(bytes.allSatisfy { $0 < 0x80 })
                let text = String(decoding: bytes, as: UTF8.self)
                // Attributes of one digit only: 3x, 4x, 9x and 10x would be colours.
                #expect(!text.contains(#/\u{1B}\[[0-9;]*\b(3|4|9|10)\d[0-9;]*m/#))
            }
        }

        @Test func dumbTerminalIsRefused() async throws {
            let program = try BuiltProgram()
            try await Terminal.with(columns: 80, rows: 24, home: program.home) { terminal in
                try terminal.type("TERM=dumb \(DemoTerminal.command); echo status $?")
                let status = try await terminal.wait(for: "exit status") { screen in
                    screen.rows.first { $0.hasPrefix("status ") }
                }
                #expect(status == "status 8")
            }
        }

        @Test func listBehindAPipeIsText() async throws {
            let result = try await BuiltProgram().run()
            #expect(result.status == 0, "\(result.errors)")
            #expect(!result.output.contains(0x1B))
        }

        @Test(arguments: ["q", "Q", "SIGTERM", "SIGHUP", "SIGINT"])
        func terminalIsLeftAsItWas(end: String) async throws {
            let program = try BuiltProgram()
            try await Terminal.with(columns: 80, rows: 24, home: program.home) { terminal in
                let (before, after) = (program.home.path("before"), program.home.path("after"))
                // The process id is the shell's own once it has become the program.
                try terminal.type(
                    "stty -a > '\(before)'; sh -c 'echo $$ > \(program.home.path("pid")); exec \(DemoTerminal.command)'; stty -a > '\(after)'; echo ended"
                )
                try await terminal.wait(for: "list") { $0.title.contains("Streams 7 of 7") ? true : nil }
                #expect(try terminal.value("cursor_flag") == "0")
                #expect(try terminal.value("alternate_on") == "1")
                if end.hasPrefix("SIG") {
                    let text = try String(
                        contentsOf: URL(filePath: program.home.path("pid")),
                        encoding: .utf8
                    )
                    let signals = ["SIGTERM": SIGTERM, "SIGHUP": SIGHUP, "SIGINT": SIGINT]
                    let process = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
                    let number = try #require(signals[end])
                    #expect(kill(process, number) == 0)
                } else {
                    try terminal.press(end)
                }
                try await terminal.wait(for: "shell") { $0.rows.contains("ended") ? true : nil }
                #expect(try terminal.value("cursor_flag") == "1")
                #expect(try terminal.value("alternate_on") == "0")
                #expect(try terminal.value("mouse_any_flag") == "0")
                let settings = try [before, after].map { try String(contentsOfFile: $0, encoding: .utf8) }
                #expect(settings[0] == settings[1])
            }
        }
    }
}
