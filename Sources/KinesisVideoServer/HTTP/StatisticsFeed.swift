import FragmentStorage
import KinesisVideo
import NIOCore
import Synchronization

/// The feed for monitors: made at most twice a second, however many ask and whatever is in their reach.
final class StatisticsFeed: Sendable {
    private struct Made: Sendable {
        /// Ages are measured on a clock that nobody sets back.
        let time: ContinuousClock.Instant
        let statistics: ServiceStatistics
        /// The JSON of all streams, once somebody has asked for that.
        var body: ByteBuffer?
    }

    private let store: FragmentStore
    /// Held while statistics are made: who asks meanwhile gets the same.
    private let made = Mutex<Made?>(nil)

    init(store: FragmentStore) {
        self.store = store
    }

    /// The feed, cut to the streams in reach.
    func body(for grant: AccessGrant) throws -> ByteBuffer {
        guard grant.streamPrefixes != nil else { return try wholeBody() }
        var statistics = made.withLock { made in refresh(&made).statistics }
        statistics.streams.removeAll { !grant.covers($0.name) }
        return try JSONBody.encode(statistics)
    }

    private func wholeBody() throws -> ByteBuffer {
        try made.withLock { made in
            var current = refresh(&made)
            if let body = current.body { return body }
            let body = try JSONBody.encode(current.statistics)
            current.body = body
            made = current
            return body
        }
    }

    /// What was made last, made anew where that is too old.
    private func refresh(_ made: inout Made?) -> Made {
        let now = ContinuousClock.now
        if let made, made.time.duration(to: now) < .milliseconds(500) { return made }
        let new = Made(time: now, statistics: store.statistics(), body: nil)
        made = new
        return new
    }
}
