import NIOCore

/// Sizes the buffers that a connection's bytes are read into: larger ones as more comes at a time, up to 1 MiB.
///
/// That growth halves the processor time of an upload. A pool of such buffers for each connection would take more
/// memory than the media does, so none is kept: without a size known ahead the channel pools nothing but its first.
/// Use it with one read for each wakeup, since the channel keeps as many first buffers as it may read then.
struct ReceiveBuffers: RecvByteBufferAllocator {
    private var sizes = AdaptiveRecvByteBufferAllocator(minimum: 4096, initial: 4096, maximum: 1 << 20)

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer {
        sizes.buffer(allocator: allocator)
    }

    /// - Returns: true, which makes the channel ask for a new buffer.
    mutating func record(actualReadBytes: Int) -> Bool {
        _ = sizes.record(actualReadBytes: actualReadBytes)
        return true
    }
}
