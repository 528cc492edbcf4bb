import ArgumentParser
import Foundation
import Monitor
import TerminalScreen

/// `kinescope doctor`: what the program takes this terminal for, and why; of a stream, what keeps it from being read.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell what the terminal is taken for, or what keeps a stream from being read.",
        discussion: """
            Prints each decision with its evidence: a setting, a variable of the environment, what tmux says, or what \
            the terminal itself answers within two seconds. The test card follows where standard output is a terminal: a \
            line that looks wrong names what to switch off.

            With the name of a stream it says instead why readers find no fragments, or cannot show them: credentials, \
            clock, endpoint, stream, retention, acknowledgements, codec private data, key frames and times, each with \
            what was seen and what to do. Ends with 1 where there is a fault. Nothing in it is secret.
            """
    )

    @Argument(help: "Name of a stream; without one, the terminal is looked at.")
    var name: String?

    @OptionGroup var connection: ConnectionOptions

    @Flag(help: "Print one JSON object for each finding about a stream.")
    var json = false

    @Flag(help: "Print the test card even where standard output is not a terminal.")
    var card = false

    func validate() throws {
        if json, name == nil {
            throw ValidationError("--json is for the findings about a stream: give its name")
        }
        if card, name != nil { throw ValidationError("--card is for the terminal: leave the stream out") }
    }

    func run() async throws {
        if let name { return try await Self.examine(name, connection, json) }
        let environment = ProcessInfo.processInfo.environment
        let settings = try Settings.current()
        let features = await Tmux(environment)?.features()
        let answers = TerminalInquiry.run(environment: environment, limit: .seconds(2))
        TerminalInquiry.end()
        let cell = TerminalInquiry.cellSize()
        let profile = TerminalProfile(
            environment: environment,
            tmuxFeatures: features,
            answers: answers,
            cell: cell
        )
        .adjusted(by: settings)
        let report = TerminalReport(
            profile: profile,
            environment: environment,
            size: Self.size,
            answers: answers,
            cell: cell
        )
        for line in report.decisions { print(line) }
        guard card || isatty(STDOUT_FILENO) != 0 else { return }
        print("")
        for line in report.card { print(line) }
    }

    private static func examine(_ name: String, _ connection: ConnectionOptions, _ json: Bool) async throws {
        let diagnosis = try await connection.withClient { client in
            StreamDiagnosis(
                try await StreamExamination(client: client, name: name, now: systemClock()).facts()
            )
        }
        for finding in diagnosis.findings {
            if json { try JSONLine.write(finding) } else { print(finding.text) }
        }
        guard let fault = diagnosis.fault else { return }
        throw CommandFailure(.failed, "\(name): \(fault.topic): \(fault.evidence)")
    }

    /// Columns and rows of the terminal on standard output; nil where there is none.
    private static var size: (columns: Int, rows: Int)? {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return (Int(size.ws_col), Int(size.ws_row))
    }
}
