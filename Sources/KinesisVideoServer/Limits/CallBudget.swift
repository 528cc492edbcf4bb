package import KinesisVideo

/// What is left of the call rates of an account and its streams.
///
/// A refused call costs nothing. Holds no clock: the moment comes with each call.
package struct CallBudget: Sendable {
    private enum Key: Hashable {
        case account(path: String)
        case stream(arn: String, path: String)
        case points(CallQuota.Points, arn: String)
    }

    /// From this many buckets on, those that are full again are forgotten.
    private static let tidyFrom = 4096

    private var buckets: [Key: TokenBucket] = [:]
    private var tidyAt = Self.tidyFrom

    /// Creates a budget that nothing has been taken from.
    package init() {}

    /// Takes a call from every rate that it counts for, or from none.
    ///
    /// - Parameters:
    ///   - path: the operation.
    ///   - arn: the stream; nil for calls on the account.
    ///   - points: fragments that the call asks for.
    ///   - now: the moment of the call.
    /// - Throws: ClientLimitExceededException that names the rate.
    package mutating func take(_ path: String, arn: String?, points: Int = 1, at now: Timestamp)
        throws(ServiceError)
    {
        var charges: [(key: Key, perSecond: Int, cost: Int)] = []
        let quota = CallQuota.quota(of: path)
        if let rate = quota.perAccount { charges.append((.account(path: path), rate, 1)) }
        if let arn {
            if let rate = quota.perStream { charges.append((.stream(arn: arn, path: path), rate, 1)) }
            if let kind = quota.points {
                charges.append((.points(kind, arn: arn), kind.perSecond, points))
            }
        }
        for charge in charges {
            buckets[charge.key, default: TokenBucket(perSecond: charge.perSecond, at: now)].advance(to: now)
            guard buckets[charge.key]?.has(charge.cost) == false else { continue }
            throw .clientLimit("more than \(Self.words(charge.key, charge.perSecond))")
        }
        for charge in charges { buckets[charge.key]?.take(charge.cost) }
        tidy(at: now)
    }

    private static func words(_ key: Key, _ perSecond: Int) -> String {
        switch key {
        case .account(let path): "\(perSecond) calls of \(path.dropFirst()) a second"
        case .stream(_, let path): "\(perSecond) calls of \(path.dropFirst()) a second on one stream"
        case .points(.metadata, _): "\(perSecond) fragments listed a second on one stream"
        case .points(.media, _): "\(perSecond) fragments fetched a second on one stream"
        }
    }

    /// Costs one pass each time the number of buckets has doubled.
    private mutating func tidy(at now: Timestamp) {
        guard buckets.count >= tidyAt else { return }
        for key in buckets.keys { buckets[key]?.advance(to: now) }
        buckets = buckets.filter { !$0.value.isFull }
        tidyAt = max(Self.tidyFrom, buckets.count * 2)
    }
}
