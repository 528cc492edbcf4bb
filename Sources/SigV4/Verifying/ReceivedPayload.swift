/// What a server knows of a request's body when it checks the signature.
public enum ReceivedPayload: Sendable, Hashable {
    /// The body has been read and has this hash, as of JSON calls.
    case read(PayloadHash)

    /// The body has not been read, as of PutMedia, which is answered before it ends.
    case unread
}
