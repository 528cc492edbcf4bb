/// Names of the tags that the service writes into chunks, and of those it reserves.
///
/// Source: 03 PutMedia, "Fragment metadata"; 04 GetMedia, "One chunk, in order".
public enum ServiceTags {
    /// Every name that begins so belongs to the service.
    public static let prefix = "AWS_KINESISVIDEO"
    /// The chunk's fragment number, ahead of the Cluster.
    public static let fragmentNumber = "AWS_KINESISVIDEO_FRAGMENT_NUMBER"
    /// Decimal seconds, ahead of the Cluster.
    public static let serverTimestamp = "AWS_KINESISVIDEO_SERVER_TIMESTAMP"
    /// Decimal seconds, ahead of the Cluster.
    public static let producerTimestamp = "AWS_KINESISVIDEO_PRODUCER_TIMESTAMP"
    /// Milliseconds, behind the Cluster of a GetMedia chunk.
    public static let millisBehindNow = "AWS_KINESISVIDEO_MILLIS_BEHIND_NOW"
    /// Token to go on after this chunk; the last tag of a GetMedia chunk.
    public static let continuationToken = "AWS_KINESISVIDEO_CONTINUATION_TOKEN"
    /// Number of an in-band error.
    public static let errorID = "AWS_KINESISVIDEO_ERROR_ID"
    /// Name of an in-band error.
    public static let errorCode = "AWS_KINESISVIDEO_ERROR_CODE"
    /// Completes the producer's open fragment at once; never stored.
    public static let endOfFragment = "AWS_KINESISVIDEO_END_OF_FRAGMENT"
    /// Asks for stills of the producer's fragment; its value is empty.
    public static let imageGeneration = "AWS_KINESISVIDEO_IMAGE_GENERATION"
    /// What the names of those stills begin with.
    public static let imagePrefix = "AWS_KINESISVIDEO_IMAGE_PREFIX"
    /// Asks to tell whoever the stream's notification configuration names; its value is empty.
    public static let notification = "AWS_KINESISVIDEO_NOTIFICATION"
    /// Those that a producer may send although their names are the service's; they do not count towards a fragment's
    /// limit of metadata.
    public static let fromProducers: Set<String> = [
        endOfFragment, imageGeneration, imagePrefix, notification,
    ]
    /// Other spellings that documents print; accepted when reading.
    public static let alternateSpellings = [
        "AWS_KINESISVIDEO_SERVER_SIDE_TIMESTAMP": serverTimestamp,
        "AWS_KINESISVIDEO_PRODUCER_SIDE_TIMESTAMP": producerTimestamp,
        "AWS_KINESISVIDEO_EXCEPTION_ERROR_CODE": errorCode,
    ]
}
