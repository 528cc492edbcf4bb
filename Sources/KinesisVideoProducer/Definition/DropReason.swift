public import KinesisVideo

/// Why frames did not reach the service.
public enum DropReason: Hashable, Sendable, CustomStringConvertible {
    /// No key frame had come yet, at the start of the stream or behind an end of fragment.
    case noKeyFrame
    /// The content store was full and the oldest had to go.
    case storeFull
    /// More media was waiting than the buffer's duration.
    case tooOld
    /// The spool on disk was full and the oldest had to go.
    case spoolFull
    /// The service refuses it, and would refuse it again.
    case refused(IngestionError)
    /// The service ended the fragment while it was being made: what followed has no key frame to stand on.
    case endedEarly

    /// The reason in a few words.
    public var description: String {
        switch self {
        case .noKeyFrame: "no key frame had come yet"
        case .storeFull: "no room while the service is away"
        case .tooOld: "more was waiting than is to be kept"
        case .spoolFull: "the spool is full"
        case .refused(let error): "the service refuses it: \(error)"
        case .endedEarly: "the service ended the fragment ahead of them"
        }
    }
}

/// What goes where more media waits than may.
public enum DropPolicy: Sendable, Hashable, CaseIterable {
    /// The oldest fragment, whole.
    case oldestFragment
    /// As few frames as it takes, from the end of the oldest fragment: the rest of it can still be decoded.
    case lastFramesOfOldest
    /// Nothing: `put` throws, and the frame is its caller's.
    case refuseNewest
}
