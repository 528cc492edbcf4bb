public import KinesisVideo
public import Matroska

/// A whole fragment, as GetMedia sent it.
public struct ReceivedFragment: Sendable, Hashable {
    /// Its number and clocks.
    public var metadata: FragmentMetadata
    /// The tracks that its frames are of.
    public var tracks: [TrackEntry]
    /// Nanoseconds of one tick of its frames' times.
    public var timestampScale: UInt64
    /// Metadata that the producer attached, in document order.
    public var tags: [Tag]
    /// Its frames in decode order.
    public var frames: [EncodedFrame]
    /// The chunk as it came, a Matroska document of its own, up to the last tag of the service.
    public var bytes: ArraySlice<UInt8>
    /// Milliseconds behind the newest media when it was sent; nil where the service did not say.
    public var millisBehindNow: Int64?

    init(_ metadata: FragmentMetadata, _ cut: ChunkCutter.Cut) {
        self.metadata = metadata
        tracks = cut.summary.tracks
        timestampScale = cut.summary.timestampScale
        tags = cut.summary.tags.filter { !$0.name.hasPrefix(ServiceTags.prefix) }
        frames = cut.frames
        bytes = cut.bytes
        millisBehindNow = cut.summary.millisBehindNow
    }

    /// When a frame of the fragment is to be shown, on the producer's clock.
    ///
    /// Cluster times restart with each connection of a producer that counts from its start; this time does not.
    ///
    /// Source: 04 GetMedia, "Reader algorithm for the client", 5.
    public func producerTime(of frame: EncodedFrame) -> Timestamp {
        let first = frames.first?.timecode ?? frame.timecode
        let nanoseconds = Int128(frame.timecode &- first) * Int128(timestampScale)
        return metadata.producerTimestamp.advanced(byMilliseconds: Int64(clamping: nanoseconds / 1_000_000))
    }
}
