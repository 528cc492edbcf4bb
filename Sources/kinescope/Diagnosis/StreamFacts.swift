import KinesisVideo
import Matroska

/// What an examination of a stream has brought to light; what could not be had is nil, or says why.
struct StreamFacts: Sendable {
    /// The key that calls are signed with.
    struct Key: Sendable, Hashable {
        /// The last four characters of its id: enough to tell keys apart.
        var ending: String
        var isTemporary: Bool
        var isExpired: Bool
    }

    /// A fragment that was read.
    struct Media: Sendable {
        var metadata: FragmentMetadata
        var tracks: [TrackEntry]
        var timestampScale: UInt64
        var frames: [EncodedFrame]
    }

    /// Name of the stream.
    var name: String
    /// URL of the control plane.
    var endpoint: String
    var region: String
    var key: Key?
    /// This machine's clock, set right by the server's.
    var now: Timestamp
    /// Seconds that the server's clock is ahead of this machine's.
    var skew: Int64?
    var stream: Result<StreamInfo, Refusal>
    /// Where media calls go, or why the service does not say.
    var dataEndpoints: [DataOperation: Result<String, Refusal>] = [:]
    /// Fragments whose upload began within the last hour, by the server's clock, ascending.
    var recent: Result<[FragmentInfo], Refusal>?
    /// True where anything at all is archived.
    var hasArchive: Bool?
    /// The newest acknowledgements; nil where the service has no such report.
    var acknowledgements: AcknowledgementLog?
    /// The newest fragment, or why it could not be read.
    var media: Result<Media, Refusal>?

    /// Why something could not be had.
    struct Refusal: Error, Sendable, Hashable {
        /// What kind of trouble it is.
        enum Kind: Sendable, Hashable {
            case unreachable, denied, notFound, throttled, other
        }

        var kind: Kind
        var reason: String
    }
}
