import CFFmpeg

/// Owns an `AVPacket`: compressed bytes with their times.
///
/// Sendable is right because the pointer never leaves its only owner and libav keeps no thread-bound state in it.
struct Packet: ~Copyable, @unchecked Sendable {
    let pointer: UnsafeMutablePointer<AVPacket>

    init() throws(CodecError) {
        LibraryLog.off
        pointer = try CodecError.check(av_packet_alloc(), "allocate a packet")
    }

    deinit {
        var pointer: UnsafeMutablePointer<AVPacket>? = pointer
        av_packet_free(&pointer)
    }

    /// Drops the bytes, so that the packet can take others.
    func clear() {
        av_packet_unref(pointer)
    }

    /// Copies bytes in, with the zeros behind them that decoders read over.
    func fill(with data: [UInt8]) throws(CodecError) {
        av_packet_unref(pointer)
        guard let count = CInt(exactly: data.count) else {
            throw CodecError(.invalidData, "copy a frame", reason: "\(data.count) bytes are too many")
        }
        try CodecError.check(av_new_packet(pointer, count), "allocate a frame of \(count) bytes")
        data.withUnsafeBufferPointer { bytes in
            guard let source = bytes.baseAddress else { return }
            pointer.pointee.data.update(from: source, count: bytes.count)
        }
    }

    /// A copy of the bytes.
    var bytes: [UInt8] {
        [UInt8](UnsafeBufferPointer(start: pointer.pointee.data, count: Int(pointer.pointee.size)))
    }
}
