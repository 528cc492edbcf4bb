import Foundation
import KinescopeTesting

/// A terminal of a test's own: a tmux server with one shell in it.
final class Terminal: Sendable {
    /// What did not happen in time.
    struct TimedOut: Error, CustomStringConvertible {
        var description: String
    }

    /// What the shell and all it starts see.
    let environment: [String: String]
    /// Settings that the machine may not have.
    private static let standard = ["COLORTERM": "truecolor", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"]

    private let socket = "kinescope-\(UUID().uuidString.prefix(8))"

    /// True where tests can have a terminal.
    static let isAvailable: Bool = {
        let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
        return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/tmux") }
    }()

    private init(environment: [String: String], home: TemporaryFolder) {
        let ours = ProcessInfo.processInfo.environment.filter { name, _ in
            !["KINESCOPE_", "AWS_", "XDG_", "LC_", "NO_COLOR", "TMUX", "TERM"].contains { name.hasPrefix($0) }
        }
        let folders = [
            "HOME": home.path("home"), "XDG_DATA_HOME": home.path("data"),
            "XDG_STATE_HOME": home.path("state"), "XDG_CONFIG_HOME": home.path("config"),
        ]
        self.environment = ours.merging(Self.standard) { $1 }.merging(folders) { $1 }.merging(environment) {
            $1
        }
    }

    /// Runs `body` with a shell on a screen of a size; both are gone afterwards.
    ///
    /// - Parameters:
    ///   - columns: width of the screen.
    ///   - rows: its height.
    ///   - environment: what the shell sees besides the standard.
    ///   - home: where the folders of its programs lie.
    ///   - body: what to do there.
    /// - Returns: what `body` returned.
    /// - Throws: what `body` throws, or why there is no terminal.
    static func with<Result: Sendable>(
        columns: Int,
        rows: Int,
        environment: [String: String] = [:],
        home: TemporaryFolder,
        _ body: (Terminal) async throws -> Result
    ) async throws -> Result {
        let terminal = Terminal(environment: environment, home: home)
        let session = [
            "-f", "/dev/null", "new-session", "-d", "-s", "main", "-x", "\(columns)", "-y", "\(rows)", "sh",
        ]
        try terminal.command(session)
        defer { _ = try? terminal.command(["kill-server"]) }
        // What is typed ahead of the prompt would stand on the screen before it.
        try await terminal.wait(for: "prompt") { $0.title.isEmpty ? nil : true }
        return try await body(terminal)
    }

    // MARK: Keys

    /// Presses keys, by their tmux names.
    func press(_ keys: String...) throws {
        try command(["send-keys", "-t", "main"] + keys)
    }

    /// Presses a key many times, as one that is held down.
    func press(_ key: String, times: Int) throws {
        try command(["send-keys", "-t", "main", "-N", "\(times)", key])
    }

    /// What a mouse does, as its terminal reports it.
    enum MouseReport: Int {
        case press = 0
        case drag = 32
        case move = 35
        case release = 256
    }

    /// Sends a report of the left button at a row and a column, both from 0.
    func mouse(_ report: MouseReport, row: Int, column: Int) throws {
        let isRelease = report == .release
        let code = isRelease ? 0 : report.rawValue
        let text = "\u{1B}[<\(code);\(column + 1);\(row + 1)\(isRelease ? "m" : "M")"
        try command(["send-keys", "-t", "main", "-H"] + text.utf8.map { String($0, radix: 16) })
    }

    /// Types a line and enters it.
    func type(_ line: String) throws {
        try command(["send-keys", "-t", "main", "-l", "--", line])
        try press("Enter")
    }

    /// Changes the size of the screen.
    func resize(columns: Int, rows: Int) throws {
        try command(["resize-window", "-t", "main", "-x", "\(columns)", "-y", "\(rows)"])
    }

    // MARK: Screen

    /// What is on the screen now.
    func capture() throws -> ScreenCapture {
        ScreenCapture(try command(["capture-pane", "-t", "main", "-e", "-p", "-N"]))
    }

    /// Asks tmux for a value such as `cursor_flag`.
    func value(_ name: String) throws -> String {
        try command(["display-message", "-t", "main", "-p", "#{\(name)}"])
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Copies every byte that programs write on the screen into a file, from now on.
    func copyOutput(to path: String) throws {
        try command(["pipe-pane", "-t", "main", "-O", "cat > '\(path)'"])
    }

    /// Looks at the screen until `find` finds something there.
    ///
    /// - Parameters:
    ///   - event: what is waited for, in words.
    ///   - limit: how long; generous, because machines are busy.
    ///   - find: what is looked for.
    /// - Returns: what was found.
    /// - Throws: ``TimedOut`` with the last screen.
    @discardableResult
    func wait<Found: Sendable>(
        for event: String,
        limit: Duration = .seconds(30),
        _ find: (ScreenCapture) throws -> Found?
    ) async throws -> Found {
        let clock = ContinuousClock()
        let deadline = clock.now + limit
        while true {
            let screen = try capture()
            if let found = try find(screen) { return found }
            guard clock.now < deadline else {
                let rows = screen.rows.joined(separator: "\n")
                throw TimedOut(description: "no \(event) within \(limit); the screen shows\n\(rows)")
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Waits until something is true of the screen.
    func wait(
        until event: String,
        limit: Duration = .seconds(30),
        _ isSo: (ScreenCapture) throws -> Bool
    ) async throws -> ScreenCapture {
        try await wait(for: event, limit: limit) { try isSo($0) ? $0 : nil }
    }

    @discardableResult
    private func command(_ arguments: [String]) throws -> String {
        let answer = try ShortCommand.run(["tmux", "-L", socket] + arguments, environment: environment)
        guard answer.status == 0 else {
            throw TimedOut(description: "tmux \(arguments.joined(separator: " ")): \(answer.text)")
        }
        return answer.text
    }
}
