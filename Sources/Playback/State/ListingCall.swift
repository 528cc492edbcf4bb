import KinesisVideo

/// A ListFragments call.
struct ListingCall: Sendable, Hashable {
    var request: Int
    var range: ClosedRange<Timestamp>
    /// Latest moment whose absence is final.
    var settled: Timestamp
}
