package import KinesisVideo

/// A rate as a bucket: it fills evenly, holds one second's worth, and calls take from it.
///
/// A call that costs more than the bucket holds waits until it is full and leaves a debt, so that every legal call
/// gets through sometime. Holds no clock: advance it to the moment that a question is about.
package struct TokenBucket: Sendable, Hashable {
    private let perSecond: Int64
    /// In thousandths, so that milliseconds fill it exactly.
    private var level: Int64
    private var moment: Timestamp

    /// Creates a full bucket.
    package init(perSecond: Int, at now: Timestamp) {
        self.perSecond = Int64(perSecond)
        level = self.perSecond * 1000
        moment = now
    }

    private var capacity: Int64 { perSecond * 1000 }

    /// Fills in what has come back since the last moment.
    ///
    /// A clock that was set back fills nothing and counts from there; one that was set ahead fills the bucket, no more.
    package mutating func advance(to now: Timestamp) {
        let elapsed = max(0, now.milliseconds.subtractingReportingOverflow(moment.milliseconds).partialValue)
        let (gain, overflow) = elapsed.multipliedReportingOverflow(by: perSecond)
        level = overflow ? capacity : min(capacity, level + gain)
        moment = now
    }

    /// True once nothing is missing, when it says no more than a new one would.
    package var isFull: Bool { level == capacity }

    /// True where `cost` may be taken.
    package func has(_ cost: Int) -> Bool {
        level >= min(Int64(cost) * 1000, capacity)
    }

    /// Takes `cost`, into debt where the bucket has less.
    package mutating func take(_ cost: Int) {
        level -= Int64(cost) * 1000
    }

    /// Milliseconds until a debt is paid; 0 without one.
    package var debt: Int64 { max(0, (-level + perSecond - 1) / perSecond) }
}
