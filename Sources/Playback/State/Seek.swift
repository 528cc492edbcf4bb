import KinesisVideo

/// A jump under way: only the newest is kept.
struct Seek: Sendable, Hashable {
    /// Where to.
    enum Target: Sendable, Hashable {
        /// The frame shown at a moment; `direction` says on which side of a gap to land, 0 for the nearer
        /// one.
        case time(Timestamp, direction: Int)
        /// The first frame of a fragment.
        case fragment(FragmentNumber)
        /// A frame.
        case frame(FrameAddress)
        /// As many frames before a fragment's first one, from 1.
        case framesBefore(FragmentNumber, Int)
        /// Starts of fragments from a fragment on, not 0.
        case fragments(from: FragmentNumber, Int)
        /// Starts of unbroken recordings from a moment on, not 0.
        case recordings(from: Timestamp, Int)
        /// The oldest media kept.
        case oldest
    }

    /// The frame that ends the seek, inside its fragment.
    enum Aim: Sendable, Hashable {
        /// The one shown at a moment.
        case time(Timestamp)
        /// By its place in presentation order.
        case index(Int)
        /// Counted from the end, 0 for the last one.
        case fromEnd(Int)
        /// Whatever a decoder can show first.
        case key
    }

    enum Phase: Sendable, Hashable {
        /// The fragment is not known yet.
        case locating
        /// The fragment is known and not all there.
        case fetching(FragmentNumber, Aim)
        /// Frames are on their way through the decoder.
        case decoding(FragmentNumber, Aim)
    }

    var target: Target
    var phase = Phase.locating
    /// Producer time of the target, as far as it is known.
    var time: Timestamp?
    var began: Duration
    /// True for a picture while dragging: the first that can be decoded will do.
    var isPreview = false
    /// Fragments without a picture that were passed over on the way.
    var skipped = 0
    /// True once a picture near the target is on screen.
    var hasShownNear = false
}
