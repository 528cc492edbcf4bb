public import KinesisVideo

extension FragmentTimeline {
    /// A stretch of producer time that has been listed and holds nothing.
    public struct Gap: Sendable, Hashable {
        /// Where the recording before ends.
        public var start: Timestamp
        /// Where the recording behind begins.
        public var end: Timestamp
        /// Last fragment before it.
        public var before: FragmentInfo
        /// First fragment behind it.
        public var after: FragmentInfo

        /// Milliseconds without media.
        public var length: Int64 { end.milliseconds - start.milliseconds }
    }

    /// Whether two fragments that follow each other belong to one unbroken recording.
    ///
    /// They do where the distance of their starts is at most 1.5 times the length of the first one.
    public func touches(_ first: FragmentInfo, _ second: FragmentInfo) -> Bool {
        touches(
            length: first.length,
            distance: second.producerTimestamp.milliseconds - first.producerTimestamp.milliseconds
        )
    }

    /// Milliseconds that a fragment lasts: to the next one in time where the two touch, else its length and
    /// one frame interval; never 0.
    public func duration(of info: FragmentInfo) -> Int64 {
        let index = timeIndex(info.producerTimestamp.advanced(byMilliseconds: 1))
        guard index < spans.count else { return ownDuration(info.length) }
        return duration(
            length: info.length,
            distance: spans[index].start - info.producerTimestamp.milliseconds
        )
    }

    /// The moment at which a fragment's last frame is over.
    public func end(of info: FragmentInfo) -> Timestamp {
        info.producerTimestamp.advanced(byMilliseconds: duration(of: info))
    }

    /// The fragment that covers a moment: of several the one with the lowest number.
    ///
    /// Source: 04 GetMedia, PRODUCER_TIMESTAMP.
    public func fragment(at time: Timestamp) -> FragmentInfo? {
        let end = timeIndex(time.advanced(byMilliseconds: 1))
        var found: FragmentInfo?
        // Recordings that were sent twice overlap; more than a few copies of one moment are not looked for.
        for index in (max(0, end - 8)..<end).reversed() where covers(index, time) {
            if let best = found, best.number < byTime[index].number { continue }
            found = byTime[index]
        }
        return found
    }

    /// The last fragment that starts at or before a moment.
    public func last(startingBy time: Timestamp) -> FragmentInfo? {
        let index = timeIndex(time.advanced(byMilliseconds: 1))
        return index > 0 ? byTime[index - 1] : nil
    }

    /// The first fragment that starts at or after a moment.
    public func first(startingFrom time: Timestamp) -> FragmentInfo? {
        let index = timeIndex(time)
        return index < byTime.count ? byTime[index] : nil
    }

    /// The gap around a moment between two known fragments; nil where media covers it or an end is not known.
    public func gap(at time: Timestamp) -> Gap? {
        guard fragment(at: time) == nil, let before = last(startingBy: time),
            let after = first(startingFrom: time)
        else { return nil }
        return gap(between: before, and: after)
    }

    /// The gap between two fragments; nil where they touch.
    public func gap(between before: FragmentInfo, and after: FragmentInfo) -> Gap? {
        guard after.producerTimestamp >= before.producerTimestamp, !touches(before, after) else { return nil }
        let end = before.producerTimestamp.advanced(byMilliseconds: ownDuration(before.length))
        return Gap(start: end, end: after.producerTimestamp, before: before, after: after)
    }

    /// Start of the first unbroken recording that begins after a moment.
    ///
    /// Cost: one step for each fragment between.
    public func recordingStart(after time: Timestamp) -> FragmentInfo? {
        var index = timeIndex(time.advanced(byMilliseconds: 1))
        while index < byTime.count {
            if index == 0 || !touchesNext(index - 1) { return byTime[index] }
            index += 1
        }
        return nil
    }

    /// Start of the last unbroken recording that begins before a moment.
    ///
    /// Cost: one step for each fragment between.
    public func recordingStart(before time: Timestamp) -> FragmentInfo? {
        var index = timeIndex(time) - 1
        while index >= 0 {
            if index == 0 || !touchesNext(index - 1) { return byTime[index] }
            index -= 1
        }
        return nil
    }

    /// What lies at a moment, seen at the moment `now`, and where a jump to it would land; before `expiry`,
    /// where that is known, nothing is kept.
    public func place(at time: Timestamp, now: Timestamp, expiry: Timestamp? = nil) -> TimelinePlace {
        if let expiry, time < expiry { return .expired }
        if let info = fragment(at: time) { return isArchived(info.number) ? .archive : .liveBuffer }
        if let gap = gap(at: time) {
            guard listed.missing(gap.start.milliseconds, gap.end.milliseconds - 1).isEmpty else {
                return .unknown
            }
            return .gap(from: gap.start, to: gap.end, landing: landing(in: gap, near: time))
        }
        if time >= now { return .future }
        guard let newest, time > newest.producerTimestamp else {
            return isListed(at: time) ? .expired : .unknown
        }
        return .future
    }

    /// The nearer edge of a gap: the last frame before it, or the first one behind it.
    public func landing(in gap: Gap, near time: Timestamp) -> Timestamp {
        let isNearStart =
            time.milliseconds - gap.start.milliseconds < gap.end.milliseconds - time.milliseconds
        return isNearStart ? lastFrame(of: gap.before) : gap.end
    }

    /// Producer time of a fragment's last frame.
    public func lastFrame(of info: FragmentInfo) -> Timestamp {
        info.producerTimestamp.advanced(byMilliseconds: max(0, info.length))
    }

    func touchesNext(_ index: Int) -> Bool {
        touches(length: spans[index].length, distance: spans[index + 1].start - spans[index].start)
    }

    func duration(at index: Int) -> Int64 {
        guard index + 1 < spans.count else { return ownDuration(spans[index].length) }
        return duration(length: spans[index].length, distance: spans[index + 1].start - spans[index].start)
    }

    private func covers(_ index: Int, _ time: Timestamp) -> Bool {
        time.milliseconds - spans[index].start < max(duration(at: index), ownDuration(spans[index].length))
    }

    private func duration(length: Int64, distance: Int64) -> Int64 {
        distance > 0 && touches(length: length, distance: distance) ? distance : ownDuration(length)
    }

    private func touches(length: Int64, distance: Int64) -> Bool {
        distance >= 0 && 2 * distance <= 3 * ownDuration(length)
    }

    private func ownDuration(_ length: Int64) -> Int64 {
        max(0, length) + frameInterval
    }
}
