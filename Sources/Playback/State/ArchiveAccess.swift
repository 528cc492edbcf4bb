import KinesisVideo

/// When the archive may be asked again.
struct ArchiveAccess: Sendable {
    /// Earliest moment for the next GetMediaForFragmentList: at most four a second.
    var nextFetch: Duration = .zero
    /// Earliest moment for the next ListFragments: at most four a second, and fewer while nothing waits for
    /// it.
    var nextListing: Duration = .zero
    /// Earliest moment for the next look at what has newly been archived.
    var nextTailListing: Duration = .zero
    /// When the range that ends at the live edge was listed last.
    var lastTailListing: Duration?
    var attempt = 0
    /// How often each fragment was missing that the listing names.
    var missing: [FragmentNumber: Int] = [:]
    /// Width of the last search for the oldest fragment.
    var probe: Int64 = 600_000
    /// True once something has failed for good.
    var refusal: MediaSourceError.Kind?
}
