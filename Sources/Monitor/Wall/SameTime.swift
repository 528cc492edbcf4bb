package import KinesisVideo

/// The one time that all tiles of a wall are held to.
package struct SameTime: Sendable, Hashable {
    /// The moment at `since`; nil while all are at the live edge.
    var anchor: Timestamp?
    /// When the anchor held.
    var since: Timestamp
    /// True where time goes on from the anchor.
    package internal(set) var isRunning: Bool
    /// Until when the tiles are waited for, so that they start together; nil once they have.
    var gatheringUntil: Timestamp?

    /// How long a tile is waited for that does not come.
    private static let patience: Int64 = 10_000

    /// The live edge.
    static func live(at now: Timestamp) -> SameTime {
        SameTime(anchor: nil, since: now, isRunning: true)
    }

    /// A moment at which all are waited for.
    static func gathering(at time: Timestamp, isRunning: Bool, now: Timestamp) -> SameTime {
        SameTime(
            anchor: time,
            since: now,
            isRunning: isRunning,
            gatheringUntil: now.advanced(byMilliseconds: patience)
        )
    }

    /// True while the tiles are on their way.
    package var isGathering: Bool { gatheringUntil != nil }

    /// The moment in force; nil at the live edge.
    package func time(at now: Timestamp) -> Timestamp? {
        guard isRunning, !isGathering else { return anchor }
        return anchor?.advanced(byMilliseconds: now.milliseconds - since.milliseconds)
    }

    /// All are there: time begins to run.
    mutating func start(at now: Timestamp) {
        gatheringUntil = nil
        since = now
    }
}
