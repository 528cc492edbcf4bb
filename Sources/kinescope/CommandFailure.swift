/// How a command ends when it does not succeed.
struct CommandFailure: Error {
    /// Exit statuses, as the manual lists them.
    enum Status: Int32 {
        case failed = 1
        case usage = 2
        case notFound = 3
        case denied = 4
        case unreachable = 5
        case throttled = 6
        case corrupt = 7
        case noTerminal = 8
        case interrupted = 130
    }

    var status: Status
    /// One line: what failed, why, what to try; nil where everything has been said.
    var message: String?

    init(_ status: Status, _ message: String? = nil) {
        self.status = status
        self.message = message
    }
}
