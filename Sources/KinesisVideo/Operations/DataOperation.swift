/// The calls that media takes place by; GetDataEndpoint answers where.
public enum DataOperation: String, Sendable, Hashable, Codable, CaseIterable {
    /// Upload.
    case putMedia = "PUT_MEDIA"
    /// Reading in order.
    case getMedia = "GET_MEDIA"
    /// Listing.
    case listFragments = "LIST_FRAGMENTS"
    /// Reading by number.
    case getMediaForFragmentList = "GET_MEDIA_FOR_FRAGMENT_LIST"
    /// A playlist.
    case getHLSStreamingSessionURL = "GET_HLS_STREAMING_SESSION_URL"
    /// A manifest.
    case getDASHStreamingSessionURL = "GET_DASH_STREAMING_SESSION_URL"
    /// A clip.
    case getClip = "GET_CLIP"
    /// Stills.
    case getImages = "GET_IMAGES"
}
