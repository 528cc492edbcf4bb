import CFFmpeg

/// Owns an `AVFormatContext`: an open file and its streams, and the input it reads from.
///
/// Sendable is right because the pointers never leave their only owner; libav lets a context move between threads.
struct FormatContext: ~Copyable, @unchecked Sendable {
    let pointer: UnsafeMutablePointer<AVFormatContext>
    private let input: ByteInput?

    private init(pointer: UnsafeMutablePointer<AVFormatContext>, input: consuming ByteInput?) {
        self.pointer = pointer
        self.input = input
    }

    /// Opens a file of this machine.
    ///
    /// A path that looks like a URL is a path all the same.
    static func open(path: String) throws(CodecError) -> FormatContext {
        LibraryLog.off
        var context: UnsafeMutablePointer<AVFormatContext>?
        try open(&context, url: "file:" + path, protocols: "file", name: path)
        return FormatContext(pointer: try CodecError.check(context, "open \(path)"), input: nil)
    }

    /// Opens what a closure reads.
    ///
    /// Such a file may refer to nothing outside of itself.
    static func open(name: String, _ input: consuming ByteInput) throws(CodecError) -> FormatContext {
        var context = avformat_alloc_context()
        try CodecError.check(context, "open \(name)").pointee.pb = input.pointer
        try open(&context, url: nil, protocols: "none", name: name)
        return FormatContext(pointer: try CodecError.check(context, "open \(name)"), input: input)
    }

    deinit {
        // Leaves an input of ours alone; that is closed after this.
        var pointer: UnsafeMutablePointer<AVFormatContext>? = pointer
        avformat_close_input(&pointer)
    }

    private static func open(
        _ context: inout UnsafeMutablePointer<AVFormatContext>?,
        url: String?,
        protocols: String,
        name: String
    ) throws(CodecError) {
        var options: OpaquePointer?
        av_dict_set(&options, "protocol_whitelist", protocols, 0)
        defer { av_dict_free(&options) }
        // On failure libav frees the context and clears the pointer.
        try CodecError.check(avformat_open_input(&context, url, nil, &options), "open \(name)")
    }

    var streamCount: Int { Int(pointer.pointee.nb_streams) }

    /// True where the container has told of all that decoding takes: how large pictures are and how they are set up.
    var tellsOfTracks: Bool {
        streamCount > 0
            && (0..<streamCount).allSatisfy { index in
                guard let parameters = stream(index)?.pointee.codecpar?.pointee else { return false }
                switch parameters.codec_type {
                case AVMEDIA_TYPE_VIDEO:
                    return parameters.codec_id != AV_CODEC_ID_NONE && parameters.width > 0
                        && parameters.extradata_size > 0
                case AVMEDIA_TYPE_AUDIO:
                    return parameters.codec_id != AV_CODEC_ID_NONE && parameters.sample_rate > 0
                default: return true
                }
            }
    }

    func stream(_ index: Int) -> UnsafeMutablePointer<AVStream>? {
        guard index >= 0, index < streamCount else { return nil }
        return pointer.pointee.streams?[index]
    }
}
