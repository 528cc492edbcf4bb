public import KinesisVideo
public import Pixels

/// A small picture of another moment, shown while the one on screen stays.
public struct Glance: Sendable, Hashable {
    /// The pixels.
    public var image: RGBImage
    /// The key frame it shows.
    public var frame: FrameAddress
    /// Producer time of the frame.
    public var time: Timestamp

    /// Creates a glance.
    public init(image: RGBImage, frame: FrameAddress, time: Timestamp) {
        self.image = image
        self.frame = frame
        self.time = time
    }
}
