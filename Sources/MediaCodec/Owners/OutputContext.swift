import CFFmpeg

/// Owns an `AVFormatContext` that writes a file of this machine.
///
/// Sendable is right because the pointer never leaves its only owner; libav lets a context move between threads.
struct OutputContext: ~Copyable, @unchecked Sendable {
    let pointer: UnsafeMutablePointer<AVFormatContext>

    private init(pointer: UnsafeMutablePointer<AVFormatContext>) {
        self.pointer = pointer
    }

    /// Creates or empties a file.
    ///
    /// A path that looks like a URL is a path all the same.
    static func create(path: String, format: String) throws(CodecError) -> OutputContext {
        LibraryLog.off
        var context: UnsafeMutablePointer<AVFormatContext>?
        let url = "file:" + path
        try CodecError.check(
            avformat_alloc_output_context2(&context, nil, format, url),
            "write \(path)"
        )
        let output = OutputContext(pointer: try CodecError.check(context, "write \(path)"))
        try CodecError.check(avio_open(&output.pointer.pointee.pb, url, CFFmpeg_WRITE_FILE), "write \(path)")
        return output
    }

    /// Closes the file: what was still to be written has been, or this says why not.
    func close() throws(CodecError) {
        try CodecError.check(avio_closep(&pointer.pointee.pb), "write the end of a file")
    }

    deinit {
        // Does nothing where the file has been closed.
        avio_closep(&pointer.pointee.pb)
        avformat_free_context(pointer)
    }
}
