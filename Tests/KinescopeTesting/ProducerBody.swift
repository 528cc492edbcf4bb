public import Matroska

/// The body of a PutMedia request, put together piece by piece the way producers write it.
///
/// Payloads follow from track and time, so that two bodies of the same frames are equal.
public struct ProducerBody: Sendable {
    /// What has been written.
    public private(set) var bytes: [UInt8] = []

    private let writer: SegmentWriter

    /// Creates an empty body; `header` comes first where there is to be one.
    public init(tracks: [TrackEntry] = [Self.video], timestampScale: UInt64 = 1_000_000) {
        writer = SegmentWriter(
            tracks: tracks,
            uid: [UInt8](repeating: 7, count: 16),
            writingApp: "test",
            timestampScale: timestampScale
        )
    }

    /// A video track numbered 1.
    public static let video = TrackEntry(
        number: 1,
        uid: 1,
        type: .video,
        codecID: "V_MPEG4/ISO/AVC",
        codecPrivate: [1, 0x64, 0, 30],
        video: .init(width: 64, height: 36)
    )
    /// A sound track numbered 2.
    public static let audio = TrackEntry(
        number: 2,
        uid: 2,
        type: .audio,
        codecID: "A_AAC",
        codecPrivate: [0x11, 0x90],
        audio: .init(samplingFrequency: 48_000, channels: 2)
    )

    /// The frame of a track at a time.
    public static func frame(_ track: UInt64, _ time: Int64, isKey: Bool = false, size: Int = 40)
        -> EncodedFrame
    {
        let seed = UInt64(bitPattern: time) &* 0x9E37_79B9_7F4A_7C15 &+ track
        let data = (0..<UInt64(size)).map { UInt8(truncatingIfNeeded: (seed &+ $0 &* $0) >> 7) }
        return EncodedFrame(track: track, timecode: time, isKey: isKey, data: data)
    }

    /// Appends EBML header, Segment header, Info and Tracks.
    public mutating func header() {
        bytes += writer.header()
    }

    /// Appends a Cluster of unknown size.
    public mutating func cluster(at timestamp: UInt64, _ frames: [EncodedFrame]) throws {
        bytes += writer.clusterStart(timestamp: timestamp)
        for frame in frames { bytes += try writer.block(frame, clusterTimestamp: timestamp) }
    }

    /// Appends a Cluster of one video frame each 40 ms, the first of them a key frame.
    public mutating func videoCluster(at timestamp: UInt64, frames: Int = 3, size: Int = 40) throws {
        let start = Int64(timestamp)
        try cluster(
            at: timestamp,
            (0..<frames).map { Self.frame(1, start + Int64($0) * 40, isKey: $0 == 0, size: size) }
        )
    }

    /// Appends a metadata item in a Tags element of its own.
    public mutating func tag(_ name: String, _ value: String) {
        bytes += writer.tags(Tag(name, value))
    }

    /// Appends bytes as they are.
    public mutating func append(_ more: [UInt8]) {
        bytes += more
    }
}
