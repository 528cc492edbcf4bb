import Glibc

/// Reads the terminal's bytes into a parser; owned by one thread.
final class InputReader {
    private let descriptor: Int32
    private let bell: ScreenBell?
    private var parser = InputParser()

    /// Reads from a descriptor that somebody else keeps open; a bell ends the wait for it.
    init(descriptor: Int32, bell: ScreenBell? = nil) {
        self.descriptor = descriptor
        self.bell = bell
    }

    /// Waits for input, at most so long, and less where a sequence is incomplete or the bell rings.
    func read(timeout: Duration) throws(TerminalError) -> [InputEvent] {
        let clock = ContinuousClock()
        let now = clock.now
        let wait = parser.deadline.map { min(timeout, max(.zero, $0 - now)) } ?? timeout
        // A descriptor below 0 is passed over.
        var sources = [descriptor, bell?.descriptor ?? -1].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        // Rounded up: a deadline just missed would spin.
        let milliseconds = Int32(
            clamping: wait / .milliseconds(1) > 0 ? Int((wait / .milliseconds(1)).rounded(.up)) : 0
        )
        let ready = Glibc.poll(&sources, nfds_t(sources.count), milliseconds)
        if ready > 0, sources[1].revents != 0 { bell?.hear() }
        guard ready > 0, sources[0].revents != 0 else { return parser.expire(at: clock.now) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        if count > 0 { return parser.feed(bytes.prefix(count), at: clock.now) }
        if count < 0, errno == EINTR || errno == EAGAIN { return [] }
        throw TerminalError(.inputEnded, "the terminal has hung up")
    }
}
