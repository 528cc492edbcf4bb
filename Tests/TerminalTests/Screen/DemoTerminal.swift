import Foundation
import KinescopeTesting
import KinesisVideo
import Testing

/// A demo in a terminal, its clock set to a moment of 2025.
struct DemoTerminal {
    /// When the demo's clock starts.
    static let start = Timestamp(milliseconds: 1_763_820_202_000)

    let terminal: Terminal
    let program: BuiltProgram
    /// How large the terminal is at the beginning.
    let size: TerminalSize
    /// From the command line to the list on the screen.
    private(set) var startTime = Duration.zero

    /// Runs `body` with a demo that shows its list; the demo is gone afterwards.
    static func with<Result: Sendable>(
        _ size: TerminalSize = .small,
        environment: [String: String] = [:],
        copiesOutput: Bool = false,
        _ body: (DemoTerminal) async throws -> Result
    ) async throws -> Result {
        let program = try BuiltProgram()
        let log = ["KINESCOPE_PLAYER_LOG": program.home.path("player.log")]
        return try await Terminal.with(
            columns: size.columns,
            rows: size.rows,
            environment: environment.merging(log) { $1 },
            home: program.home
        ) { terminal in
            var demo = DemoTerminal(terminal: terminal, program: program, size: size)
            if copiesOutput { try terminal.copyOutput(to: program.home.path("output")) }
            try await demo.start()
            return try await body(demo)
        }
    }

    /// Starts the program; returns when its list is there.
    private mutating func start() async throws {
        let clock = ContinuousClock()
        let typed = clock.now
        // What is exported goes into the working directory.
        try terminal.type("cd '\(program.home.path)' && \(Self.command)")
        try await terminal.wait(for: "list of streams") { screen in
            screen.title.contains("Streams 7 of 7") ? true : nil
        }
        startTime = clock.now - typed
    }

    /// The command line that starts it.
    static let command = "\(BuiltProgram.url.path) demo --port 0 --clock 2025-11-22T14:03:22Z --seed 1"

    /// Opens the selected stream; returns when it is live.
    @discardableResult
    func openLive() async throws -> ScreenCapture {
        try terminal.press("Enter")
        return try await terminal.wait(until: "live picture") { screen in
            screen.title.contains("● LIVE") && pictureTime(screen) != nil
        }
    }

    /// Goes to a place in time; returns when its exact picture is there, paused or not.
    @discardableResult
    func goTo(_ expression: String) async throws -> ScreenCapture {
        try terminal.press("g")
        try await terminal.wait(for: "prompt of go to") { $0.footer.contains("go to") ? true : nil }
        try terminal.type(expression)
        return try await terminal.wait(until: "archive") { $0.title.contains("■ ARCHIVE") && isExact($0) }
    }

    /// Pauses; returns the milliseconds of the frame that stands still.
    func pause() async throws -> Int64 {
        try terminal.press("Space")
        let screen = try await terminal.wait(until: "pause") { $0.title.contains("‖") && isExact($0) }
        // The frame on screen when the key came may still have been on its way.
        let again = try await terminal.wait(until: "picture that stands still") { later in
            isExact(later) && later.titleClock == screen.titleClock
        }
        return try #require(pictureTime(again)).milliseconds
    }

    /// Presses a key and waits until the exact picture of a moment is there.
    func press(_ key: String, landsOn milliseconds: Int64) async throws {
        try terminal.press(key)
        let event = "picture of \(Timestamp(milliseconds: milliseconds).rfc3339) after \(key)"
        try await terminal.wait(for: event, limit: .seconds(15)) { screen in
            isExact(screen) && pictureTime(screen)?.milliseconds == milliseconds ? true : nil
        }
    }

    /// Waits until the selected stream's archive reaches so far back from the start of the demo, as its
    /// detail rows say.
    func waitForArchive(seconds: Int64) async throws {
        let wanted = Self.start.advanced(byMilliseconds: -seconds * 1000).timeOfDay / 1000
        try await terminal.wait(for: "archive of \(seconds) s", limit: .seconds(240)) { screen in
            let oldest = screen.row(containing: "  archive ")?.firstMatch(of: #/(\d\d):(\d\d):(\d\d) →/#)?
                .output
            let parts = oldest.map { [$0.1, $0.2, $0.3].compactMap { Int64($0) } } ?? []
            return parts.count == 3 && (parts[0] * 60 + parts[1]) * 60 + parts[2] <= wanted ? true : nil
        }
    }

    /// The full time in the squares of a screen.
    func pictureTime(_ screen: ScreenCapture) -> Timestamp? {
        screen.pictureTime(near: Self.start)
    }

    /// True where the picture is the one that the title's clock names.
    func isExact(_ screen: ScreenCapture) -> Bool {
        guard let time = pictureTime(screen), !screen.title.contains("≈") else { return false }
        return screen.titleClock == time.timeOfDay
    }

    /// Checks that title and picture name the same moment, give or take one live frame, while it plays.
    ///
    /// A look at the screen may fall between two parts of one write, so that one in three may disagree.
    func expectClockAgreesWithPicture() async throws {
        var differences: [Int64] = []
        while differences.count < 12 {
            let screen = try terminal.capture()
            guard let clock = screen.titleClock, let time = pictureTime(screen) else { continue }
            differences.append(abs(clock - time.timeOfDay))
        }
        #expect(differences.filter { $0 <= 40 }.count >= 8, "milliseconds apart: \(differences)")
    }

    // MARK: Logs

    /// Address of the service, from its lock file.
    func endpoint() async throws -> String {
        let label = try await terminal.wait(for: "port in the title") { screen in
            screen.title.firstMatch(of: #/local:(\d+)/#).map { String($0.output.1) }
        }
        return "http://127.0.0.1:\(label)"
    }

    /// Names of the operations in the service's log, in order, but for the cameras' own.
    func calls() throws -> [String] {
        try log().split(separator: "\n").compactMap { line in
            line.split(separator: " ").dropFirst(2).first.map(String.init)
        }
    }

    /// The service's log.
    private func log() throws -> String {
        try String(
            contentsOf: URL(filePath: program.home.path("state/kinescope/service.log")),
            encoding: .utf8
        )
    }

    /// The player's log: what became of each frame.
    func playerLog() throws -> [PlayerLogLine] {
        let text = try String(contentsOf: URL(filePath: program.home.path("player.log")), encoding: .utf8)
        // The last line may be under way.
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().compactMap(
            PlayerLogLine.init
        )
    }
}

/// A line of the player's log.
struct PlayerLogLine: Hashable {
    var event: Substring
    var time: Timestamp

    init?(_ line: Substring) {
        let words = line.split(separator: " ")
        guard words.count >= 4, let time = Timestamp(rfc3339: String(words[1])) else { return nil }
        (event, self.time) = (words[0], time)
    }
}
