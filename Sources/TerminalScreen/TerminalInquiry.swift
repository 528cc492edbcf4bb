internal import CNcurses
import Glibc
package import Pixels

/// Asks the terminal what it can do, before the screens take it.
package enum TerminalInquiry {
    /// Writes the questions and reads answers.
    ///
    /// The terminal stays without echo until a `CursesScreen` takes it or `end()` gives it back, so that an answer that
    /// comes late is neither shown nor left for the shell: the screens' own input passes over it.
    ///
    /// - Parameters:
    ///   - environment: The variables; `NO_COLOR`, and a type that knows no such questions, leave the terminal alone.
    ///   - limit: How long to wait for the last answer.
    ///   - input: Where answers come from.
    ///   - output: Where questions go.
    /// - Returns: What was answered; nil where the terminal was not asked.
    package static func run(
        environment: [String: String],
        limit: Duration = .milliseconds(200),
        input: Int32 = STDIN_FILENO,
        output: Int32 = STDOUT_FILENO
    ) -> TerminalAnswers? {
        let type = environment["TERM"] ?? ""
        let isSimple = ["", "dumb", "linux", "unknown"].contains(type) || type.hasPrefix("vt")
        guard !isSimple, environment["NO_COLOR"] ?? "" == "" else { return nil }
        guard isatty(output) == 1, CNcurses_guard_quiet(input, output) == 0 else { return nil }
        let isNested =
            environment["TMUX"] != nil || environment["STY"] != nil || type.hasPrefix("screen")
            || type.hasPrefix("tmux")
        let questions = Array(TerminalAnswers.questions(hasMultiplexer: isNested).utf8)
        guard write(output, questions, questions.count) == questions.count else { return nil }
        return read(from: input, limit: limit)
    }

    /// Gives the terminal back where no screen has taken it; what it has answered meanwhile is thrown away.
    package static func end() {
        CNcurses_guard_end_quiet()
    }

    /// Pixels of a cell by what the terminal's driver knows of the window; nil where it knows no pixels.
    package static func cellSize(of output: Int32 = STDOUT_FILENO) -> PixelSize? {
        var size = winsize()
        guard ioctl(output, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return nil
        }
        let cell = PixelSize(
            width: Int(size.ws_xpixel / size.ws_col),
            height: Int(size.ws_ypixel / size.ws_row)
        )
        return cell.isEmpty ? nil : cell
    }

    private static func read(from input: Int32, limit: Duration) -> TerminalAnswers {
        var answers = TerminalAnswers()
        let deadline = ContinuousClock.now + limit
        while !answers.isComplete, ContinuousClock.now < deadline {
            let left = (deadline - .now) / .milliseconds(1)
            var poll = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
            guard Glibc.poll(&poll, 1, Int32(max(1, left))) > 0 else { continue }
            var bytes = [UInt8](repeating: 0, count: 1024)
            let count = Glibc.read(input, &bytes, bytes.count)
            guard count > 0 else { break }
            answers.feed(bytes.prefix(count))
        }
        return answers
    }
}
