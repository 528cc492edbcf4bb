import ArgumentParser
import Foundation
import Monitor
import TerminalScreen

/// `kinescope doctor`: what the program takes this terminal for, and why.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell what the terminal is taken for, and show a test card.",
        discussion: """
            Prints each decision with its evidence: a setting, a variable of the environment, what tmux says, or what \
            the terminal itself answers within 200 ms. The test card follows where standard output is a terminal: a \
            line that looks wrong names what to switch off.
            """
    )

    @Flag(help: "Print the test card even where standard output is not a terminal.")
    var card = false

    func run() async throws {
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

    /// Columns and rows of the terminal on standard output; nil where there is none.
    private static var size: (columns: Int, rows: Int)? {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return (Int(size.ws_col), Int(size.ws_row))
    }
}
