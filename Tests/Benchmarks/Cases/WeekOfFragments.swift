import Foundation
import KinescopeTesting
import KinesisVideo
import KinesisVideoConsumer

/// The timeline of a week of fragments of two seconds: what a redraw takes, and what it keeps in memory.
enum WeekOfFragments {
    private static let count = 302_400
    private static let clock = ContinuousClock()

    static func run() async throws {
        let before = resident()
        var timeline = FragmentTimeline()
        let begin = clock.now
        for page in stride(from: 0, to: count, by: 1000) {
            let fragments = try (page..<min(page + 1000, count)).map(fragment)
            guard let first = fragments.first, let last = fragments.last else { continue }
            timeline.merge(
                fragments,
                from: first.producerTimestamp,
                to: last.producerTimestamp.advanced(byMilliseconds: 1999),
                settled: Timestamp(milliseconds: .max / 2)
            )
        }
        show(
            "\(timeline.count) fragments listed in pages of 1,000",
            "\(figure(begin.duration(to: clock.now).seconds * 1e3)) ms"
        )
        show("memory of the process, grown by", "\(figure(Double(resident() - before) / 1e6)) MB")
        let end = Timestamp(milliseconds: Int64(count) * 2000)
        for (name, hours) in [("a week", 168), ("a day", 24), ("an hour", 1)] as [(String, Int64)] {
            var times: [Double] = []
            for _ in 0..<50 {
                let begin = clock.now
                let start = end.advanced(byMilliseconds: -hours * 3_600_000)
                let columns = timeline.columns(from: start, to: end, count: 194, now: end)
                times.append(begin.duration(to: clock.now).seconds * 1e3)
                precondition(columns.count == 194 && columns.allSatisfy { $0.coverage != .notListed })
            }
            show("194 columns of \(name)", "\(Series(times).tail) ms")
        }
    }

    private static func fragment(_ index: Int) throws -> FragmentInfo {
        guard let number = FragmentNumber("9134385233318143238773450301\(1_000_000_000 + index)") else {
            preconditionFailure("\(index) makes no number")
        }
        let time = Timestamp(milliseconds: Int64(index) * 2000)
        let metadata = FragmentMetadata(
            number: number,
            serverTimestamp: time.advanced(byMilliseconds: 300),
            producerTimestamp: time
        )
        return FragmentInfo(metadata: metadata, size: 500_000 + index % 1000, length: 1960)
    }

    /// Bytes of this process that are in memory.
    private static func resident() -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }
}
