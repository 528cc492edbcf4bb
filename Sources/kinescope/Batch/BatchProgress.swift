import Foundation
import Synchronization

/// How far a run is, as one line on stderr; silent where stderr is no terminal.
final class BatchProgress: Sendable {
    private struct State {
        var done = 0
        var failed = 0
        var skipped = 0
        var bytes = 0
    }

    private let name: String
    private let total: Int
    private let totalBytes: Int
    private let start = ContinuousClock.now
    private let isShown = isatty(STDERR_FILENO) == 1
    private let state = Mutex(State())

    init(name: String, work: [BatchWork]) {
        self.name = name
        total = work.count
        totalBytes = work.reduce(0) { $0 + $1.bytes }
    }

    /// Counts a piece of work and draws the line.
    func take(_ result: BatchResult) {
        let state = state.withLock { state in
            if result.failure != nil { state.failed += 1 } else { state.done += 1 }
            if result.attempts == 0 { state.skipped += 1 } else { state.bytes += result.work.bytes }
            return state
        }
        guard isShown else { return }
        let finished = state.done + state.failed
        let filled = total == 0 ? 30 : finished * 30 / total
        let bar = String(repeating: "█", count: filled) + String(repeating: "·", count: 30 - filled)
        let seconds = start.duration(to: .now) / .seconds(1)
        // What an earlier run did takes no time and says nothing of the rest.
        let worked = finished - state.skipped
        let left =
            worked == 0
            ? "–" : "\(Int((seconds / Double(worked) * Double(total - finished)).rounded(.up))) s"
        let rate = megabytes(Double(state.bytes) / max(seconds, 0.001))
        let text = "\(name)  \(bar)  \(finished) of \(total)  \(rate) MB/s  \(left) left"
        FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8))
    }

    /// Removes the line.
    func clear() {
        if isShown { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
    }

    /// What the run came to.
    var summary: String {
        let state = state.withLock { $0 }
        let earlier = state.skipped > 0 ? ", \(state.skipped) of them by an earlier run" : ""
        return
            "\(state.done) of \(total) done\(earlier), \(state.failed) failed, \(megabytes(Double(state.bytes))) MB"
    }

    private func megabytes(_ bytes: Double) -> String {
        (bytes / 1_000_000).formatted(.number.precision(.fractionLength(1)).grouping(.never))
    }
}
