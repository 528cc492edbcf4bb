/// One frame of one track as the container carries it: compressed, in decode order.
///
/// Source: RFC 9559, SimpleBlock and BlockGroup.
public struct EncodedFrame: Sendable, Hashable {
    /// Number of the track the frame belongs to, as declared in `TrackEntry.number`.
    public var track: UInt64
    /// Presentation time in ticks of the segment's `timestampScale`: Cluster Timestamp plus the block's own offset.
    ///
    /// Frames of one lace share the time of their block. May be negative and need not increase.
    public var timecode: Int64
    /// True where a decoder can start: the key flag of a SimpleBlock, or a BlockGroup without ReferenceBlock.
    public var isKey: Bool
    /// True where the frame is decoded but not shown.
    public var isInvisible: Bool
    /// True where a player short of time may leave the frame out.
    public var isDiscardable: Bool
    /// Ticks the frame is shown, where a BlockGroup says so.
    public var duration: UInt64?
    /// The compressed bytes.
    public var data: [UInt8]

    /// Creates a frame.
    public init(
        track: UInt64,
        timecode: Int64,
        isKey: Bool,
        isInvisible: Bool = false,
        isDiscardable: Bool = false,
        duration: UInt64? = nil,
        data: [UInt8]
    ) {
        self.track = track
        self.timecode = timecode
        self.isKey = isKey
        self.isInvisible = isInvisible
        self.isDiscardable = isDiscardable
        self.duration = duration
        self.data = data
    }
}
