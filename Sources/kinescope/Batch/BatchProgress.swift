import Foundation
import Synchronization

/// How far a run is, as one line on stderr; silent where stderr is no terminal.
final class BatchProgress: Sendable {
    private let start = ContinuousClock.now
    private let isShown = isatty(STDERR_FILENO) == 1
    private let tally: Mutex<BatchTally>

    init(_ tally: BatchTally) {
        self.tally = Mutex(tally)
    }

    /// Counts a piece of work and draws the line.
    func take(_ result: BatchResult) {
        let now = tally.withLock { tally in
            tally.take(result)
            return tally
        }
        guard isShown else { return }
        let line = now.line(after: start.duration(to: .now))
        FileHandle.standardError.write(Data("\r\u{1B}[K\(line)".utf8))
    }

    /// Removes the line.
    func clear() {
        if isShown { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
    }

    /// What the run came to.
    var summary: String { tally.withLock { $0.summary } }
}
