package import KinesisVideo

/// Figures of streams where the service has no statistics feed: which calls are due, and what follows from their
/// answers.
///
/// ```
/// ListStreams     every 60 s
/// ListFragments   of the rows on the screen only, every 10 s each, the selected one first
///                 no more calls a second than allowed, all streams together
/// ```
/// Calls go out one at a time. Media is never asked for.
package struct StreamSurvey: Sendable {
    /// What is to be asked.
    package enum Call: Sendable, Hashable {
        /// All streams.
        case listStreams
        /// The fragments of a stream in a range of server time.
        case listFragments(stream: String, from: Timestamp, to: Timestamp)
    }

    /// What is known of one stream.
    private struct Listing {
        var info: StreamInfo
        var fragments: [FragmentInfo] = []
        /// When it was last asked for, and when that last went well.
        var tried: Timestamp?
        var listed: Timestamp?
        var fault: StreamStatistics.Fault?
    }

    private static let streamInterval: Int64 = 60_000

    private let interval: Int64
    private let callsPerSecond: Int
    private let window: Int64
    private var listings: [String: Listing] = [:]
    private var streamsListed: Timestamp?
    private var calls: [Timestamp] = []
    private var wanted: [String] = []

    /// Creates a survey that knows nothing yet.
    ///
    /// - Parameters:
    ///   - interval: Milliseconds between two listings of a stream.
    ///   - callsPerSecond: Calls a second at most.
    ///   - window: Milliseconds of the past that a stream is listed for.
    package init(interval: Int64, callsPerSecond: Int, window: Int64 = 300_000) {
        (self.interval, self.callsPerSecond, self.window) = (interval, callsPerSecond, window)
    }

    // MARK: Calls

    /// Notes which streams are on the screen, the selected one first.
    package mutating func watch(_ names: [String]) {
        wanted = names
    }

    /// Asks for everything again, as soon as the allowance lets it.
    package mutating func forget() {
        streamsListed = nil
        for name in listings.keys { listings[name]?.tried = nil }
    }

    /// The call that is due; nil where none is, or where one more would be too many.
    package mutating func nextCall(at now: Timestamp) -> Call? {
        calls.removeAll { now.milliseconds - $0.milliseconds >= 10_000 }
        guard calls.count(where: { now.milliseconds - $0.milliseconds < 1000 }) < callsPerSecond else {
            return nil
        }
        guard let call = dueCall(at: now) else { return nil }
        calls.append(now)
        return call
    }

    private func dueCall(at now: Timestamp) -> Call? {
        guard let streamsListed, now.milliseconds - streamsListed.milliseconds < Self.streamInterval else {
            return .listStreams
        }
        let due = wanted.filter { name in
            // What keeps nothing cannot be listed.
            guard let listing = listings[name], listing.info.dataRetentionInHours > 0 else { return false }
            return listing.tried.map { now.milliseconds - $0.milliseconds >= interval } ?? true
        }
        // The selected one first, then whoever waits longest.
        let selected = due.first { $0 == wanted.first }
        let oldest = due.min { age($0) < age($1) }
        return (selected ?? oldest).map { name in
            .listFragments(stream: name, from: now.advanced(byMilliseconds: -window), to: now)
        }
    }

    private func age(_ name: String) -> Int64 { listings[name]?.tried?.milliseconds ?? .min }

    // MARK: Answers

    /// Takes all streams; one that is not among them is gone.
    package mutating func take(_ streams: [StreamInfo], at now: Timestamp) {
        streamsListed = now
        let before = listings
        listings = [:]
        for info in streams {
            listings[info.streamName] = before[info.streamName] ?? Listing(info: info)
            listings[info.streamName]?.info = info
        }
    }

    /// Takes the fragments of a stream, in any order.
    package mutating func take(_ fragments: [FragmentInfo], of stream: String, at now: Timestamp) {
        listings[stream]?.tried = now
        listings[stream]?.listed = now
        listings[stream]?.fault = nil
        listings[stream]?.fragments = fragments.sorted { $0.number < $1.number }
    }

    /// Notes that a stream could not be listed; its figures stay.
    package mutating func fail(_ reason: String, of stream: String, at now: Timestamp) {
        listings[stream]?.tried = now
        if listings[stream]?.fault == nil { listings[stream]?.fault = .init(reason: reason, since: now) }
    }

    /// Notes that the streams could not be listed: the next try is as far off as one of a stream.
    package mutating func failStreams(at now: Timestamp) {
        streamsListed = now.advanced(byMilliseconds: interval - Self.streamInterval)
    }

    /// One line on where the figures come from.
    package func source(at now: Timestamp) -> String {
        let used = Double(calls.count { now.milliseconds - $0.milliseconds < 10_000 }) / 10
        return
            "ListFragments every \(interval / 1000) s · \(Figure.decimal(used, places: 1)) of \(callsPerSecond) calls/s used"
    }

    // MARK: Figures

    /// What is known of every stream; what such a service does not report stays unknown.
    package func statistics(at now: Timestamp) -> ServiceStatistics {
        let streams = listings.values.map { statistics(of: $0, at: now) }
        return ServiceStatistics(now: now, streams: streams.sorted { $0.name < $1.name })
    }

    private func statistics(of listing: Listing, at now: Timestamp) -> StreamStatistics {
        let (info, fragments) = (listing.info, listing.fragments)
        // Between two listings nothing is known of what has come since: the figures are those of the last one.
        var time = listing.listed ?? now
        let lengths = Self.lengths(of: fragments)
        // The newest fragment is listed only once it is archived: the moments since its end are not silence.
        if let end = zip(fragments, lengths).map({ $0.serverTimestamp.advanced(byMilliseconds: $1) }).max(),
            end < time, time.milliseconds - end.milliseconds < 10_000
        {
            time = end
        }
        let recent = fragments.count { time.milliseconds - $0.serverTimestamp.milliseconds < 60_000 }
        var statistics = StreamStatistics(
            name: info.streamName,
            arn: info.streamARN,
            status: info.status,
            retentionHours: info.dataRetentionInHours,
            mediaType: info.mediaType,
            bytesPerSecond: bytesPerSecond(of: fragments, lengths, at: time),
            fragmentsPerSecond: Double(recent) / 60,
            fault: listing.fault,
            asOf: time
        )
        guard let last = fragments.last, let length = lengths.last else { return statistics }
        statistics.meanFragmentMilliseconds =
            Double(lengths.suffix(30).reduce(0, +)) / Double(lengths.suffix(30).count)
        statistics.meanFragmentBytes =
            Double(fragments.suffix(30).reduce(0) { $0 + $1.size }) / Double(fragments.suffix(30).count)
        // A fragment is complete once its last frame has come.
        statistics.lastReceived = last.serverTimestamp.advanced(byMilliseconds: length)
        statistics.lastFragment = StreamStatistics.Fragment(last.metadata)
        return statistics
    }

    /// Milliseconds of each fragment: to the next one where the two touch, else what the service says.
    private static func lengths(of fragments: [FragmentInfo]) -> [Int64] {
        fragments.indices.map { index in
            let stated = max(1, fragments[index].length)
            guard index + 1 < fragments.count else { return stated }
            let distance =
                fragments[index + 1].producerTimestamp.milliseconds
                - fragments[index].producerTimestamp.milliseconds
            return distance > 0 && distance * 2 <= stated * 3 ? distance : stated
        }
    }

    /// Bytes of each second of the window, oldest first: those of a fragment lie evenly over its length.
    private func bytesPerSecond(
        of fragments: [FragmentInfo],
        _ lengths: [Int64],
        at time: Timestamp
    ) -> [Int] {
        guard !fragments.isEmpty else { return [] }
        let seconds = Int(window / 1000)
        var bytes = [Double](repeating: 0, count: seconds)
        let origin = time.milliseconds - window
        for (fragment, length) in zip(fragments, lengths) {
            let start = fragment.serverTimestamp.milliseconds - origin
            let end = min(Int64(seconds), (start + length + 999) / 1000)
            for second in stride(from: max(0, start / 1000), to: end, by: 1) {
                let overlap = min(start + length, second * 1000 + 1000) - max(start, second * 1000)
                bytes[Int(second)] += Double(fragment.size) * Double(max(0, overlap)) / Double(length)
            }
        }
        return bytes.map { Int($0) }
    }
}
