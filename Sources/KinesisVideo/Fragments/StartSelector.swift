/// Where a GetMedia reader begins.
///
/// Source: 04 GetMedia, "Request".
public enum StartSelector: Sendable, Hashable {
    /// The newest complete fragment of the live buffer, or the next one to come.
    case now
    /// The oldest fragment kept.
    case earliest
    /// The fragment after this number, whether the number itself is known or not.
    case afterFragment(FragmentNumber)
    /// The fragment that covers this moment of the server's clock, else the next one.
    case serverTimestamp(Timestamp)
    /// The lowest-numbered fragment that covers this moment of the producer's clock, else the next one.
    case producerTimestamp(Timestamp)
    /// The fragment after the one that carried this token.
    case continuationToken(String)
}

/// Which clock a range or a start is measured on.
public enum FragmentClock: String, MemberWord {
    /// When the service began to receive the fragment.
    case server = "SERVER_TIMESTAMP"
    /// When the producer says the fragment starts.
    case producer = "PRODUCER_TIMESTAMP"
}

/// The fragments whose start lies in a range, both ends included.
///
/// Source: 05 Archived media, "ListFragments".
public struct FragmentSelector: Sendable, Hashable {
    /// The clock that the range is measured on.
    public var clock: FragmentClock
    /// First moment.
    public var start: Timestamp
    /// Last moment, included.
    public var end: Timestamp

    /// Creates a selector.
    public init(clock: FragmentClock, start: Timestamp, end: Timestamp) {
        self.clock = clock
        self.start = start
        self.end = end
    }
}
