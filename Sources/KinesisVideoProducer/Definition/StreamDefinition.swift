import KinesisVideo
public import Matroska

/// What a stream carries and how it is sent.
///
/// Source: 08 Producer library, "Stream definition" and "Modes". Defaults are those of the vendor's library, but for
/// the content store, which is per stream.
public struct StreamDefinition: Sendable {
    /// What `put` does where the content store is full.
    public enum Mode: Sendable, Hashable, CaseIterable {
        /// Never waits: ``StreamDefinition/dropPolicy`` makes room.
        case realtime
        /// The same; for sources that may lag behind.
        case nearRealtime
        /// Waits until the service has taken enough; needs a stream with retention.
        case offline
    }

    /// What Cluster times count from.
    public enum FragmentTimes: Sendable, Hashable, CaseIterable {
        /// From 1970.
        case absolute
        /// From the first fragment of their connection.
        case relative
    }

    /// The form that H.264 and H.265 leave in, frames and codec private data alike.
    ///
    /// Playback through HLS, clips and images needs ``lengthPrefixed``.
    public enum NALForm: Sendable, Hashable, CaseIterable {
        /// As given.
        case asGiven
        /// Behind lengths of four bytes, with avcC or hvcC.
        case lengthPrefixed
        /// Behind start codes (Annex B), parameter sets likewise.
        case startCodes
    }

    /// Name of the stream.
    public var name: String
    /// One to three tracks; codec private data may be empty where a key frame, or an ADTS header, brings it.
    public var tracks: [TrackEntry]
    /// Hours that fragments are kept, for a stream that is made; of one that is there its own counts.
    public var retentionHours = 2
    /// Media type of a stream that is made; nil for what the tracks say.
    public var mediaType: String?
    /// Key of a stream that is made.
    public var kmsKeyID: String?
    /// Tags of a stream that is made.
    public var tags: [String: String] = [:]
    /// True where a stream that is not there is made.
    public var createsStream = true

    /// What `put` does where the content store is full.
    public var mode = Mode.realtime
    /// What Cluster times count from.
    public var fragmentTimes = FragmentTimes.absolute
    /// True where every key frame begins a fragment; false for the first behind ``fragmentDuration``.
    public var fragmentsAtKeyFrames = true
    /// The least length of a fragment where key frames alone do not decide.
    public var fragmentDuration = Duration.seconds(2)
    /// False where frames are stamped with the moment they are put, whatever times they have.
    public var usesFrameTimes = true
    /// The form that H.264 and H.265 leave in.
    public var nalForm = NALForm.lengthPrefixed

    /// Bytes of frames that are kept until the service has them: 10 MiB to 10 GiB.
    public var storageBytes = 128 << 20
    /// The most media time that is kept; at least 20 s.
    public var bufferDuration = Duration.seconds(120)
    /// How far back to go for what a service had RECEIVED before it died; at most the buffer duration.
    public var replayDuration = Duration.seconds(40)
    /// What goes where a real-time producer's content store is full.
    public var dropPolicy = DropPolicy.oldestFragment
    /// More unsent media than this is reported; zero reports none.
    public var maxLatency = Duration.seconds(60)
    /// No BUFFERING for so long, while media goes out, is reported.
    public var staleness = Duration.seconds(60)
    /// Longest time one connection is used.
    public var rotation = Duration.seconds(40 * 60)
    /// True where a fragment is ended when no frame has come for 20 s, ahead of the service's own patience.
    public var endsIdleFragments = true
    /// How long the end waits for the last PERSISTED; nil for ever.
    public var stopTimeout: Duration? = .seconds(120)
    /// When to connect again.
    public var retry = RetryDelay()

    /// A real-time stream of these tracks.
    public init(name: String, tracks: [TrackEntry]) {
        self.name = name
        self.tracks = tracks
    }

    /// Checks what can be checked without the service.
    ///
    /// Source: 09 Limits and quotas, "Producer library limits".
    ///
    /// - Throws: `ProducerError.badDefinition` for the first that breaks its rule.
    public func validate() throws(ProducerError) {
        guard (1...ServiceLimits.tracks).contains(tracks.count) else {
            throw .badDefinition("it has \(tracks.count) tracks, wanted 1 to \(ServiceLimits.tracks)")
        }
        guard Set(tracks.map(\.number)).count == tracks.count, tracks.allSatisfy({ $0.number > 0 }) else {
            throw .badDefinition("track numbers are to be different, and greater than 0")
        }
        for track in tracks {
            guard track.codecPrivate.count <= 1 << 20, track.codecID.utf8.count <= 32,
                track.name?.utf8.count ?? 0 <= 32
            else {
                throw .badDefinition(
                    "track \(track.number) has a codec id or name of more than 32 bytes, or codec private data of more than 1 MiB"
                )
            }
        }
        guard (10 << 20...10 << 30).contains(storageBytes) else {
            throw .badDefinition("storage of \(storageBytes) bytes, wanted 10 MiB to 10 GiB")
        }
        guard bufferDuration >= .seconds(20) else {
            throw .badDefinition("a buffer of \(bufferDuration), wanted at least 20 s")
        }
        guard (.seconds(1) ... .seconds(30)).contains(fragmentDuration) else {
            throw .badDefinition("fragments of \(fragmentDuration), wanted 1 to 30 s")
        }
    }

    var uploadConfiguration: StreamUpload.Configuration {
        var configuration = StreamUpload.Configuration()
        configuration.isRealtime = mode != .offline
        configuration.windowBytes = storageBytes
        configuration.rotation = rotation
        configuration.retry = retry
        configuration.isRelative = fragmentTimes == .relative
        configuration.bufferDuration = mode == .offline ? nil : bufferDuration
        configuration.dropPolicy = dropPolicy
        configuration.replayDuration = min(replayDuration, bufferDuration)
        return configuration
    }
}
