import CFFmpeg

/// Owns an `AVIOContext` that reads from a closure in place of a file.
struct ByteInput: ~Copyable {
    let pointer: UnsafeMutablePointer<AVIOContext>
    private let reader: Unmanaged<Reader>

    /// Keeps the closure at an address that C can pass back.
    private final class Reader {
        let read: MediaFile.ReadBytes

        init(_ read: @escaping MediaFile.ReadBytes) {
            self.read = read
        }
    }

    init(_ read: @escaping MediaFile.ReadBytes) throws(CodecError) {
        LibraryLog.off
        let size = 64 * 1024
        guard let buffer = av_malloc(size) else {
            throw CodecError(.outOfMemory, "allocate a read buffer", reason: "out of memory")
        }
        let reader = Unmanaged.passRetained(Reader(read))
        let context = avio_alloc_context(
            buffer.assumingMemoryBound(to: UInt8.self),
            CInt(size),
            0,
            reader.toOpaque(),
            { Self.fill($0, $1, $2) },
            nil,
            nil
        )
        guard let context else {
            av_free(buffer)
            reader.release()
            throw CodecError(.outOfMemory, "allocate an input", reason: "out of memory")
        }
        pointer = context
        self.reader = reader
    }

    deinit {
        // libav may have replaced the buffer it was given.
        av_free(pointer.pointee.buffer)
        var pointer: UnsafeMutablePointer<AVIOContext>? = pointer
        avio_context_free(&pointer)
        reader.release()
    }

    /// Answers libav's wish for bytes; the end is an error code to it, never 0.
    private static func fill(
        _ opaque: UnsafeMutableRawPointer?,
        _ buffer: UnsafeMutablePointer<UInt8>?,
        _ size: CInt
    ) -> CInt {
        guard let opaque, let buffer, size > 0 else { return CFFmpeg_ERROR_IO }
        let reader = Unmanaged<Reader>.fromOpaque(opaque).takeUnretainedValue()
        do {
            let count = try reader.read(UnsafeMutableRawBufferPointer(start: buffer, count: Int(size)))
            return count > 0 ? CInt(min(count, Int(size))) : CFFmpeg_ERROR_EOF
        } catch {
            return CFFmpeg_ERROR_IO
        }
    }
}
