import Foundation
import KinescopeTesting
import Testing

extension TerminalEndToEndTests {
    /// The screen behind a way that takes in little, as over a slow SSH connection.
    struct SlowTerminalTests {
        private static let script = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Scripts/slow_terminal.py").path

        /// The number of the quality that the strip names.
        private static func quality(_ screen: ScreenCapture) -> Int? {
            screen.rows.lazy.compactMap { $0.firstMatch(of: #/ q([0-7])$/#) }.first.flatMap {
                Int($0.output.1)
            }
        }

        /// Four frames on a way of 200 ms are 20 a second: with that the best is one step down.
        @Test(arguments: [(8_000, 0, 1), (12_000, 200, 2)])
        func picturesGiveWayAndKeysAreAnswered(bytesPerSecond: Int, roundTrip: Int, best: Int) async throws {
            let program = try BuiltProgram()
            let rate = try program.home.write(Array("\(bytesPerSecond)".utf8), to: "rate")
            try await Terminal.with(columns: 80, rows: 24, home: program.home) { terminal in
                try terminal.type(
                    "python3 '\(Self.script)' '\(rate)' \(roundTrip / 2) \(DemoTerminal.command)"
                )
                try await terminal.wait(for: "list") { $0.title.contains("Streams 7 of 7") ? true : nil }
                try terminal.press("Enter")
                // The picture is there all the same.
                try await terminal.wait(for: "fewer colours") { screen in
                    screen.title.contains("● LIVE") && Self.quality(screen) ?? 0 >= 2
                        ? screen.pictureTime(near: DemoTerminal.start) : nil
                }
                let clock = ContinuousClock()
                var waits: [Duration] = []
                for _ in 0..<10 {
                    for (key, isOpen) in [("?", true), ("Escape", false)] {
                        let pressed = clock.now
                        try terminal.press(key)
                        try await terminal.wait(for: "answer to \(key)", limit: .seconds(5)) { screen in
                            screen.rows.contains { $0.contains("Help · Player") } == isOpen ? true : nil
                        }
                        waits.append(clock.now - pressed)
                    }
                }
                waits.sort()
                print(
                    "\(bytesPerSecond) B/s, \(roundTrip) ms there and back: keys answered in \(waits[9]), \(waits[18])"
                )

                _ = try program.home.write(Array("100000000".utf8), to: "rate")
                try await terminal.wait(for: "q\(best)", limit: .seconds(120)) { screen in
                    Self.quality(screen) == best ? true : nil
                }
                try terminal.press("Q")
                try await terminal.wait(for: "shell") { screen in
                    screen.rows.contains { $0.hasPrefix("#") || $0.hasPrefix("$") } ? true : nil
                }
                // Answers that were still on their way must not have been typed into the shell.
                let after = try terminal.capture()
                #expect(!after.rows.contains { $0.contains("2;1R") || $0.contains("^[") }, "\(after.rows)")
            }
        }
    }
}
