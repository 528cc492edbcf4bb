import Matroska

extension SegmentWriter {
    /// A writer of a document with one track of H.264, whose frames nobody decodes.
    static func oneVideoTrack() -> SegmentWriter {
        let track = TrackEntry(
            number: 1,
            type: .video,
            codecID: "V_MPEG4/ISO/AVC",
            codecPrivate: [1, 66, 0, 30]
        )
        return SegmentWriter(tracks: [track], uid: [UInt8](repeating: 1, count: 16))
    }
}
