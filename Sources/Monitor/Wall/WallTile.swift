import KinesisVideo
package import Playback

/// One open stream of the wall: what its player last said, and what was asked of it.
package struct WallTile: Sendable, Hashable {
    /// What the player last said of itself; nil until it has spoken.
    package internal(set) var status: PlayerStatus?

    /// Since when it has been on no page that is shown; nil while it is.
    var leftAt: Timestamp?
    /// The producer time of the last common seek, and when it was asked; nil at the live edge.
    var seek: (time: Timestamp, asked: Timestamp)? {
        get { seekTime.flatMap { time in seekAsked.map { (time, $0) } } }
        set { (seekTime, seekAsked) = (newValue?.time, newValue?.asked) }
    }
    /// True while it stands still for the others: until all are there, or until their time comes to its picture.
    var isHeld = false

    private var seekTime: Timestamp?
    private var seekAsked: Timestamp?

    /// Nearer than this to the moment asked for nothing is missing: a frame of one picture a second.
    private static let nearness: Int64 = 1000
    /// A player that has not taken up a seek in this time stands where it ends.
    private static let patience: Int64 = 1000

    /// True where the last common seek has come to its end, or will not: nobody waits for a lost connection.
    func hasLanded(at now: Timestamp) -> Bool {
        guard let seek else { return true }
        switch status?.badge {
        case .retry, .denied, .ended: return true
        case .connecting, .buffering, .live, .shift, .archive, nil: break
        }
        guard let status, status.target == nil, let position = status.position else { return false }
        return abs(position.milliseconds - seek.time.milliseconds) <= Self.nearness
            || now.milliseconds - seek.asked.milliseconds >= Self.patience
    }
}
