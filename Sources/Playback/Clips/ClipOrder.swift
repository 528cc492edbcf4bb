public import KinesisVideo
public import MediaCodec

/// What to cut out of a stream.
public struct ClipOrder: Sendable, Hashable {
    /// First moment, on the producer's clock.
    public var start: Timestamp
    /// The moment behind the last; later than `start`.
    public var end: Timestamp
    /// True to begin and end at these moments instead of at the borders of their fragments.
    ///
    /// What has to be decoded before the first frame stays in the file and is not shown; only MP4 can say so.
    public var isPrecise: Bool
    /// What kind of file.
    public var container: MediaContainer
    /// The only fragments of that time that are wanted; nil for all.
    public var fragments: Set<FragmentNumber>?

    /// Creates an order.
    public init(start: Timestamp, end: Timestamp, isPrecise: Bool = false, container: MediaContainer = .mp4) {
        self.start = start
        self.end = end
        self.isPrecise = isPrecise
        self.container = container
    }
}

/// A stretch without media inside of a clip, over which it was joined.
public struct ClipGap: Sendable, Hashable {
    /// Where the media before ends.
    public var start: Timestamp
    /// Where the media behind begins.
    public var end: Timestamp

    /// Milliseconds without media.
    public var length: Int64 { end.milliseconds - start.milliseconds }

    /// Creates a gap.
    public init(start: Timestamp, end: Timestamp) {
        self.start = start
        self.end = end
    }
}

/// How far a clip has come.
public struct ClipProgress: Sendable, Hashable {
    /// Fragments written.
    public var fragments: Int
    /// Fragments to write in all.
    public var fragmentCount: Int
    /// Bytes of media written.
    public var bytes: Int
    /// Bytes to write in all, as the listing has them.
    public var byteCount: Int

    /// Part of the bytes that is there, 0 to 1.
    public var part: Double { byteCount > 0 ? min(1, Double(bytes) / Double(byteCount)) : 0 }

    /// Creates figures.
    public init(fragments: Int, fragmentCount: Int, bytes: Int, byteCount: Int) {
        self.fragments = fragments
        self.fragmentCount = fragmentCount
        self.bytes = bytes
        self.byteCount = byteCount
    }
}

/// What a finished clip holds.
public struct ClipReport: Sendable, Hashable {
    /// Producer time of the first frame shown.
    public var start: Timestamp
    /// The moment at which the last frame is over.
    public var end: Timestamp
    /// Milliseconds of media, gaps left out.
    public var length: Int64
    /// Fragments in it.
    public var fragments: Int
    /// Bytes of media in it, the container's own left out.
    public var bytes: Int
    /// Stretches without media, in order.
    public var gaps: [ClipGap]

    /// Creates a report.
    public init(
        start: Timestamp,
        end: Timestamp,
        length: Int64,
        fragments: Int,
        bytes: Int,
        gaps: [ClipGap]
    ) {
        self.start = start
        self.end = end
        self.length = length
        self.fragments = fragments
        self.bytes = bytes
        self.gaps = gaps
    }
}

/// Why a clip could not be made.
public enum ClipError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Nothing is archived there.
    case empty
    /// An exact cut into a file that cannot have one.
    case preciseNeedsMP4
    /// The stream goes on with another codec or other set-up data.
    case codecChanged(at: Timestamp)
    /// A track that the container has no place for.
    case unsuitable(codec: String, MediaContainer)
    /// No fragment of the range has a picture or sound that can be read.
    case undecodable

    /// What is wrong, and what to try.
    public var description: String {
        switch self {
        case .empty: "nothing is archived in that range"
        case .preciseNeedsMP4: "an exact cut needs MP4: Matroska cannot hide frames"
        case .codecChanged(let time): "the codec changes at \(time.rfc3339): end the clip there"
        case .unsuitable(let codec, let container):
            "\(container.rawValue) has no place for \(codec) (try mkv)"
        case .undecodable: "no fragment of that range can be written"
        }
    }
}
