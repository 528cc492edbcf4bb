import CFFmpeg

/// Owns an `AVFrame`: a picture and, by reference, its planes.
///
/// Sendable is right because the pointer never leaves its only owner, and libav counts references to planes atomically.
struct Frame: ~Copyable, @unchecked Sendable {
    let pointer: UnsafeMutablePointer<AVFrame>

    init() throws(CodecError) {
        LibraryLog.off
        pointer = try CodecError.check(av_frame_alloc(), "allocate a picture")
    }

    deinit {
        var pointer: UnsafeMutablePointer<AVFrame>? = pointer
        av_frame_free(&pointer)
    }

    /// First byte of a plane's first row, or nil where the picture has no such plane.
    func plane(_ index: Int) -> UnsafeMutablePointer<UInt8>? {
        withUnsafePointer(to: &pointer.pointee.data) { data in
            data.withMemoryRebound(to: UnsafeMutablePointer<UInt8>?.self, capacity: 8) { $0[index] }
        }
    }

    /// Bytes from a row of a plane to the next; negative where the rows lie upside down.
    func stride(_ index: Int) -> Int {
        withUnsafePointer(to: &pointer.pointee.linesize) { sizes in
            sizes.withMemoryRebound(to: CInt.self, capacity: 8) { Int($0[index]) }
        }
    }

    /// Copies planes in that follow each other, rows packed.
    ///
    /// The frame must have buffers of its own.
    func fill(with bytes: [UInt8]) throws(CodecError) {
        let packed = try Frame()
        let (format, width, height) = (pointer.pointee.format, pointer.pointee.width, pointer.pointee.height)
        (packed.pointer.pointee.format, packed.pointer.pointee.width) = (format, width)
        packed.pointer.pointee.height = height
        let operation = "copy a picture of \(width) x \(height)"
        let kind = AVPixelFormat(rawValue: format)
        let count = try CodecError.check(av_image_get_buffer_size(kind, width, height, 1), operation)
        guard count == bytes.count else {
            throw CodecError(.invalidData, operation, reason: "it has \(count) bytes, not \(bytes.count)")
        }
        // The second frame only points into the bytes, so it must not outlive the closure's use of them.
        let result = bytes.withUnsafeBufferPointer { bytes in
            packed.withPlanes { planes, strides in
                av_image_fill_arrays(planes, strides, bytes.baseAddress, kind, width, height, 1)
            }
            return av_frame_copy(pointer, packed.pointer)
        }
        try CodecError.check(result, operation)
    }

    /// The planes in order, rows packed.
    func packedBytes() throws(CodecError) -> [UInt8] {
        let (width, height) = (pointer.pointee.width, pointer.pointee.height)
        let format = AVPixelFormat(rawValue: pointer.pointee.format)
        let operation = "copy a picture of \(width) x \(height)"
        let count = try CodecError.check(av_image_get_buffer_size(format, width, height, 1), operation)
        var bytes = [UInt8](repeating: 0, count: Int(count))
        let result = withPlanes { planes, strides in
            planes.withMemoryRebound(to: UnsafePointer<UInt8>?.self, capacity: 4) { planes in
                av_image_copy_to_buffer(&bytes, count, planes, strides, format, width, height, 1)
            }
        }
        try CodecError.check(result, operation)
        return bytes
    }

    /// Lends the arrays of planes and strides, which Swift sees as tuples.
    @discardableResult
    private func withPlanes<Result>(
        _ body: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>, UnsafeMutablePointer<CInt>) -> Result
    ) -> Result {
        withUnsafeMutablePointer(to: &pointer.pointee.data) { data in
            withUnsafeMutablePointer(to: &pointer.pointee.linesize) { sizes in
                body(
                    UnsafeMutableRawPointer(data).assumingMemoryBound(to: UnsafeMutablePointer<UInt8>?.self),
                    UnsafeMutableRawPointer(sizes).assumingMemoryBound(to: CInt.self)
                )
            }
        }
    }
}
