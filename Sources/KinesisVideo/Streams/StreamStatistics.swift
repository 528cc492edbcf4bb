/// What an embedded service reports of one stream for monitors; real AWS has no such feed.
///
/// All figures are measured by the service. Absent means unknown, never zero.
public struct StreamStatistics: Sendable, Hashable, Codable {
    /// Name of the stream.
    public var name: String
    /// Its ARN.
    public var arn: String
    /// Its life-cycle state.
    public var status: StreamStatus
    /// Hours that fragments are kept; 0 for none.
    public var retentionHours: Int
    /// Media type as declared, such as `video/h264`.
    public var mediaType: String?
    /// Bytes received in each of the last seconds, oldest first, the running second left out; up to 300 values.
    public var bytesPerSecond: [Int]
    /// Complete fragments a second over the last 60 seconds.
    public var fragmentsPerSecond: Double
    /// Mean length of the last 30 fragments, start to start, in milliseconds.
    public var meanFragmentMilliseconds: Double?
    /// Mean size of the last 30 fragments in bytes.
    public var meanFragmentBytes: Double?
    /// When the last complete fragment had been received.
    public var lastReceived: Timestamp?
    /// Number and clocks of the last complete fragment.
    public var lastFragment: Fragment?
    /// Number and clocks of the oldest fragment kept.
    public var firstFragment: Fragment?
    /// Milliseconds from RECEIVED to PERSISTED for the last fragment that was archived.
    public var persistMilliseconds: Double?
    /// Open GetMedia connections.
    public var readers: Int?
    /// Milliseconds of media in the live buffer.
    public var bufferMilliseconds: Int64?
    /// Bytes in the live buffer.
    public var bufferBytes: Int?
    /// Bytes in the archive.
    public var storedBytes: Int?
    /// Fragments in the archive.
    public var storedFragments: Int?
    /// Gaps in the archive: places where the distance of two starts is over 1.5 times what the first fragment lasts.
    public var gaps: Int?
    /// Milliseconds of the longest of them; 0 where there is none.
    public var longestGapMilliseconds: Int64?
    /// Media bytes received since the service started.
    public var receivedBytes: Int?
    /// Complete fragments received since the service started.
    public var receivedFragments: Int?
    /// Its tags; nil where they have not been asked for.
    public var tags: [String: String]?
    /// Why calls of the stream fail; nil where they do not.
    ///
    /// All other figures are then those from before.
    public var fault: Fault?
    /// When the figures were taken, where that was not with the report.
    public var asOf: Timestamp?

    /// Creates a report.
    public init(
        name: String,
        arn: String,
        status: StreamStatus,
        retentionHours: Int,
        mediaType: String? = nil,
        bytesPerSecond: [Int] = [],
        fragmentsPerSecond: Double = 0,
        meanFragmentMilliseconds: Double? = nil,
        meanFragmentBytes: Double? = nil,
        lastReceived: Timestamp? = nil,
        lastFragment: Fragment? = nil,
        firstFragment: Fragment? = nil,
        persistMilliseconds: Double? = nil,
        readers: Int? = nil,
        bufferMilliseconds: Int64? = nil,
        bufferBytes: Int? = nil,
        storedBytes: Int? = nil,
        storedFragments: Int? = nil,
        gaps: Int? = nil,
        longestGapMilliseconds: Int64? = nil,
        receivedBytes: Int? = nil,
        receivedFragments: Int? = nil,
        tags: [String: String]? = nil,
        fault: Fault? = nil,
        asOf: Timestamp? = nil
    ) {
        self.name = name
        self.arn = arn
        self.status = status
        self.retentionHours = retentionHours
        self.mediaType = mediaType
        self.bytesPerSecond = bytesPerSecond
        self.fragmentsPerSecond = fragmentsPerSecond
        self.meanFragmentMilliseconds = meanFragmentMilliseconds
        self.meanFragmentBytes = meanFragmentBytes
        self.lastReceived = lastReceived
        self.lastFragment = lastFragment
        self.firstFragment = firstFragment
        self.persistMilliseconds = persistMilliseconds
        self.readers = readers
        self.bufferMilliseconds = bufferMilliseconds
        self.bufferBytes = bufferBytes
        self.storedBytes = storedBytes
        self.storedFragments = storedFragments
        self.gaps = gaps
        self.longestGapMilliseconds = longestGapMilliseconds
        self.receivedBytes = receivedBytes
        self.receivedFragments = receivedFragments
        self.tags = tags
        self.fault = fault
        self.asOf = asOf
    }

    /// Why calls of a stream fail, and since when.
    public struct Fault: Sendable, Hashable, Codable {
        /// One line.
        public var reason: String
        /// When it began, on the server's clock.
        public var since: Timestamp

        /// Describes a fault.
        public init(reason: String, since: Timestamp) {
            self.reason = reason
            self.since = since
        }
    }

    /// A fragment as the feed names it.
    public struct Fragment: Sendable, Hashable, Codable {
        /// Its number in digits.
        public var number: String
        /// Its server timestamp.
        public var serverTimestamp: Timestamp
        /// Its producer timestamp.
        public var producerTimestamp: Timestamp

        /// Names a fragment.
        public init(_ metadata: FragmentMetadata) {
            number = metadata.number.padded
            serverTimestamp = metadata.serverTimestamp
            producerTimestamp = metadata.producerTimestamp
        }
    }
}

/// The whole feed: every stream at one moment of the server's clock.
public struct ServiceStatistics: Sendable, Hashable, Codable {
    /// The server's clock when the figures were taken.
    public var now: Timestamp
    /// One report a stream, by name.
    public var streams: [StreamStatistics]

    /// Creates a feed.
    public init(now: Timestamp, streams: [StreamStatistics]) {
        self.now = now
        self.streams = streams
    }

    /// Where the feed is served, by GET.
    public static let path = "/kinescope/streams"
}
