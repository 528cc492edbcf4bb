public import KinesisVideo

/// Everything known of the fragments of one stream, by producer time and by number.
///
/// ```
/// listed     [-----------------------------]      [---------]      absence is known here
/// by time    |0 |1 |2 |3      |4 |5 |6 |7 |8      |12|13|14|       a gap behind 3
/// by number   0  1  2  3       4  5  6  7  8       12 13 14        12 is not known to follow 8
/// ```
/// Times are the producer's, in milliseconds where they are numbers. Looking up a fragment is a binary
/// search; adding at either end moves no entry, adding in the middle moves those behind it.
public struct FragmentTimeline: Sendable {
    /// What comes after a fragment in the order of numbers.
    public enum Follower: Sendable, Hashable {
        /// This fragment, and nothing between.
        case fragment(FragmentInfo)
        /// Not known: nobody has listed or received what comes behind.
        case unknown
    }

    struct Entry: Sendable, Hashable {
        var info: FragmentInfo
        var isArchived: Bool
        /// True where one connection named this fragment right after the entry before it by number.
        var followsPrevious: Bool
    }

    /// What columns are computed from: no references, so that a scan touches plain memory only.
    struct Span: Sendable, Hashable {
        var start: Int64
        var length: Int64
        var size: Int
        var isArchived: Bool

        init(_ info: FragmentInfo, isArchived: Bool) {
            start = info.producerTimestamp.milliseconds
            length = info.length
            size = info.size
            self.isArchived = isArchived
        }
    }

    private(set) var byNumber: [Entry] = []
    private(set) var byTime: [FragmentInfo] = []
    private(set) var spans: [Span] = []
    private(set) var listed = TimeRanges()

    /// Mean time between two frames in milliseconds, at least 1: the length of a fragment's last frame.
    ///
    /// Taken from listings; media that has been seen gives a better value.
    public var frameInterval: Int64 = 40 {
        didSet { frameInterval = max(1, frameInterval) }
    }

    /// Creates a timeline of which nothing is known.
    public init() {}

    /// Number of fragments known.
    public var count: Int { byNumber.count }
    /// The fragment with the earliest producer time.
    public var oldest: FragmentInfo? { byTime.first }
    /// The fragment with the latest producer time.
    public var newest: FragmentInfo? { byTime.last }
    /// The fragment with the greatest number.
    public var lastByNumber: FragmentInfo? { byNumber.last?.info }
    /// The archived fragment with the greatest number.
    public var lastArchived: FragmentInfo? { byNumber.last(where: \.isArchived)?.info }

    /// Takes in a listing.
    ///
    /// Fragments of the range that were archived and are not listed any more are dropped.
    ///
    /// - Parameters:
    ///   - fragments: The whole answer, in any order.
    ///   - start: First moment asked for.
    ///   - end: Last moment asked for.
    ///   - settled: The last moment whose absence from the answer is final: the service may list what it has
    ///   just
    ///     received a little later.
    public mutating func merge(
        _ fragments: [FragmentInfo],
        from start: Timestamp,
        to end: Timestamp,
        settled: Timestamp
    ) {
        var sorted = fragments.compactMap(\.plausible).sorted { $0.number < $1.number }
        sorted = sorted.indices.filter { $0 == 0 || sorted[$0 - 1].number != sorted[$0].number }.map {
            sorted[$0]
        }
        replaceByTime(from: start, to: end, with: sorted)
        spliceByNumber(sorted)
        let last = min(end, settled)
        if start <= last { listed.insert(start.milliseconds, last.milliseconds) }
        learnFrameInterval(from: sorted)
    }

    /// Takes in a fragment that came by GetMedia, complete or as far as it goes.
    ///
    /// - Parameters:
    ///   - info: The fragment; one that is known already gets the greater size and length.
    ///   - previous: The number that the service named before it on the same connection, or was asked to go
    ///   on
    ///     from: between the two there is nothing.
    public mutating func insertLive(_ info: FragmentInfo, after previous: FragmentNumber?) {
        guard var info = info.plausible else { return }
        if let known = fragment(info.number) {
            info.size = max(info.size, known.size)
            info.length = max(info.length, known.length)
        }
        if let previous {
            // What was thought to lie between has not come to be: its producer went away in the middle of it.
            while let between = self.previous(before: info.number), between.number > previous {
                remove(between)
            }
        }
        insert(info, after: previous)
        let end = info.producerTimestamp.advanced(byMilliseconds: info.length).milliseconds
        var start = info.producerTimestamp.milliseconds
        if let previous, let before = fragment(previous)?.producerTimestamp, before <= info.producerTimestamp
        {
            start = before.milliseconds
        }
        listed.insert(start, max(start, end))
    }

    /// Forgets fragments whose server timestamp is older.
    ///
    /// Cost: none where the oldest is young enough.
    public mutating func expire(before serverTime: Timestamp) {
        guard let first = byNumber.first, first.info.serverTimestamp < serverTime else { return }
        let gone = byNumber.prefix { $0.info.serverTimestamp < serverTime }.map(\.info)
        for info in gone { remove(info) }
    }

    /// Forgets one fragment that the service says it has not.
    public mutating func forget(_ number: FragmentNumber) {
        guard let info = fragment(number) else { return }
        remove(info)
    }

    /// The fragment with this number.
    public func fragment(_ number: FragmentNumber) -> FragmentInfo? {
        let index = numberIndex(number)
        guard index < byNumber.count, byNumber[index].info.number == number else { return nil }
        return byNumber[index].info
    }

    /// True where a known fragment of a smaller number has the same producer timestamp: the producer has sent it
    /// again, not knowing that it had arrived.
    public func isSentAgain(_ metadata: FragmentMetadata) -> Bool {
        let index = timeIndex(metadata.producerTimestamp)
        return index < byTime.count && byTime[index].producerTimestamp == metadata.producerTimestamp
            && byTime[index].number < metadata.number
    }

    /// True where the fragment has been seen in a listing.
    public func isArchived(_ number: FragmentNumber) -> Bool {
        let index = numberIndex(number)
        return index < byNumber.count && byNumber[index].info.number == number && byNumber[index].isArchived
    }

    /// What comes after a fragment in the order of numbers.
    ///
    /// Known where a connection has named the two one after the other, or where all time between them is
    /// listed.
    public func follower(of number: FragmentNumber) -> Follower {
        var index = numberIndex(number)
        guard index < byNumber.count, byNumber[index].info.number == number else { return .unknown }
        index += 1
        guard index < byNumber.count else { return .unknown }
        let starts = [byNumber[index - 1], byNumber[index]].map(\.info.producerTimestamp.milliseconds)
            .sorted()
        let isListedBetween = listed.missing(starts[0], starts[1]).isEmpty
        return byNumber[index].followsPrevious || isListedBetween ? .fragment(byNumber[index].info) : .unknown
    }

    /// The known fragment with the next greater number, whether or not something unknown lies between.
    public func next(after number: FragmentNumber) -> FragmentInfo? {
        var index = numberIndex(number)
        if index < byNumber.count, byNumber[index].info.number == number { index += 1 }
        return index < byNumber.count ? byNumber[index].info : nil
    }

    /// The known fragment with the next smaller number.
    public func previous(before number: FragmentNumber) -> FragmentInfo? {
        let index = numberIndex(number)
        return index > 0 ? byNumber[index - 1].info : nil
    }

    /// Number of known fragments with a greater number.
    public func count(after number: FragmentNumber) -> Int {
        byNumber.count - numberIndex(number) - (fragment(number) == nil ? 0 : 1)
    }

    /// True where absence at this moment would be known.
    public func isListed(at time: Timestamp) -> Bool {
        listed.contains(time.milliseconds)
    }
}

// MARK: - Entries

extension FragmentTimeline {
    private mutating func insert(_ info: FragmentInfo, after previous: FragmentNumber?) {
        let index = numberIndex(info.number)
        if index < byNumber.count, byNumber[index].info.number == info.number {
            removeByTime(byNumber[index].info)
            byNumber[index].info = info
        } else {
            byNumber.insert(Entry(info: info, isArchived: false, followsPrevious: false), at: index)
            if index + 1 < byNumber.count { byNumber[index + 1].followsPrevious = false }
        }
        insertByTime(info, isArchived: byNumber[index].isArchived)
        if let previous, index > 0, byNumber[index - 1].info.number == previous {
            byNumber[index].followsPrevious = true
        }
    }

    private mutating func remove(_ info: FragmentInfo) {
        removeByNumber(info.number)
        removeByTime(info)
    }

    private mutating func removeByNumber(_ number: FragmentNumber) {
        let index = numberIndex(number)
        guard index < byNumber.count, byNumber[index].info.number == number else { return }
        let removed = byNumber.remove(at: index)
        // The neighbours had nothing but this one between them only where both sides were known.
        if index < byNumber.count, !removed.followsPrevious { byNumber[index].followsPrevious = false }
    }

    /// Puts a listing in the place of what was archived in its range; moves what lies behind once.
    private mutating func replaceByTime(from start: Timestamp, to end: Timestamp, with sorted: [FragmentInfo])
    {
        let times = sorted.map(\.producerTimestamp)
        let range =
            timeIndex(
                min(start, times.min() ?? start)
            )..<firstIndex(below: spans.count) {
                spans[$0].start <= max(end, times.max() ?? end).milliseconds
            }
        let numbers = Set(sorted.map(\.number))
        var merged = sorted.map { (info: $0, isArchived: true) }
        for index in range where !numbers.contains(byTime[index].number) {
            guard spans[index].isArchived else {
                merged.append((byTime[index], false))
                continue
            }
            removeByNumber(byTime[index].number)
        }
        merged.sort {
            ($0.info.producerTimestamp, $0.info.number) < ($1.info.producerTimestamp, $1.info.number)
        }
        byTime.replaceSubrange(range, with: merged.map(\.info))
        spans.replaceSubrange(range, with: merged.map { Span($0.info, isArchived: $0.isArchived) })
    }

    private mutating func spliceByNumber(_ sorted: [FragmentInfo]) {
        guard let first = sorted.first, let last = sorted.last else { return }
        let range =
            numberIndex(
                first.number
            )..<firstIndex(below: byNumber.count) {
                byNumber[$0].info.number <= last.number
            }
        let isLastNew = range.isEmpty || byNumber[range.upperBound - 1].info.number != last.number
        if isLastNew, range.upperBound < byNumber.count { byNumber[range.upperBound].followsPrevious = false }
        var merged: [Entry] = []
        var known = byNumber[range]
        for info in sorted {
            while let entry = known.first, entry.info.number < info.number {
                merged.append(known.removeFirst())
            }
            if let entry = known.first, entry.info.number == info.number {
                merged.append(Entry(info: info, isArchived: true, followsPrevious: entry.followsPrevious))
                known.removeFirst()
            } else {
                merged.append(Entry(info: info, isArchived: true, followsPrevious: false))
                if !known.isEmpty { known[known.startIndex].followsPrevious = false }
            }
        }
        byNumber.replaceSubrange(range, with: merged)
    }

    private mutating func insertByTime(_ info: FragmentInfo, isArchived: Bool) {
        let index = timeIndex(info)
        byTime.insert(info, at: index)
        spans.insert(Span(info, isArchived: isArchived), at: index)
    }

    private mutating func removeByTime(_ info: FragmentInfo) {
        let index = timeIndex(info)
        guard index < byTime.count, byTime[index].number == info.number else { return }
        byTime.remove(at: index)
        spans.remove(at: index)
    }

    /// Distances of touching neighbours less their listed lengths: each is one frame interval.
    private mutating func learnFrameInterval(from sorted: [FragmentInfo]) {
        let intervals = zip(sorted, sorted.dropFirst()).prefix(100).compactMap { left, right -> Int64? in
            let distance = right.producerTimestamp.milliseconds - left.producerTimestamp.milliseconds
            let interval = distance - left.length
            return interval > 0 && interval <= max(1000, left.length / 2) ? interval : nil
        }
        guard intervals.count >= 3 else { return }
        frameInterval = intervals.sorted()[intervals.count / 2]
    }

    /// Place of the first entry whose number is not smaller.
    func numberIndex(_ number: FragmentNumber) -> Int {
        firstIndex(below: byNumber.count) { byNumber[$0].info.number < number }
    }

    /// Place of the first entry that does not start earlier.
    func timeIndex(_ time: Timestamp) -> Int {
        firstIndex(below: spans.count) { spans[$0].start < time.milliseconds }
    }

    private func timeIndex(_ info: FragmentInfo) -> Int {
        let start = info.producerTimestamp.milliseconds
        return firstIndex(below: spans.count) {
            spans[$0].start == start ? byTime[$0].number < info.number : spans[$0].start < start
        }
    }

    /// Binary search for the end of the prefix for which `isBefore` holds; the last place is tried first,
    /// because live fragments come there.
    private func firstIndex(below count: Int, where isBefore: (Int) -> Bool) -> Int {
        var (low, high) = (0, count)
        if count > 0, isBefore(count - 1) { return count }
        while low < high {
            let middle = (low + high) / 2
            if isBefore(middle) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
