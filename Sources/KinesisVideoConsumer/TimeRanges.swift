/// Disjoint closed ranges of milliseconds in ascending order.
struct TimeRanges: Sendable, Hashable {
    private(set) var ranges: [ClosedRange<Int64>] = []

    /// Adds a range and joins it with those that it touches.
    mutating func insert(_ start: Int64, _ end: Int64) {
        let first = ranges.firstIndex { $0.upperBound >= start - 1 } ?? ranges.count
        let last = ranges.lastIndex { $0.lowerBound <= end + 1 } ?? -1
        guard first <= last else { return ranges.insert(start...end, at: first) }
        let joined = min(start, ranges[first].lowerBound)...max(end, ranges[last].upperBound)
        ranges.replaceSubrange(first...last, with: [joined])
    }

    func contains(_ time: Int64) -> Bool {
        ranges.contains { $0.contains(time) }
    }

    /// Milliseconds of `start..<end` that are covered.
    func overlap(_ start: Int64, _ end: Int64) -> Int64 {
        ranges.reduce(0) { $0 + max(0, min(end, $1.upperBound + 1) - max(start, $1.lowerBound)) }
    }

    /// What of a range is missing, in ascending order.
    func missing(_ start: Int64, _ end: Int64) -> [ClosedRange<Int64>] {
        var (missing, cursor): ([ClosedRange<Int64>], Int64) = ([], start)
        for range in ranges where range.upperBound >= start && range.lowerBound <= end {
            if range.lowerBound > cursor { missing.append(cursor...range.lowerBound - 1) }
            cursor = max(cursor, range.upperBound + 1)
        }
        if cursor <= end { missing.append(cursor...end) }
        return missing
    }
}
