import Foundation

/// What a run has come to so far, and how long the rest will take: a value, the time a parameter.
struct BatchTally: Sendable, Hashable {
    private(set) var done = 0
    private(set) var failed = 0
    /// Of those done, how many an earlier run had done.
    private(set) var skipped = 0
    /// Bytes of what this run has finished.
    private(set) var bytes = 0

    let name: String
    let total: Int
    /// Bytes of what is neither done nor failed.
    private(set) var bytesLeft: Int

    init(name: String, work: [BatchWork]) {
        self.name = name
        total = work.count
        bytesLeft = work.reduce(0) { $0 + $1.bytes }
    }

    /// Counts a piece of work.
    mutating func take(_ result: BatchResult) {
        if result.failure != nil { failed += 1 } else { done += 1 }
        bytesLeft -= result.work.bytes
        // What an earlier run did takes no time and says nothing of the rest.
        if result.attempts == 0 { skipped += 1 } else { bytes += result.work.bytes }
    }

    /// Seconds that the rest takes at the rate so far; nil before anything is known of that.
    func secondsLeft(after elapsed: Duration) -> Double? {
        guard bytesLeft > 0 else { return 0 }
        guard bytes > 0 else { return nil }
        return elapsed / .seconds(1) / Double(bytes) * Double(bytesLeft)
    }

    /// The run as one line: a bar, how many of how many, the rate, and the time that is left.
    func line(after elapsed: Duration) -> String {
        let finished = done + failed
        let filled = total == 0 ? 30 : finished * 30 / total
        let bar = String(repeating: "█", count: filled) + String(repeating: "·", count: 30 - filled)
        let rate = Self.megabytes(Double(bytes) / max(elapsed / .seconds(1), 0.001))
        let left = secondsLeft(after: elapsed).map(Self.time) ?? "–"
        let failures = failed == 0 ? "" : "  \(failed) failed"
        return "\(name)  \(bar)  \(finished) of \(total)\(failures)  \(rate) MB/s  \(left) left"
    }

    /// What the run came to.
    var summary: String {
        let earlier = skipped > 0 ? ", \(skipped) of them by an earlier run" : ""
        return "\(done) of \(total) done\(earlier), \(failed) failed, \(Self.megabytes(Double(bytes))) MB"
    }

    private static func time(_ seconds: Double) -> String {
        let seconds = Int(seconds.rounded(.up))
        if seconds < 60 { return "\(seconds) s" }
        return seconds < 3600
            ? "\(seconds / 60) m \(seconds % 60) s" : "\(seconds / 3600) h \(seconds / 60 % 60) m"
    }

    private static func megabytes(_ bytes: Double) -> String {
        (bytes / 1_000_000).formatted(.number.precision(.fractionLength(1)).grouping(.never))
    }
}
