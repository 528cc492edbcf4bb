package import KinesisVideo
import Synchronization

/// The quotas of one running service: call rates, and connections at a time.
///
/// Without limits everything passes and nothing is counted. Asked after arguments and existence, ahead of every change.
///
/// Source: 09 Limits and quotas, "Order of checks".
package final class ServiceQuotas: Sendable {
    fileprivate struct Place: Hashable {
        var path: String
        var arn: String
    }

    private struct State {
        var budget = CallBudget()
        var connections: [Place: Int] = [:]
    }

    /// A connection that counts as long as this lives.
    package final class Connection: Sendable {
        private let quotas: ServiceQuotas
        private let place: Place

        fileprivate init(_ quotas: ServiceQuotas, _ place: Place) {
            self.quotas = quotas
            self.place = place
        }

        deinit { quotas.leave(place) }
    }

    private let limits: ServiceConfiguration.Limits
    private let clock: @Sendable () -> Timestamp
    private let state = Mutex(State())

    /// Creates quotas that nothing has been taken from.
    package init(_ limits: ServiceConfiguration.Limits, clock: @escaping @Sendable () -> Timestamp) {
        self.limits = limits
        self.clock = clock
    }

    /// Most streams of the account; nil for no limit.
    package var streams: Int? { limits == .aws ? CallQuota.streams : nil }

    /// Counts a call.
    ///
    /// - Throws: ClientLimitExceededException.
    package func admit(_ path: String, arn: String? = nil, points: Int = 1) throws(ServiceError) {
        guard limits == .aws else { return }
        let now = clock()
        try state.withLock { state throws(ServiceError) in
            try state.budget.take(path, arn: arn, points: points, at: now)
        }
    }

    /// Counts a call and a connection; the connection counts until what is returned is let go.
    ///
    /// - Throws: ClientLimitExceededException, ConnectionLimitExceededException.
    package func connect(_ path: String, arn: String, points: Int = 1) throws(ServiceError) -> Connection? {
        try admit(path, arn: arn, points: points)
        guard limits == .aws, let limit = CallQuota.quota(of: path).connections else { return nil }
        let place = Place(path: path, arn: arn)
        try state.withLock { state throws(ServiceError) in
            let count = state.connections[place, default: 0]
            guard count < limit else {
                let words = "\(limit) connections of \(path.dropFirst()) are on the stream already"
                // Source: 05 Archived media, which knows of no other limit of this operation.
                throw path == GetMediaForFragmentList.path ? .clientLimit(words) : .connectionLimit(words)
            }
            state.connections[place] = count + 1
        }
        return Connection(self, place)
    }

    /// The pace of a connection's media; nil where it is not limited.
    func pacer(_ path: String) -> MediaPacer? {
        let quota = CallQuota.quota(of: path)
        guard limits == .aws, let bytes = quota.bytesPerSecond else { return nil }
        let pace = MediaPace(
            bytesPerSecond: bytes,
            fragmentsPerSecond: quota.fragmentsPerSecond,
            at: clock()
        )
        return MediaPacer(pace, clock: clock)
    }

    private func leave(_ place: Place) {
        state.withLock { state in
            let count = state.connections[place, default: 0] - 1
            state.connections[place] = count > 0 ? count : nil
        }
    }
}
