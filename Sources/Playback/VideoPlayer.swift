public import KinesisVideo
public import KinesisVideoConsumer
public import Pixels

/// A player as a screen sees it: commands in, status and due pictures out.
///
/// Every member may be used from any thread at any time and returns at once.
public protocol VideoPlayer: AnyObject, Sendable {
    /// Asks for something.
    func send(_ command: PlayerCommand)

    /// What the player says of itself now.
    var status: PlayerStatus { get }

    /// Fires whenever a picture or the status has changed, at most once until it is read; ends with the player.
    ///
    /// For one reader.
    var changes: AsyncStream<Void> { get }

    /// Sets how large pictures are wanted: called with the decoded size and the shape of its pixels (width by height).
    ///
    /// The picture on screen is scaled anew. Until this is called pictures come as they were decoded.
    func setPictureSize(_ fit: @escaping @Sendable (_ source: PixelSize, _ sampleAspect: Double) -> PixelSize)

    /// The picture that is due, unless it is the one with this serial number; 0 takes any.
    func picture(after serial: Int) -> DuePicture?

    /// A small picture of another moment: the key frame before it, where that is in the player's memory.
    ///
    /// Nothing is called for. What has to be decoded first comes with a later call, and `changes` fires.
    ///
    /// - Parameters:
    ///   - time: The moment, on the producer's clock.
    ///   - fit: Called with the decoded size and the shape of its pixels (width by height); gives the size wanted.
    /// - Returns: The picture; nil where its media is not in memory, or until it is decoded.
    func glance(
        at time: Timestamp,
        fit: @escaping @Sendable (_ source: PixelSize, _ sampleAspect: Double) -> PixelSize
    )
        -> Glance?

    /// The picture on screen in full size, for a snapshot; nil while there is none.
    func fullSizePicture() async -> RGBImage?

    /// The timeline from `start` to `end` in `count` columns.
    ///
    /// What is not known there yet is listed in the background, and `changes` fires.
    func columns(from start: Timestamp, to end: Timestamp, count: Int) -> [TimelineColumn]

    /// What lies at a moment: for the reading above the go-to prompt and for the card over a gap.
    func place(at time: Timestamp) -> TimelinePlace

    /// Archived fragments that lie in a stretch at least in part, their bytes, and whether all of it is listed.
    func extent(from start: Timestamp, to end: Timestamp) -> TimelineExtent

    /// Ends the player.
    func close()
}
