public import KinesisVideo
public import NIOCore

/// A complete fragment as it is stored and sent: items 1 to 6 of a GetMedia chunk.
///
/// Source: 04 GetMedia, "One chunk, in order".
public struct StoredChunk: Sendable {
    /// Number, clocks, size and length.
    public let info: FragmentInfo
    /// Bytes of items 1 to 3, the producer's header.
    public let headerLength: Int
    /// Blocks in the Cluster.
    public let frameCount: Int
    /// The bytes, in one or more pieces that are sent one behind the other.
    public let parts: [ByteBuffer]

    /// Takes a chunk whose bytes are `parts`.
    public init(
        metadata: FragmentMetadata,
        length: Int64,
        headerLength: Int,
        frameCount: Int,
        parts: [ByteBuffer]
    ) {
        let size = parts.reduce(0) { $0 + $1.readableBytes }
        self.info = FragmentInfo(metadata: metadata, size: size, length: length)
        self.headerLength = headerLength
        self.frameCount = frameCount
        self.parts = parts
    }

    /// All bytes in one piece; copies where there are several.
    public var bytes: ByteBuffer { ByteBuffer(joining: parts) }
}

extension ByteBuffer {
    /// Puts pieces one behind the other; a single piece is taken as it is.
    init(joining parts: some Collection<ByteBuffer>) {
        if parts.count == 1, let part = parts.first {
            self = part
            return
        }
        self = ByteBufferAllocator().buffer(capacity: parts.reduce(0) { $0 + $1.readableBytes })
        for part in parts { writeImmutableBuffer(part) }
    }
}
