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

    /// Where the clip begins.
    package private(set) var markIn: Timestamp?
    /// Where the clip ends.
    package private(set) var markOut: Timestamp?
    /// The mark that is dragged.
    var draggedMark: ClipMark?
    /// Where the pointer is while it is over the timeline.
    var pointer: TimelinePointer?
    /// The moment under the pointer: another one when time moves on under a pointer that rests.
    package var hover: Timestamp? {
        pointer.map { window.time(atColumn: $0.column, columns: $0.columns) }
    }

    /// The moment on the server's clock that it was opened at from another stream; nil for live.
    var openedAt: Timestamp?
    /// True where it was opened from another stream that stood still.
    var opensStill = false

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

    /// The marked clip; nil while a mark is missing or the two are one moment.
    package var clip: (start: Timestamp, end: Timestamp)? {
        guard let markIn, let markOut, markIn < markOut else { return nil }
        return (markIn, markOut)
    }

    /// Marks the beginning; an end that lies before it goes.
    mutating func mark(in time: Timestamp?) {
        markIn = time
        if let time, let markOut, markOut <= time { self.markOut = nil }
    }

    /// Marks the end; a beginning that lies behind it goes.
    mutating func mark(out time: Timestamp?) {
        markOut = time
        if let time, let markIn, markIn >= time { self.markIn = nil }
    }

    /// Marks where the playhead stands.
    mutating func markPlayhead(_ mark: ClipMark) {
        switch mark {
        case .start: self.mark(in: playhead)
        case .end: self.mark(out: playhead)
        }
    }

    mutating func clearMarks() {
        (markIn, markOut) = (nil, nil)
    }

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
            // A seek away from the live edge is still live for a moment; the window is to follow it from the start.
            isLive: (status.badge == .live || status.position == nil) && status.target == nil && !isDragging
        )
    }
}

/// One of the two marks of a clip.
package enum ClipMark: Sendable, Hashable {
    /// Where it begins.
    case start
    /// Where it ends.
    case end
}

/// A column of the timeline, from 0, and how many it has.
struct TimelinePointer: Sendable, Hashable {
    var column: Int
    var columns: Int
}
