import Matroska

/// A document of 256 MB with blocks of one size, as a producer sends it.
struct MatroskaDocument {
    /// Bytes of all frames together.
    static let payload = 256_000_000
    /// Frames of a Cluster, one a millisecond.
    private static let clusterFrames = 250

    let frames: [EncodedFrame]
    private let writer = SegmentWriter(
        tracks: [TrackEntry(number: 1, type: .video, codecID: "V_MPEG4/ISO/AVC")],
        uid: [UInt8](repeating: 1, count: 16)
    )

    /// All frames share one copy of their bytes.
    init(blockSize: Int) {
        let data = (0..<blockSize).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        frames = (0..<Self.payload / blockSize).map {
            EncodedFrame(track: 1, timecode: Int64($0), isKey: $0 % Self.clusterFrames == 0, data: data)
        }
    }

    /// Writes the document piece by piece.
    func write(_ send: ([UInt8]) -> Void) throws {
        send(writer.header())
        var cluster: UInt64 = 0
        for frame in frames {
            if frame.isKey {
                cluster = UInt64(frame.timecode)
                send(writer.clusterStart(timestamp: cluster))
            }
            send(try writer.block(frame, clusterTimestamp: cluster))
        }
    }
}
