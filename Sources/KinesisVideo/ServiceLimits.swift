/// Limits that always hold.
///
/// Source: 09 Limits and quotas.
public enum ServiceLimits {
    /// Bytes of a fragment, its header left out.
    public static let fragmentBytes = 50_000_000
    /// Milliseconds between the first and the last block of a fragment.
    public static let fragmentMilliseconds: Int64 = 20_000
    /// Tracks of a stream.
    public static let tracks = 3
    /// Metadata items on a fragment.
    public static let metadataItems = 10
    /// Bytes of a metadata item's name.
    public static let metadataNameBytes = 128
    /// Bytes of a metadata item's value.
    public static let metadataValueBytes = 256
    /// Seconds without a byte after which a producer's connection is ended.
    public static let idleSeconds = 30
    /// Seconds after which a producer's connection is ended.
    public static let connectionSeconds = 45 * 60
    /// PutMedia connections on one stream.
    public static let producerConnections = 2
    /// Hours of retention.
    public static let retentionHours = 0...87_600
    /// Streams of one listing page.
    public static let listedStreams = 1...10_000
    /// Fragments of one listing page.
    public static let listedFragments = 1...1000
    /// Fragments of one GetMediaForFragmentList.
    public static let fetchedFragments = 1...1000
    /// Tags of a stream.
    public static let tagsPerStream = 50
    /// Milliseconds between two stills.
    public static let samplingMilliseconds = 200...Int(Int32.max)
    /// Columns of a still.
    public static let imageWidth = 1...3840
    /// Rows of a still.
    public static let imageHeight = 1...2160
    /// First moment that no producer timestamp may reach: the year 2100.
    public static let endOfTime = Timestamp(milliseconds: 4_102_444_800_000)
}
