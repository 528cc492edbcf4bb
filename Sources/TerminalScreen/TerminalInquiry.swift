import Glibc

/// Asks the terminal what it can do, before the screens take it.
package enum TerminalInquiry {
    /// Writes the questions and reads answers, for 200 ms at most.
    ///
    /// What comes later is passed over by the screens' own input.
    ///
    /// - Parameters:
    ///   - environment: The variables; `NO_COLOR`, and a type that knows no such questions, leave the terminal alone.
    ///   - input: Where answers come from.
    ///   - output: Where questions go.
    /// - Returns: What was answered; nil where the terminal was not asked.
    package static func run(
        environment: [String: String],
        input: Int32 = STDIN_FILENO,
        output: Int32 = STDOUT_FILENO
    ) -> TerminalAnswers? {
        let type = environment["TERM"] ?? ""
        let isSimple = ["", "dumb", "linux", "unknown"].contains(type) || type.hasPrefix("vt")
        guard !isSimple, environment["NO_COLOR"] ?? "" == "" else { return nil }
        var before = termios()
        guard isatty(output) == 1, tcgetattr(input, &before) == 0 else { return nil }
        var raw = before
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
        guard tcsetattr(input, TCSANOW, &raw) == 0 else { return nil }
        defer { tcsetattr(input, TCSANOW, &before) }
        let questions = Array(TerminalAnswers.questions.utf8)
        guard write(output, questions, questions.count) == questions.count else { return nil }
        return read(from: input)
    }

    private static func read(from input: Int32) -> TerminalAnswers {
        var answers = TerminalAnswers()
        let deadline = ContinuousClock.now + .milliseconds(200)
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
