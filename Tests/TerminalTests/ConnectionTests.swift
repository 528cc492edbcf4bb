import Foundation
import KinescopeTesting
import KinesisVideo
import Testing

extension TerminalEndToEndTests {
    /// A service that goes away and comes back, seen from a player of another process.
    struct ConnectionTests {
        @Test(arguments: TerminalSize.both)
        func playerOutlivesItsService(size: TerminalSize) async throws {
            let program = try BuiltProgram()
            let log = program.home.path("player.log")
            var (service, url) = try await program.startCameras()
            defer { service.send(SIGKILL) }
            let port = try #require(url.split(separator: ":").last.flatMap { Int($0) })
            try await Terminal.with(
                columns: size.columns,
                rows: size.rows,
                environment: ["KINESCOPE_PLAYER_LOG": log],
                home: program.home
            ) { terminal in
                try terminal.type("\(BuiltProgram.url.path) watch front-door --endpoint \(url)")
                try await terminal.wait(for: "live") { $0.title.contains("● LIVE") ? true : nil }
                let clock = ContinuousClock()
                let killed = clock.now
                service.send(SIGKILL)
                try await terminal.wait(for: "retry") { $0.title.contains(#/✕ RETRY \d/#) ? true : nil }
                print("retry shown \(clock.now - killed) after the end of the service")
                _ = await service.exitStatus()
                try await terminal.wait(for: "age of the picture") { screen in
                    // The picture stays under the words on its age.
                    let isPainted = screen.cells.joined().filter { $0.background != nil }.count > 500
                    let isAgeTold = screen.rows.contains {
                        $0.contains(#/last picture \d\d:\d\d:\d\d · .* old/#)
                    }
                    return isPainted && isAgeTold ? true : nil
                }
                try terminal.press("?")
                try await terminal.wait(for: "help") { screen in
                    screen.rows.contains { $0.contains("Help · Player") } ? true : nil
                }
                try terminal.press("Escape")
                let shown = try Self.drawn(log)
                let last = try #require(shown.last)
                (service, _) = try await program.startCameras(port: port)
                // One viewer waits for the next try, the other asks for it.
                if size == .large { try terminal.press("F5") }
                try await terminal.wait(for: "picture after the break", limit: .seconds(60)) { screen in
                    let shownLast = try Self.drawn(log).last ?? last
                    return screen.title.contains(#/LIVE|SHIFT|ARCHIVE/#) && !screen.title.contains("RETRY")
                        && shownLast > last ? true : nil
                }
                try await terminal.wait(for: "live again", limit: .seconds(60)) { screen in
                    screen.title.contains("● LIVE") ? true : nil
                }
                let times = try Self.drawn(log)
                #expect(Set(times).count == times.count, "frames shown twice")
                #expect(zip(times, times.dropFirst()).allSatisfy(<))
            }
        }

        @Test func exportFromAServiceThatHangsCanBeGivenUp() async throws {
            let program = try BuiltProgram()
            let (service, url) = try await program.startCameras()
            defer {
                service.send(SIGCONT)
                service.send(SIGKILL)
            }
            try await Terminal.with(columns: 80, rows: 24, home: program.home) { terminal in
                try terminal.type(
                    "cd '\(program.home.path)' && \(BuiltProgram.url.path) watch front-door --endpoint \(url)"
                )
                let live = try await terminal.wait(until: "live") {
                    $0.title.contains("● LIVE") && $0.titleClock != nil
                }
                let start = try #require(live.titleClock)
                try terminal.press("I")
                try await terminal.wait(for: "3 s of play") {
                    ($0.titleClock ?? 0) > start + 3000 ? true : nil
                }
                try terminal.press("O", "e")
                try await terminal.wait(for: "export") { screen in
                    screen.rows.contains { $0.contains("Export · front-door") } ? true : nil
                }
                service.send(SIGSTOP)
                try terminal.press("Enter")
                try await terminal.wait(for: "request") { screen in
                    screen.rows.contains { $0.contains("Esc give up") } ? true : nil
                }
                try terminal.press("Escape")
                try await terminal.wait(for: "toast") { screen in
                    screen.rows.contains { $0.contains("export given up, no file left") } ? true : nil
                }
                let names = try FileManager.default.contentsOfDirectory(atPath: program.home.path)
                #expect(names.allSatisfy { !$0.contains(".mp4") }, "\(names)")
            }
        }

        /// Producer times of the frames that were drawn, in order.
        private static func drawn(_ path: String) throws -> [Int64] {
            try String(contentsOf: URL(filePath: path), encoding: .utf8)
                .split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                .compactMap(PlayerLogLine.init).filter { $0.event == "drawn" }.map(\.time.milliseconds)
        }
    }
}
