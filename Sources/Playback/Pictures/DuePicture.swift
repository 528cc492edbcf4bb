public import KinesisVideo
public import Pixels

/// The picture that is on screen now, scaled to the size that the screen asked for.
public struct DuePicture: Sendable, Hashable {
    /// Grows with each picture handed out, a new scale of the same frame included.
    public var serial: Int
    /// The pixels.
    public var image: RGBImage
    /// Size of the decoded picture, before scaling.
    public var sourceSize: PixelSize
    /// The frame it shows.
    public var frame: FrameAddress
    /// Producer time of the frame.
    public var time: Timestamp
    /// False while it is only near the one asked for.
    public var isExact: Bool

    /// Creates a picture.
    public init(
        serial: Int,
        image: RGBImage,
        sourceSize: PixelSize,
        frame: FrameAddress,
        time: Timestamp,
        isExact: Bool
    ) {
        self.serial = serial
        self.image = image
        self.sourceSize = sourceSize
        self.frame = frame
        self.time = time
        self.isExact = isExact
    }
}

/// One frame of a stream: its fragment, and its place there in presentation order, from 0.
public struct FrameAddress: Sendable, Hashable {
    /// The fragment.
    public var fragment: FragmentNumber
    /// Frames of the track before it in the order in which they are shown.
    public var index: Int

    /// Names a frame.
    public init(fragment: FragmentNumber, index: Int) {
        self.fragment = fragment
        self.index = index
    }
}
