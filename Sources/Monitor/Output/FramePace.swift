/// When the next frame is drawn: at once for an answer to a key, as soon as it may be for a new picture, else when some
/// time has passed.
///
/// A value without I/O. Pictures keep their distance on average: one that comes early is let through by up to half an
/// interval, and the next waits the longer for it, so that a film whose pictures come a little unevenly is drawn evenly.
package struct FramePace: Sendable, Hashable {
    package typealias Instant = ContinuousClock.Instant

    /// When to look again where nothing comes before.
    package private(set) var nextLook: Instant
    private var restDue: Instant
    private var pictureDue: Instant
    private var pictureSince: Instant?

    /// Begins with a frame that is due.
    package init(at now: Instant) {
        (nextLook, restDue, pictureDue) = (now, now, now)
    }

    /// Tells whether to draw; where not, `nextLook` is when to ask again.
    ///
    /// - Parameters:
    ///   - hasPicture: True where a picture waits.
    ///   - isAnswer: True where a key waits for its answer.
    ///   - now: When.
    /// - Returns: True where a frame is due.
    package mutating func isDue(hasPicture: Bool, isAnswer: Bool, at now: Instant) -> Bool {
        pictureSince = hasPicture ? pictureSince ?? now : nil
        nextLook = hasPicture ? min(restDue, pictureDue) : restDue
        return isAnswer || now >= nextLook
    }

    /// The screen is not ready: asks again after a while.
    package mutating func look(after pause: Duration, at now: Instant) {
        nextLook = now + pause
    }

    /// How long after its time the frame is that is drawn now; of an answer nothing.
    package func lateness(at now: Instant) -> Duration {
        max(.zero, now - (pictureSince.map { max($0, pictureDue) } ?? restDue))
    }

    /// A frame was drawn.
    ///
    /// - Parameters:
    ///   - interval: Time between two pictures, at least.
    ///   - rest: Time until the next frame where no picture comes.
    ///   - start: When drawing began.
    ///   - end: When it ended.
    package mutating func drew(interval: Duration, rest: Duration, from start: Instant, to end: Instant) {
        if pictureSince != nil { pictureDue = max(pictureDue + interval, start + interval / 2) }
        pictureSince = nil
        restDue = end + rest
        nextLook = restDue
    }
}
