public import KinesisVideo

/// What a viewer asks of the player; every key and palette command of the player screen is one of these.
///
/// Times are the producer's. Commands return at once and add up: only the newest target is sought.
public enum PlayerCommand: Sendable, Hashable {
    /// Stands still, or goes on from the frame on screen.
    case togglePause
    /// Stands still; live media keeps being read into memory.
    case pause
    /// Goes on from the frame on screen, without a jump to live.
    case resume
    /// Live, at rate 1, playing.
    case live
    /// The oldest media kept.
    case oldest
    /// The frame shown at this moment; in a gap the nearer edge, past the live edge live.
    case seek(to: Timestamp)
    /// Milliseconds from the target of the seek under way, else from the frame on screen.
    ///
    /// In a gap: the far side in the direction of the move. Forward at the live edge: nothing.
    case seekBy(milliseconds: Int64)
    /// The first frame of the fragment with this number, else of the newest known whose number ends with it.
    case seekToFragment(FragmentNumber)
    /// Frames forward, or back where negative, then paused; crosses fragments and gaps.
    ///
    /// Over all frames, whatever was played before; steps add up, also those behind a seek that is under way.
    case stepFrames(Int)
    /// Starts of fragments forward, or back where negative.
    ///
    /// Back from more than half a second inside a fragment goes to its own start first.
    case stepFragments(Int)
    /// Starts of unbroken recordings forward, or back where negative: over the gaps.
    case stepRecordings(Int)
    /// This rate; negative runs backwards over key frames.
    case setRate(Double)
    /// The next rate of the ladder 0.25 0.5 1 2 4 8 16.
    case faster
    /// The rate before on the ladder.
    case slower
    /// Backwards over key frames at the same rate; again: forward.
    case reverse
    /// Key frames only at any rate, as small pictures beside others need no more; or all frames again.
    case showKeyFramesOnly(Bool)
    /// While dragging: the key frame nearest to this moment, marked as inexact.
    case preview(Timestamp)
    /// Ends a drag with an exact seek to the last previewed moment.
    case commitPreview
    /// Ends a drag where it began.
    case cancelPreview
    /// The place before the last jump.
    case back
    /// Tries a lost connection again now; one that is there is opened anew.
    case retryNow
    /// What happens on reaching a gap.
    case setGapPolicy(GapPolicy)
}

/// What playback does on reaching a gap.
public enum GapPolicy: String, Sendable, Hashable {
    /// Names the gap for 0.7 s and goes on behind it.
    case skip
    /// Waits through it in real time.
    case wait
    /// Stands still, paused, at its start.
    case hold
}
