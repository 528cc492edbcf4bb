/// Counts of durations in buckets, as Prometheus takes quantiles from.
package struct LatencyHistogram: Sendable, Hashable {
    /// Upper bounds in milliseconds: from a fast acknowledgement to the longest fragment and beyond.
    package static let bounds: [Int64] = [
        5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 20_000, 60_000,
    ]

    /// Durations up to each bound and above the one before; the last place is for those above all.
    package private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
    /// Sum of the durations in milliseconds.
    package private(set) var sum: Int64 = 0

    /// Begins with nothing counted.
    package init() {}

    /// Counts a duration; one below zero, as after a clock was set back, counts as zero.
    package mutating func record(milliseconds: Int64) {
        let duration = max(0, milliseconds)
        counts[Self.bounds.firstIndex { duration <= $0 } ?? Self.bounds.count] += 1
        sum += duration
    }
}
