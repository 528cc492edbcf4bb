internal import CNcurses
import Glibc

/// Holds the terminal in full-screen mode and gives it back on every way out.
///
/// | way out | how |
/// |---|---|
/// | `deinit`, `leave()` | directly |
/// | SIGTERM, SIGINT, SIGHUP, SIGQUIT | handler, then whatever handled the signal before |
/// | crash: `fatalError`, SIGSEGV, SIGABRT, SIGILL, SIGTRAP, SIGBUS, SIGFPE | the same |
/// | SIGTSTP and SIGCONT | given back, stopped, taken again |
///
/// Given back are: line discipline, alternate screen, cursor, mouse, paste mode, keypad mode, colours and
/// synchronized output. One terminal a process, so one guard at a time.
package struct TerminalGuard: ~Copyable {
    /// Takes the terminal.
    package init(input: Int32, output: Int32, mouse: Bool, hover: Bool = true) throws(TerminalError) {
        let enter = Self.enterSequence(mouse: mouse, hover: hover)
        let leave = Self.leaveSequence
        let status = CNcurses_guard_enter(input, output, enter, enter.utf8.count, leave, leave.utf8.count)
        switch status {
        case 0: return
        case EBUSY: throw TerminalError(.alreadyOwned, "the terminal has an owner already")
        case ENOTTY: throw TerminalError(.noTerminal, "the input is no terminal")
        default: throw TerminalError(.system, "terminal settings: \(String(cString: strerror(status)))")
        }
    }

    deinit {
        CNcurses_guard_leave()
    }

    /// False while the terminal is not ours to write on.
    package var isActive: Bool { CNcurses_guard_is_active() }

    /// True once after the program was stopped and continued.
    func takeResumed() -> Bool { CNcurses_guard_take_resumed() }

    /// Stops the job as the suspend key does; returns when it goes on.
    func suspend() { CNcurses_guard_suspend() }

    /// Gives the terminal back.
    package func leave() { CNcurses_guard_leave() }

    /// Alternate screen, no cursor, arrows as `ESC O`, marked pastes, mouse with drags in SGR form.
    package static func enterSequence(mouse: Bool, hover: Bool = true) -> String {
        let motion = hover ? "\u{1B}[?1003h" : ""
        let mouseModes = mouse ? "\u{1B}[?1000h\u{1B}[?1002h\(motion)\u{1B}[?1006h" : ""
        return "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?1h\u{1B}=\u{1B}[?2004h" + mouseModes
    }

    /// Undoes everything.
    ///
    /// CAN first: it ends a sequence that a signal cut in two.
    package static let leaveSequence =
        "\u{18}\u{1B}[?2026l\u{1B}[0m\u{1B}[?1006l\u{1B}[?1003l\u{1B}[?1002l\u{1B}[?1000l"
        + "\u{1B}[?2004l\u{1B}[?1l\u{1B}>\u{1B}[?25h\u{1B}[?1049l"
}
