public import KinesisVideo

extension FragmentTimeline {
    /// The next stretch to list so that a window becomes known: inside it from its end backwards, then
    /// outward.
    ///
    /// Of a window of more than a day only samples are listed, 64 at most, whatever it holds.
    ///
    /// - Parameters:
    ///   - start: Left edge of the window.
    ///   - end: Right edge of the window.
    ///   - now: The live edge on the producer's clock: nothing later is asked for.
    ///   - settled: The last moment whose absence would be final; what is later counts as known for a while.
    ///   - expiry: Producer time before which nothing is kept; nil where that is unknown.
    ///   - fragments: Most fragments that one answer should hold.
    /// - Returns: First and last moment to ask for; nil where all is known.
    public func nextListing(
        from start: Timestamp,
        to end: Timestamp,
        now: Timestamp,
        settled: Timestamp,
        expiry: Timestamp? = nil,
        fragments: Int = 1000
    ) -> ClosedRange<Timestamp>? {
        let first = expiry.map { max($0, start) } ?? start
        let last = min(end, settled)
        let span = max(1000, meanDistance * Int64(fragments) * 9 / 10)
        if end.milliseconds - start.milliseconds > Self.wholeWindow {
            guard first <= last else { return nil }
            let part = ((end.milliseconds - start.milliseconds) / Self.samples).roundedUpToPowerOfTwo
            return sampleListing(first.milliseconds...last.milliseconds, each: part, span)
        }
        if first <= last, let missing = listed.missing(first.milliseconds, last.milliseconds).last {
            let from = max(missing.lowerBound, missing.upperBound - span)
            // A listing that reaches the live edge asks for all there is: what is newest is wanted most.
            let to = missing.upperBound >= settled.milliseconds ? now.milliseconds : missing.upperBound
            return Timestamp(milliseconds: from)...Timestamp(milliseconds: max(from, to))
        }
        return outwardListing(start: start, end: end, settled: settled, expiry: expiry, span: span)
    }

    /// Milliseconds of the longest window that is listed whole.
    private static let wholeWindow: Int64 = 86_400_000
    /// Most parts of a longer one, of which each is listed in its middle.
    private static let samples: Int64 = 64

    /// The middle of the next part of a window of which nothing is known: every sixteenth part first, then those
    /// between, from right to left.
    ///
    /// Parts are counted from 1970, and their length is a power of two: a window that moves on or grows does not begin
    /// anew.
    private func sampleListing(
        _ window: ClosedRange<Int64>,
        each length: Int64,
        _ span: Int64
    ) -> ClosedRange<Timestamp>? {
        let (first, last) = (window.lowerBound / length, window.upperBound / length)
        for step in [16, 8, 4, 2, 1] as [Int64] {
            for part in (first...last).reversed() where part % step == 0 {
                let middle = part * length + length / 2
                let half = min(span, length) / 2
                let from = max(window.lowerBound, middle - half)
                let to = min(window.upperBound, middle + half - 1)
                // What a listing holds is an estimate that changes: half of it is enough.
                guard from < to, listed.overlap(from, to) * 2 < to - from else { continue }
                return Timestamp(milliseconds: from)...Timestamp(milliseconds: to)
            }
        }
        return nil
    }

    /// One window's width to each side, at most a day: what a viewer reaches with the next key.
    private func outwardListing(
        start: Timestamp,
        end: Timestamp,
        settled: Timestamp,
        expiry: Timestamp?,
        span: Int64
    ) -> ClosedRange<Timestamp>? {
        let margin = min(end.milliseconds - start.milliseconds, 86_400_000)
        // Over a wide gap each look reaches twice as far as the last one.
        let empty = emptiness(before: start)
        let left = max(start.milliseconds - max(margin, 2 * empty), expiry?.milliseconds ?? .min)
        if left < start.milliseconds, let missing = listed.missing(left, start.milliseconds).last {
            let from = max(missing.lowerBound, missing.upperBound - max(span, empty))
            return Timestamp(milliseconds: from)...Timestamp(milliseconds: missing.upperBound)
        }
        let right = min(end.milliseconds + margin, settled.milliseconds)
        if end.milliseconds < right, let missing = listed.missing(end.milliseconds, right).first {
            let to = min(missing.upperBound, missing.lowerBound + span)
            return Timestamp(milliseconds: missing.lowerBound)...Timestamp(milliseconds: to)
        }
        return nil
    }

    /// Milliseconds before a moment that have been listed without a fragment, up to a month; 0 where a fragment is
    /// known in them, or none at all.
    private func emptiness(before time: Timestamp) -> Int64 {
        let month: Int64 = 31 * 86_400_000
        let end = time.milliseconds
        guard !spans.isEmpty else { return 0 }
        let listedFrom = listed.missing(end - month, end).last?.upperBound ?? end - month
        let index = timeIndex(time)
        guard listedFrom < end, index == 0 || spans[index - 1].start < listedFrom else { return 0 }
        // Beyond a month nothing is looked for any more.
        return min(end - listedFrom, month / 2)
    }

    /// Mean distance of the starts of the newest known fragments in milliseconds; 2 s where none are known.
    public var meanDistance: Int64 {
        let newest = spans.suffix(200)
        guard newest.count > 1 else { return 2000 }
        let distances = zip(newest, newest.dropFirst()).map { min($1.start - $0.start, 3 * ownLength($0)) }
        return max(1, distances.reduce(0, +) / Int64(distances.count))
    }

    private func ownLength(_ span: Span) -> Int64 {
        max(0, span.length) + frameInterval
    }
}

extension FragmentTimeline {
    /// The stretches of a range that have not been listed, earliest first.
    public func unlisted(from start: Timestamp, to end: Timestamp) -> [ClosedRange<Timestamp>] {
        guard start <= end else { return [] }
        return listed.missing(start.milliseconds, end.milliseconds).map {
            Timestamp(milliseconds: $0.lowerBound)...Timestamp(milliseconds: $0.upperBound)
        }
    }

    /// Start of the first fragment from a moment on that no listing has named.
    public func firstUnarchived(from time: Timestamp) -> Timestamp? {
        spans[timeIndex(time)...].first { !$0.isArchived }.map { Timestamp(milliseconds: $0.start) }
    }
}

extension Int64 {
    /// The least power of two that is no less; of positive numbers up to 2⁶².
    fileprivate var roundedUpToPowerOfTwo: Int64 {
        self <= 1 ? 1 : 1 << (Int64.bitWidth - (self - 1).leadingZeroBitCount)
    }
}
