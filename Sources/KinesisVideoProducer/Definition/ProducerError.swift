/// Why a producer does not take something.
public enum ProducerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The definition cannot work: in words.
    case badDefinition(String)
    /// A frame of a track that the definition does not have.
    case unknownTrack(UInt64)
    /// A frame that is not what its track promises: in words.
    case badFrame(String)
    /// Metadata that the service would refuse: in words.
    case badMetadata(String)
    /// An end of fragment where no fragment is open.
    case noOpenFragment
    /// An end of fragment on a stream whose fragments do not begin at every key frame.
    case fragmentsAreTimed
    /// The content store is full, and the definition says to refuse what is newest.
    case storeFull(bytes: Int)
    /// The producer has been stopped.
    case stopped
    /// The service has not said PERSISTED of the last fragments in time.
    case stopTimedOut(Duration)
    /// The stream is not there, or cannot take media: in words.
    case streamNotReady(String)

    /// The failure in one line.
    public var description: String {
        switch self {
        case .badDefinition(let words): "the stream definition cannot work: \(words)"
        case .unknownTrack(let number): "track \(number) is not in the stream definition"
        case .badFrame(let words): "the frame cannot be sent: \(words)"
        case .badMetadata(let words): "the metadata cannot be sent: \(words)"
        case .noOpenFragment: "no fragment is open that could end (put a key frame first)"
        case .fragmentsAreTimed: "fragments that do not begin at every key frame cannot be ended by hand"
        case .storeFull(let bytes): "the content store holds \(bytes) bytes, as many as it may"
        case .stopped: "the producer has been stopped"
        case .stopTimedOut(let time): "the last fragments were not PERSISTED within \(time)"
        case .streamNotReady(let words): words
        }
    }
}
