public import KinesisVideo

/// Fragments and bytes of a stretch of time.
public struct TimelineExtent: Sendable, Hashable {
    /// Archived fragments that lie in it at least in part.
    public var fragments: Int
    /// Their bytes.
    public var bytes: Int
    /// True where all of it has been listed.
    public var isListed: Bool

    /// Creates figures.
    public init(fragments: Int, bytes: Int, isListed: Bool) {
        self.fragments = fragments
        self.bytes = bytes
        self.isListed = isListed
    }
}

extension FragmentTimeline {
    /// The fragment that somebody means by a number: the one that has it, else the newest whose number ends with it,
    /// as screens show no more than the last ten digits.
    ///
    /// Cost: one step for each fragment known, where none has the whole number.
    public func fragment(named number: FragmentNumber) -> FragmentInfo? {
        if let known = fragment(number) { return known }
        let digits = number.description
        guard digits.utf8.count <= FragmentNumber.shownDigits else { return nil }
        return byNumber.last { $0.info.number.isMeant(by: digits) }?.info
    }

    /// What is known to be archived from `start` to `end`.
    ///
    /// Cost: one step for each fragment between.
    public func extent(from start: Timestamp, to end: Timestamp) -> TimelineExtent {
        var extent = TimelineExtent(
            fragments: 0,
            bytes: 0,
            isListed: listed.missing(start.milliseconds, max(start, end).milliseconds).isEmpty
        )
        for index in max(0, timeIndex(start) - 1)..<max(timeIndex(start), timeIndex(end)) {
            guard spans[index].isArchived, spans[index].start + duration(at: index) > start.milliseconds,
                spans[index].start < end.milliseconds
            else { continue }
            extent.fragments += 1
            extent.bytes += max(0, Int(spans[index].size))
        }
        return extent
    }
}
