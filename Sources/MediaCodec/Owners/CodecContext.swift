import CFFmpeg

/// Owns an `AVCodecContext`: one decoder or encoder.
///
/// Sendable is right because the pointer never leaves its only owner; libav lets a context move between threads.
struct CodecContext: ~Copyable, @unchecked Sendable {
    let pointer: UnsafeMutablePointer<AVCodecContext>

    init(_ codec: UnsafePointer<AVCodec>) throws(CodecError) {
        LibraryLog.off
        pointer = try CodecError.check(avcodec_alloc_context3(codec), "allocate a codec")
    }

    deinit {
        var pointer: UnsafeMutablePointer<AVCodecContext>? = pointer
        avcodec_free_context(&pointer)
    }

    /// Hands over set-up data; libav frees its copy with the context.
    func setConfiguration(_ bytes: [UInt8]) throws(CodecError) {
        guard !bytes.isEmpty else { return }
        guard let copy = av_mallocz(bytes.count + Int(CFFmpeg_INPUT_PADDING)) else {
            throw CodecError(.outOfMemory, "copy codec private data", reason: "out of memory")
        }
        copy.copyMemory(from: bytes, byteCount: bytes.count)
        pointer.pointee.extradata = copy.assumingMemoryBound(to: UInt8.self)
        pointer.pointee.extradata_size = CInt(bytes.count)
    }
}
