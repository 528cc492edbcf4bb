package import KinesisVideo

/// One stream of the list: its last report, and what follows from it at a moment.
package struct StreamRow: Sendable, Hashable {
    /// What a stream is doing.
    package enum State: Int, Sendable, Hashable, Comparable {
        /// Data arrived just now.
        case live
        /// Data arrived within five minutes.
        case idle
        /// Older data, or none.
        case off
        /// The stream is being made.
        case new
        /// The stream is being changed.
        case edit
        /// The stream is being deleted.
        case delete
        /// Its figures cannot be had.
        case error

        /// Orders as listed.
        package static func < (left: State, right: State) -> Bool { left.rawValue < right.rawValue }
    }

    /// The last report.
    package var statistics: StreamStatistics
    /// The service's clock at the report.
    package var reported: Timestamp
    /// Why there is no newer report; nil where there is.
    package var fault: String?

    /// Creates a row.
    package init(statistics: StreamStatistics, reported: Timestamp, fault: String? = nil) {
        self.statistics = statistics
        self.reported = reported
        self.fault = fault
    }

    /// Its name.
    package var name: String { statistics.name }

    /// The codec of its first track as the media type names it: `h264`; nil where there is no media type.
    package var codec: String? {
        statistics.mediaType.map { type in
            let first = type.prefix { $0 != "," }
            return String(first.split(separator: "/").last ?? first)
        }
    }

    /// What it is doing at a moment of the service's clock.
    package func state(at now: Timestamp) -> State {
        if fault != nil { return .error }
        switch statistics.status {
        case .creating: return .new
        case .updating: return .edit
        case .deleting: return .delete
        case .active: break
        }
        guard let age = age(at: now) else { return .off }
        if age <= max(10_000, Int64(3 * (statistics.meanFragmentMilliseconds ?? 0))) { return .live }
        return age <= 300_000 ? .idle : .off
    }

    /// Milliseconds since the last complete fragment had been received; nil where there was none.
    package func age(at now: Timestamp) -> Int64? {
        statistics.lastReceived.map { max(0, now.milliseconds - $0.milliseconds) }
    }

    /// Bits a second over the last ten seconds of the report; nil where nothing arrives.
    package func bitRate(at now: Timestamp) -> Double? {
        let seconds = statistics.bytesPerSecond.suffix(10)
        guard !seconds.isEmpty, isArriving(at: now) else { return nil }
        return Double(seconds.reduce(0, +)) * 8 / Double(seconds.count)
    }

    /// True while data arrives; of a stream that cannot be asked any more, where it did at the last report.
    private func isArriving(at now: Timestamp) -> Bool {
        switch state(at: now) {
        case .live: true
        case .error: statistics.bytesPerSecond.suffix(10).contains { $0 > 0 }
        case .idle, .off, .new, .edit, .delete: false
        }
    }

    /// What the lag is.
    package enum Lag: Sendable, Hashable {
        /// Milliseconds from the producer's time stamp to the service's.
        case milliseconds(Int64)
        /// The producer's clock is beyond all reason: more than 1 s ahead or 1 h behind.
        case skew
    }

    /// Server time less producer time of the last fragment; nil where nothing arrives.
    package func lag(at now: Timestamp) -> Lag? {
        guard let fragment = statistics.lastFragment, isArriving(at: now) else {
            return nil
        }
        let lag = fragment.serverTimestamp.milliseconds - fragment.producerTimestamp.milliseconds
        return lag < -1000 || lag > 3_600_000 ? .skew : .milliseconds(lag)
    }

    /// Milliseconds that the service's clock is ahead of the producer's, where that one is beyond all reason, else 0.
    package var producerSkew: Int64 {
        guard let last = statistics.lastFragment else { return 0 }
        let lag = last.serverTimestamp.milliseconds - last.producerTimestamp.milliseconds
        return lag < -1000 || lag > 3_600_000 ? lag : 0
    }

    /// Bar heights of the last seconds, 0 to 8, oldest first.
    ///
    /// 0 means that nothing arrived, or that nothing is known since an old report; the smallest amount is 1.
    ///
    /// - Parameters:
    ///   - columns: How many bars.
    ///   - seconds: How far back they reach.
    ///   - now: The service's clock.
    ///   - highest: Mean bytes a second of a full bar; nil for the stream's own highest.
    /// - Returns: `columns` heights.
    package func bars(columns: Int, seconds: Int, at now: Timestamp, highest: Double? = nil) -> [Int] {
        let missing = min(seconds, max(0, Int(now.milliseconds - reported.milliseconds) / 1000))
        let known = statistics.bytesPerSecond + [Int](repeating: 0, count: missing)
        let means = Self.means(known, columns: columns, seconds: seconds)
        let highest = highest ?? highestMean(columns: columns, seconds: seconds)
        guard highest > 0 else { return [Int](repeating: 0, count: columns) }
        return means.map { $0 > 0 ? min(8, max(1, Int(($0 / highest * 8).rounded(.up)))) : 0 }
    }

    /// The highest mean of a column in all that was reported, in bytes a second.
    package func highestMean(columns: Int, seconds: Int) -> Double {
        let window = max(seconds, (statistics.bytesPerSecond.count + seconds - 1) / seconds * seconds)
        let all = Self.means(
            statistics.bytesPerSecond,
            columns: columns * (window / seconds),
            seconds: window
        )
        return all.max() ?? 0
    }

    /// Mean bytes a second of each column; seconds belong to one column whole.
    private static func means(_ bytes: [Int], columns: Int, seconds: Int) -> [Double] {
        var sums = [(bytes: Int, seconds: Int)](repeating: (0, 0), count: columns)
        for second in 0..<seconds {
            let index = bytes.count - seconds + second
            let column = second * columns / seconds
            sums[column].bytes += index >= 0 ? bytes[index] : 0
            sums[column].seconds += 1
        }
        return sums.map { $0.seconds > 0 ? Double($0.bytes) / Double($0.seconds) : 0 }
    }
}
