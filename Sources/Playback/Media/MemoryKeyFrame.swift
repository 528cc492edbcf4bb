import KinesisVideo
import Matroska

/// A key frame as it lies in the memory.
struct MemoryKeyFrame: Sendable {
    /// How to decode it.
    var track: TrackEntry
    /// The compressed picture.
    var frame: EncodedFrame
    /// Which frame it is.
    var address: FrameAddress
    /// Its producer time.
    var time: Timestamp
}
