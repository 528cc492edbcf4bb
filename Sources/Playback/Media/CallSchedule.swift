import KinesisVideo

/// How soon a service is called again.
enum CallSchedule {
    /// Time between two calls of one kind of the archive: at most four a second.
    static let spacing = Duration.milliseconds(250)

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
