import Foundation
import KinescopeTesting
import KinesisVideo
import Testing

extension TerminalEndToEndTests {
    /// From the camera to the screen of another process, by the time in the picture itself.
    struct DelayTests {
        /// Looks at the screen, enough for a 95th percentile.
        private static let looks = 200

        @Test(arguments: TerminalSize.both)
        func theTimeInTheLivePictureIsThatOfTheMoment(size: TerminalSize) async throws {
            let program = try BuiltProgram()
            let (cameras, url) = try await program.startCameras()
            defer { cameras.send(SIGKILL) }
            try await Terminal.with(columns: size.columns, rows: size.rows, home: program.home) { terminal in
                let pid = program.home.path("pid")
                let watch = "\(BuiltProgram.url.path) watch front-door --endpoint \(url)"
                try terminal.type("sh -c 'echo $$ > \(pid); exec \(watch)'")
                try await terminal.wait(for: "live") { screen in
                    screen.title.contains("● LIVE") && screen.pictureTime(near: Self.now) != nil ? true : nil
                }
                var ages: [Int64] = []
                while ages.count < Self.looks {
                    // What the look itself takes is no delay of the picture's.
                    let now = Self.now
                    guard let time = try terminal.capture().pictureTime(near: now) else { continue }
                    ages.append(now.milliseconds - time.milliseconds)
                }
                ages.sort()
                print(
                    "age of the picture at \(size.testDescription), up to a frame's 40 ms of it its own: "
                        + "p50 \(ages[Self.looks / 2]) ms, p95 \(ages[Self.looks * 95 / 100]) ms"
                )
                // A fragment lasts two seconds: whoever waited for whole ones would be later than this.
                #expect(ages[Self.looks / 2] < 1500)
                #expect(ages.allSatisfy { $0 > -100 }, "a picture of the future")

                try terminal.press("Space")
                try await terminal.wait(for: "pause") { $0.title.contains("‖") ? true : nil }
                let text = try String(contentsOfFile: pid, encoding: .utf8)
                let process = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
                let before = try Self.ticks(process)
                try await Task.sleep(for: .seconds(5))
                let ticks = try Self.ticks(process) - before
                let share = Double(ticks) / Double(sysconf(Int32(_SC_CLK_TCK))) / 5 * 100
                print("processor of the paused player at \(size.testDescription): \(share) %")
            }
        }

        private static var now: Timestamp {
            Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        }

        /// Processor time of a process in the system's ticks.
        private static func ticks(_ process: pid_t) throws -> Int {
            let text = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
            // Behind the name in parentheses the state is field 3; user and system time are fields 14 and 15.
            let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
            return try #require(Int(fields[11])) + #require(Int(fields[12]))
        }
    }
}
