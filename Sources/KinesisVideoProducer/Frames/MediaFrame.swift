/// One compressed frame as a source has it.
///
/// Source: 08 Producer library, "Objects".
public struct MediaFrame: Sendable, Hashable {
    /// Number of its track.
    public var track: UInt64
    /// When it is shown or heard, since 1970; with relative fragment times any origin will do that does not change.
    public var presentationTime: Duration
    /// When it is decoded, on the same time line: orders frames, and is never later than its presentation.
    public var decodeTime: Duration
    /// True where a decoder can start here.
    public var isKey: Bool
    /// True where a player short of time may leave it out.
    public var isDiscardable: Bool
    /// True where it is decoded and not shown.
    public var isInvisible: Bool
    /// The bytes: H.264 and H.265 in either form, AAC with or without ADTS header.
    public var data: [UInt8]

    /// Creates a frame.
    ///
    /// - Parameters:
    ///   - track: number of its track.
    ///   - presentationTime: when it is shown or heard, since 1970.
    ///   - decodeTime: when it is decoded; nil for the same moment.
    ///   - isKey: true where a decoder can start here.
    ///   - isDiscardable: true where it may be left out.
    ///   - isInvisible: true where it is not shown.
    ///   - data: the bytes.
    public init(
        track: UInt64 = 1,
        presentationTime: Duration,
        decodeTime: Duration? = nil,
        isKey: Bool,
        isDiscardable: Bool = false,
        isInvisible: Bool = false,
        data: [UInt8]
    ) {
        self.track = track
        self.presentationTime = presentationTime
        self.decodeTime = min(decodeTime ?? presentationTime, presentationTime)
        self.isKey = isKey
        self.isDiscardable = isDiscardable
        self.isInvisible = isInvisible
        self.data = data
    }
}

extension Duration {
    /// The nearest whole number of milliseconds, halves up.
    var roundedMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (thousands, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        guard !overflow else { return seconds > 0 ? .max : .min }
        let rest = Double(attoseconds) / 1e15
        return thousands &+ Int64((rest + 0.5).rounded(.down))
    }
}
