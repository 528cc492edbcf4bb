import KinesisVideo

/// Figures of what a stream receives; every record and every read costs the same, however much there was.
struct StreamMeter {
    private var bytes = SecondRing(seconds: 301)
    private var fragments = SecondRing(seconds: 61)
    private var recent: [(size: Int, distance: Int64?)] = []
    private var oldest = 0
    /// Bytes received, imports left out.
    private(set) var totalBytes = 0
    /// Complete fragments received, imports left out.
    private(set) var totalFragments = 0
    private(set) var lastReceived: Timestamp?
    private(set) var lastFragment: FragmentMetadata?
    /// Milliseconds from complete to durable, for the last fragment.
    var persistMilliseconds: Double?

    /// Fragments that the means are taken over.
    private static let window = 30

    /// Counts bytes that came in.
    mutating func receive(_ count: Int, at now: Timestamp) {
        bytes.add(count, at: now)
        totalBytes += count
    }

    /// Counts an imported fragment as if it had come in evenly from its server timestamp on.
    mutating func receiveImported(_ info: FragmentInfo, at now: Timestamp) {
        let begin = info.metadata.serverTimestamp.milliseconds
        let length = max(1, info.length)
        guard now.milliseconds - begin < 300_000 else { return }
        var counted = 0
        for second in stride(from: begin - begin % 1000, to: min(begin + length, now.milliseconds), by: 1000)
        {
            let arrived = min(length, second + 1000 - begin)
            let total = Int(Double(info.size) * Double(arrived) / Double(length))
            bytes.addPast(total - counted, at: Timestamp(milliseconds: second))
            counted = total
        }
    }

    /// Counts a complete fragment, and how far its start lies behind that of the one before.
    mutating func complete(_ info: FragmentInfo, sincePrevious distance: Int64?, at now: Timestamp) {
        fragments.add(1, at: now)
        totalFragments += 1
        lastReceived = now
        lastFragment = info.metadata
        if recent.count < Self.window {
            recent.append((info.size, distance))
        } else {
            recent[oldest] = (info.size, distance)
            oldest = (oldest + 1) % Self.window
        }
    }

    /// Bytes in each of the last whole seconds, oldest first.
    func bytesPerSecond(at now: Timestamp) -> [Int] { bytes.values(at: now) }

    /// Complete fragments a second over the last minute.
    func fragmentsPerSecond(at now: Timestamp) -> Double {
        Double(fragments.values(at: now).reduce(0, +)) / 60
    }

    /// Mean size of the last fragments in bytes.
    var meanBytes: Double? {
        recent.isEmpty ? nil : Double(recent.reduce(0) { $0 + $1.size }) / Double(recent.count)
    }

    /// Mean milliseconds between the starts of the last fragments; nil while there is no pair of them.
    var meanMilliseconds: Double? {
        let distances = recent.compactMap(\.distance)
        return distances.isEmpty ? nil : Double(distances.reduce(0, +)) / Double(distances.count)
    }
}

/// Counts by the second, for as many seconds as it has places.
struct SecondRing {
    private var counts: [Int]
    private var first: Int64?
    private var newest: Int64 = 0

    init(seconds: Int) {
        counts = Array(repeating: 0, count: seconds)
    }

    /// Adds to the second of `now`; a clock that was set back adds to the newest one.
    mutating func add(_ count: Int, at now: Timestamp) {
        let second = Self.second(of: now)
        if first == nil {
            first = second
            newest = second
        }
        if second > newest {
            for passed in max(newest + 1, second - Int64(counts.count) + 1)...second { self[passed] = 0 }
            newest = second
        }
        self[newest] += count
    }

    /// Adds to a second that may lie before the first one counted; what is too old for the ring is left out.
    mutating func addPast(_ count: Int, at moment: Timestamp) {
        let second = Self.second(of: moment)
        guard let oldest = first, second <= newest else { return add(count, at: moment) }
        guard second > newest - Int64(counts.count) else { return }
        if second < oldest {
            for earlier in second..<min(oldest, newest + 1) { self[earlier] = 0 }
            first = second
        }
        self[second] += count
    }

    /// The whole seconds before `now`, oldest first, from the first one counted on.
    func values(at now: Timestamp) -> [Int] {
        guard let first else { return [] }
        let running = Self.second(of: now)
        let oldest = max(first, running - Int64(counts.count) + 1)
        guard oldest < running else { return [] }
        return (oldest..<running).map { second in
            second > newest || second <= newest - Int64(counts.count) ? 0 : self[second]
        }
    }

    private static func second(of moment: Timestamp) -> Int64 {
        let (quotient, remainder) = moment.milliseconds.quotientAndRemainder(dividingBy: 1000)
        return remainder < 0 ? quotient - 1 : quotient
    }

    private subscript(second: Int64) -> Int {
        get { counts[place(second)] }
        set { counts[place(second)] = newValue }
    }

    private func place(_ second: Int64) -> Int {
        let remainder = Int(second % Int64(counts.count))
        return remainder < 0 ? remainder + counts.count : remainder
    }
}
