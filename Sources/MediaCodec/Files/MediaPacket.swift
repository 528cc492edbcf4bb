/// One compressed frame of a file, in the order of the file.
///
/// Times are nanoseconds on the file's own time line, rounded to the nearest from the file's unit; the first need not
/// be 0.
public struct MediaPacket: Sendable, Hashable {
    /// Number of its track, as in `MediaFile.tracks`.
    public var track: UInt64
    /// When it is shown or heard.
    ///
    /// A stream without container has no times: packets then follow each other as its frame rate says, in the order of
    /// the file.
    public var presentationTime: Int64
    /// When it is decoded: never falls within a track, and differs from `presentationTime` where frames are reordered.
    public var decodeTime: Int64
    /// How long it lasts, where the file says so.
    public var duration: Int64?
    /// True where a decoder can start.
    public var isKey: Bool
    /// The bytes as Matroska stores them: NAL units behind their lengths, AAC without header.
    public var data: [UInt8]

    /// Creates a packet.
    public init(
        track: UInt64,
        presentationTime: Int64,
        decodeTime: Int64,
        duration: Int64? = nil,
        isKey: Bool,
        data: [UInt8]
    ) {
        self.track = track
        self.presentationTime = presentationTime
        self.decodeTime = decodeTime
        self.duration = duration
        self.isKey = isKey
        self.data = data
    }
}
