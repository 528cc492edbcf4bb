public import Matroska

extension Collection<TrackEntry> {
    /// The media type that a stream of these tracks is created with, such as `video/h264,audio/aac`; nil where there is
    /// none for one of their codecs.
    ///
    /// Source: 02 Control plane, "CreateStream".
    public var mediaType: String? {
        let types = compactMap { TrackEntry.mediaTypes[$0.codecID] }
        return types.count == count ? types.joined(separator: ",") : nil
    }
}

extension TrackEntry {
    /// By codec id.
    fileprivate static let mediaTypes = [
        "V_MPEG4/ISO/AVC": "video/h264", "V_MPEGH/ISO/HEVC": "video/h265", "A_AAC": "audio/aac",
        "A_MS/ACM": "audio/x-g711", "A_PCM/INT/LIT": "audio/x-raw",
    ]
}
