/// Why there is no terminal to draw on, or no more.
package struct TerminalError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong.
    package enum Code: Sendable, Hashable {
        /// Input or output is no terminal.
        case noTerminal
        /// The terminal is too simple: no cursor addressing, or unknown to terminfo.
        case unusableTerminal
        /// Another screen owns the terminal already.
        case alreadyOwned
        /// Nothing more will be typed: the terminal has hung up.
        case inputEnded
        /// A call to the system failed.
        case system
    }

    /// What is wrong.
    package var code: Code
    /// One line: what failed, why, what to try.
    package var description: String

    /// Creates an error.
    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    /// Status that a program ends with because of it: 8, no usable terminal, except for a failed system call.
    package var exitStatus: Int32 {
        code == .system ? 1 : 8
    }
}
