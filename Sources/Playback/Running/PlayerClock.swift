public import KinesisVideo

/// One moment on both clocks of a player.
public struct PlayerTime: Sendable, Hashable {
    /// Time since the clock's own origin; never goes back.
    public var elapsed: Duration
    /// Wall time, as the streams' timestamps mean it.
    public var wall: Timestamp

    /// Creates a moment.
    public init(elapsed: Duration, wall: Timestamp) {
        self.elapsed = elapsed
        self.wall = wall
    }
}

/// What time it is: the only way in which a player learns of it.
public struct PlayerClock: Sendable {
    private let read: @Sendable () -> PlayerTime

    /// Takes both clocks from a function that may be called from any thread.
    public init(_ read: @escaping @Sendable () -> PlayerTime) {
        self.read = read
    }

    /// Runs by the machine's monotonic clock; wall time comes from a function that may be called from any thread.
    public init(wall: @escaping @Sendable () -> Timestamp) {
        let origin = ContinuousClock.now
        self.init { PlayerTime(elapsed: ContinuousClock.now - origin, wall: wall()) }
    }

    /// The moment it is.
    public var now: PlayerTime { read() }
}
