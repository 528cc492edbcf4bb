public import KinesisVideo

extension FragmentTimeline {
    /// The stretch from `start` to `end` in `count` columns of equal width.
    ///
    /// A column is a gap where it holds one of 10 s or of a tenth of its width, and unlisted where a tenth of
    /// it is neither listed nor covered by a known fragment.
    ///
    /// - Parameters:
    ///   - start: Left edge of the first column.
    ///   - end: Right edge of the last one; later than `start`.
    ///   - count: Number of columns.
    ///   - now: The live edge on the producer's clock; what is later has not happened.
    ///   - expiry: Producer time before which nothing is kept; nil where that is unknown.
    /// - Returns: `count` columns from left to right; none where the range is empty.
    /// - Complexity: One step for each known fragment between `start` and `end`.
    public func columns(
        from start: Timestamp,
        to end: Timestamp,
        count: Int,
        now: Timestamp,
        expiry: Timestamp? = nil
    ) -> [TimelineColumn] {
        let width = end.milliseconds - start.milliseconds
        guard count > 0, width > 0 else { return [] }
        // One before the first: it may reach into the range.
        var index = max(0, timeIndex(start) - 1)
        return (0..<count).map { number in
            let left = start.milliseconds + width * Int64(number) / Int64(count)
            let right = max(left + 1, start.milliseconds + width * Int64(number + 1) / Int64(count))
            if left >= now.milliseconds { return TimelineColumn(coverage: .future) }
            if let expiry, right <= expiry.milliseconds { return TimelineColumn(coverage: .expired) }
            let contents = contents(from: left, to: min(right, now.milliseconds), startingAt: &index)
            return column(
                contents,
                left: max(left, expiry?.milliseconds ?? left),
                right: min(right, now.milliseconds)
            )
        }
    }

    private struct Contents {
        var covered: Int64 = 0
        var archived: Int64 = 0
        var bits = 0.0
        var longestGap: Int64 = 0
    }

    private func contents(from left: Int64, to right: Int64, startingAt index: inout Int) -> Contents {
        var contents = Contents()
        var cursor = left
        var position = index
        while position < spans.count, spans[position].start < right {
            let duration = duration(at: position)
            let start = max(spans[position].start, cursor)
            let end = min(spans[position].start + duration, right)
            if start > cursor { contents.longestGap = max(contents.longestGap, start - cursor) }
            if end > start {
                contents.covered += end - start
                if spans[position].isArchived { contents.archived += end - start }
                contents.bits += Double(spans[position].size) * 8 * Double(end - start) / Double(duration)
            }
            cursor = max(cursor, end)
            if spans[position].start + duration <= right { index = position }
            position += 1
        }
        if right > cursor { contents.longestGap = max(contents.longestGap, right - cursor) }
        return contents
    }

    private func column(_ contents: Contents, left: Int64, right: Int64) -> TimelineColumn {
        let width = max(1, right - left)
        let rate = contents.covered > 0 ? contents.bits * 1000 / Double(contents.covered) : nil
        let unknown = width - max(listed.overlap(left, right), contents.covered)
        if unknown * 10 >= width { return TimelineColumn(coverage: .notListed, bitRate: rate) }
        if contents.covered == 0 || contents.longestGap >= min(10_000, max(1, width / 10)) {
            return TimelineColumn(coverage: .gap, bitRate: rate)
        }
        let isArchive = contents.archived * 2 >= contents.covered
        return TimelineColumn(coverage: isArchive ? .archive : .liveBuffer, bitRate: rate)
    }
}
