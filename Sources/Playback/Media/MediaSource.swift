public import KinesisVideo
public import Matroska

/// Media of one stream, wherever it comes from: the face that the player plays through.
///
/// Streams end quietly at the end of a body and throw `MediaSourceError` for everything else. A consumer that stops
/// reading ends the call behind them.
public protocol MediaSource: Sendable {
    /// GetMedia: fragments in the order of their numbers, endless; frames may come while their fragment is still open.
    func live(from selector: StartSelector) -> AsyncThrowingStream<MediaEvent, any Error>

    /// GetMediaForFragmentList: at most 1,000 fragments, in the order asked.
    ///
    /// A missing fragment throws `MediaSourceError.Kind.fragmentMissing` after those before it.
    func fragments(_ numbers: [FragmentNumber]) -> AsyncThrowingStream<MediaEvent, any Error>

    /// ListFragments, all pages, in no order.
    func list(_ selector: FragmentSelector) async throws -> [FragmentInfo]
}

/// One step in the media of a stream.
public enum MediaEvent: Sendable, Hashable {
    /// A fragment begins; its frames follow.
    case fragmentBegan(FragmentMetadata, tracks: [TrackEntry], timestampScale: UInt64)
    /// The next frame of the fragment, in decode order.
    case frame(EncodedFrame)
    /// The fragment is over: complete, or cut off and to be discarded.
    case fragmentEnded(isComplete: Bool, millisBehindNow: Int64?)
}

/// Why media did not come.
public struct MediaSourceError: Error, Sendable, Hashable {
    /// What can be done about it.
    public enum Kind: Sendable, Hashable {
        /// Trying again may help: unreachable, timed out, throttled, cut off.
        case retryable
        /// Refused for good: credentials or policy.
        case denied
        /// The stream does not exist, or no more.
        case notFound
        /// The service has no media under this number; nil where it did not say which.
        case fragmentMissing(FragmentNumber?)
    }

    /// What can be done about it.
    public var kind: Kind
    /// One line for the viewer: what failed, and why.
    public var message: String

    /// Creates an error.
    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}
