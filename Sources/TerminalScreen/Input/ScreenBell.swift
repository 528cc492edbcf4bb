import Glibc

/// Ends a screen's wait for input from another thread: there is something to show.
///
/// A pipe, so that one `poll` waits for keys and for this. Rings that nobody has heard yet count as one.
package final class ScreenBell: Sendable {
    /// Readable while it has rung and nobody has heard it.
    let descriptor: Int32
    private let rope: Int32

    /// Hangs up a bell.
    ///
    /// - Throws: `system` where the process has no descriptors left.
    package init() throws(TerminalError) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else {
            throw TerminalError(
                .system,
                "there is no pipe for the screen: \(String(cString: strerror(errno)))"
            )
        }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        (descriptor, rope) = (ends[0], ends[1])
    }

    deinit {
        close(descriptor)
        close(rope)
    }

    /// Rings; from any thread, without waiting.
    package func ring() {
        // A full pipe has rung already.
        _ = write(rope, [1], 1)
    }

    /// Takes note of all rings so far.
    func hear() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(descriptor, &bytes, bytes.count) == bytes.count {}
    }
}
