import KinesisVideo

/// The GetMedia connection.
struct LiveLink: Sendable {
    enum Phase: Sendable, Hashable {
        case closed
        case open(request: Int)
        case waiting(until: Duration)
        case refused(MediaSourceError.Kind)
    }

    var phase = Phase.closed
    /// Where to begin while no fragment has come.
    var selector = StartSelector.now
    /// The last complete fragment that came, or the one to go on from.
    var lastComplete: FragmentNumber?
    /// The fragment that is coming.
    var current: FragmentNumber?
    /// Failures in a row.
    var attempt = 0
    /// True until the first fragment: playback begins with it.
    var isAwaited = false
    /// True until the first fragment of a connection.
    var isFresh = false
    /// The fragment before which the service had kept nothing any more.
    var lossBefore: FragmentNumber?
    /// Producer time up to which the producer sends what it has sent before.
    var sentAgainUntil: Timestamp?
    /// When the connection that is to come back was lost, by the wall clock.
    var lostAt: Timestamp?
    /// When the connection was dropped because the memory was full.
    var droppedAt: Duration?
    /// Time since the connection last brought anything.
    var silence = Duration.zero
    /// Connections in a row that fell silent before a fragment was complete.
    var silentEnds = 0
    /// Earliest moment for the next connection that nobody has asked for.
    var nextOpening: Duration = .zero

    /// The last fragment of the connection: what comes next follows it.
    var tail: FragmentNumber? { current ?? lastComplete }

    var isActive: Bool {
        switch phase {
        case .open, .waiting: true
        case .closed, .refused: false
        }
    }

    /// Time to wait before the try after `failures` in a row.
    static func delay(after failures: Int) -> Duration {
        .seconds([1, 2, 4, 8, 15][min(max(failures, 1), 5) - 1])
    }

    /// The same, up to a fifth shorter: players that lost one service do not come back all at once.
    ///
    /// Two players hardly ever fail in the same microsecond: that is all the chance it takes.
    static func delay(after failures: Int, at now: PlayerTime) -> Duration {
        let parts = now.elapsed.components
        let microseconds = UInt64(
            bitPattern: parts.seconds &* 1_000_000 &+ parts.attoseconds / 1_000_000_000_000
        )
        let mixed = (microseconds ^ UInt64(bitPattern: now.wall.milliseconds)) &* 0x9E37_79B9_7F4A_7C15
        return delay(after: failures) * (1 - 0.2 * Double(mixed >> 11) * 0x1p-53)
    }
}

/// A GetMediaForFragmentList call.
struct FetchCall: Sendable, Hashable {
    var request: Int
    var numbers: [FragmentNumber]
    /// The fragment that is coming.
    var current: FragmentNumber?
    var completed: Set<FragmentNumber> = []
    /// Time since the call last brought anything.
    var silence = Duration.zero

    /// Fragments still to come.
    var remaining: [FragmentNumber] { numbers.filter { !completed.contains($0) } }
}

/// A ListFragments call.
struct ListingCall: Sendable, Hashable {
    var request: Int
    var range: ClosedRange<Timestamp>
    /// Latest moment whose absence is final.
    var settled: Timestamp
}

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

    static let spacing = Duration.milliseconds(250)
}
