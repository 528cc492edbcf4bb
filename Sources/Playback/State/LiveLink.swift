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
}
