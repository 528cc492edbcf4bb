package import KinesisVideo

/// The part of a stream's time that the timeline shows.
///
/// ```
/// start                                   end
///   |----------------|--------|-----------|
///                playhead    newest             while live: end == newest
/// ```
/// While the player is live the window ends at the newest media. Once the playhead leaves, the window stands
/// still and follows by half-pages. Zooming keeps the playhead's column fixed.
package struct TimelineWindow: Sendable, Hashable {
    /// How long it is.
    package private(set) var zoom: TimelineZoom
    /// First moment.
    package private(set) var start: Timestamp
    /// The moment behind the last.
    package private(set) var end: Timestamp

    private var playhead: Timestamp?
    private var isLive = true

    /// Creates a window that ends at a moment.
    package init(zoom: TimelineZoom = .minutes2, endingAt end: Timestamp) {
        self.zoom = zoom
        self.end = end
        start = end.advanced(byMilliseconds: -(zoom.length ?? 60_000))
    }

    /// Milliseconds from start to end, at least 1.
    package var length: Int64 { max(1, end.milliseconds - start.milliseconds) }

    /// Follows the player.
    ///
    /// - Parameters:
    ///   - playhead: The place on screen, or where a seek under way will land.
    ///   - newest: The newest media known.
    ///   - oldest: The oldest media kept, where known.
    ///   - isLive: True while the player is at the live edge.
    package mutating func follow(playhead: Timestamp?, newest: Timestamp?, oldest: Timestamp?, isLive: Bool) {
        let before = self.playhead
        self.playhead = playhead
        self.isLive = isLive
        guard let length = zoom.length else {
            if let newest {
                end = newest
                start = min(oldest ?? start, newest.advanced(byMilliseconds: -1000))
            }
            return
        }
        if isLive {
            if let edge = newest ?? playhead { move(endingAt: edge) }
        } else if let playhead, isLeaving(to: playhead, from: before) {
            let half = length / 2
            if playhead >= end {
                let pages = (playhead.milliseconds - end.milliseconds) / half + 1
                move(endingAt: end.advanced(byMilliseconds: pages * half))
            } else if playhead < start {
                let pages = (start.milliseconds - playhead.milliseconds - 1) / half + 1
                move(endingAt: end.advanced(byMilliseconds: -pages * half))
            }
        }
    }

    /// True where the playhead itself moves out of the window; one that the viewer has panned away from stays outside.
    private func isLeaving(to playhead: Timestamp, from before: Timestamp?) -> Bool {
        guard let before else { return true }
        let step = abs(playhead.milliseconds - before.milliseconds)
        return (start...end).contains(before) || step > 2000
    }

    /// Changes the length; while live the end, else a moment, else the playhead keeps its column.
    package mutating func zoom(to zoom: TimelineZoom, around moment: Timestamp? = nil) {
        guard zoom != self.zoom else { return }
        let before = (start: start, length: length)
        self.zoom = zoom
        guard let length = zoom.length else { return }
        guard let kept = isLive ? nil : moment ?? playhead, (start...end).contains(kept) else {
            return move(endingAt: end)
        }
        let part = Double(kept.milliseconds - before.start.milliseconds) / Double(before.length)
        start = kept.advanced(byMilliseconds: -Int64((part * Double(length)).rounded()))
        end = start.advanced(byMilliseconds: length)
    }

    /// Shows the next shorter span.
    package mutating func zoomIn() {
        zoom(to: zoom.nearer)
    }

    /// Shows the next longer span.
    package mutating func zoomOut() {
        zoom(to: zoom.farther)
    }

    /// Moves by a part of its own length; only while it does not follow the live edge.
    package mutating func pan(by part: Double) {
        guard zoom.length != nil else { return }
        move(endingAt: end.advanced(byMilliseconds: Int64(part * Double(length))))
    }

    /// The column of a moment out of so many; nil where it lies outside.
    package func column(of time: Timestamp, columns: Int) -> Int? {
        guard columns > 0, time >= start, time <= end else { return nil }
        let offset = Double(time.milliseconds - start.milliseconds) / Double(length)
        return min(columns - 1, Int(offset * Double(columns)))
    }

    /// The moment in the middle of a column.
    package func time(atColumn column: Int, columns: Int) -> Timestamp {
        let part = (Double(column) + 0.5) / Double(max(1, columns))
        return start.advanced(byMilliseconds: Int64(part * Double(length)))
    }

    private mutating func move(endingAt end: Timestamp) {
        let length = zoom.length ?? length
        self.end = end
        start = end.advanced(byMilliseconds: -length)
    }
}
