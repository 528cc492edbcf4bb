public import KinesisVideo
public import NIOCore

/// What a reader gets at the newest end of a stream.
public enum LiveDelivery: Sendable, Hashable {
    /// A fragment when it is complete, as the service does.
    case fragment
    /// The fragment that arrives just now, piece by piece.
    case frame
}

/// What a cursor hands out, in the order of fragment numbers.
public enum CursorEvent: Sendable {
    /// A whole fragment: items 1 to 6 of its chunk.
    case chunk(StoredChunk)
    /// A fragment that still arrives: items 1 to 4. `media` follows, then `end` or `broken`.
    case begin(FragmentMetadata, ByteBuffer)
    /// Further bytes of the fragment that has begun.
    case media(ByteBuffer)
    /// The fragment that had begun is complete.
    case end(FragmentInfo)
    /// The fragment that had begun will never be complete: what has been sent of it is worthless.
    case broken
}
