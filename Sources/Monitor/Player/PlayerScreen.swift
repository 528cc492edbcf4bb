package import KinesisVideo
package import KinesisVideoConsumer
package import Playback

/// The player's screen: what the player last said, and how it is looked at.
package struct PlayerScreen: Sendable, Hashable {
    /// What the player last said of itself.
    package internal(set) var status: PlayerStatus
    /// What the panel of figures shows: the player's words of at most half a second ago, so that they can be
    /// read.
    package private(set) var panel: PlayerStatus
    /// The part of time that the timeline shows.
    package internal(set) var window: TimelineWindow
    /// What lies in each column of the timeline; as many as it last had columns.
    package internal(set) var columns: [TimelineColumn] = []
    /// True while the panel of figures is open.
    package internal(set) var isInfoShown = false
    /// True while the picture stands alone.
    package internal(set) var isFull = false
    /// Until when strip and timeline are back although the picture stands alone.
    package internal(set) var chromeUntil: Timestamp?
    /// True while the playhead is dragged.
    package internal(set) var isDragging = false

    private var panelTime: Timestamp?

    /// Creates the screen of a player that has just been opened.
    package init(stream: String, now: Timestamp) {
        status = PlayerStatus(stream: stream)
        panel = status
        window = TimelineWindow(endingAt: now)
    }

    /// Name of the stream.
    package var stream: String { status.stream }

    /// Where the playhead stands: where a seek under way will land, else the frame on screen.
    package var playhead: Timestamp? { status.target ?? status.position }

    /// True where strip and timeline are to be drawn.
    package func showsChrome(at now: Timestamp) -> Bool {
        !isFull || chromeUntil.map { now < $0 } ?? false
    }

    mutating func take(_ status: PlayerStatus, at now: Timestamp) {
        self.status = status
        if panelTime.map({ now.milliseconds - $0.milliseconds >= 500 }) ?? true {
            (panel, panelTime) = (status, now)
        }
        window.follow(
            playhead: playhead,
            newest: status.newest,
            oldest: status.oldest,
            isLive: status.badge == .live || status.position == nil
        )
    }
}
