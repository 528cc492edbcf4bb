import CFFmpeg

/// Owns an `AVFormatContext`: an open file and its streams, and the input it reads from.
///
/// Sendable is right because neither the pointers nor the closure behind an input, which is handed over for good, are
/// used by anyone but their only owner; libav lets a context move between threads.
struct FormatContext: ~Copyable, @unchecked Sendable {
    let pointer: UnsafeMutablePointer<AVFormatContext>
    private let input: ByteInput?
    private let interrupt: MediaInterrupt?

    private init(
        pointer: UnsafeMutablePointer<AVFormatContext>,
        input: consuming ByteInput?,
        interrupt: MediaInterrupt? = nil
    ) {
        self.pointer = pointer
        self.input = input
        self.interrupt = interrupt
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

    /// Opens a file, a server or a camera.
    ///
    /// - Parameters:
    ///   - address: where.
    ///   - rtspTransport: how an RTSP server's media travels.
    ///   - interrupt: gives up what takes too long.
    /// - Returns: the open input.
    /// - Throws: `timedOut`, `notFound`, or what else libav says.
    static func open(
        _ address: MediaAddress,
        rtspTransport: MediaAddress.RTSPTransport,
        interrupt: MediaInterrupt
    ) throws(CodecError) -> FormatContext {
        LibraryLog.off
        let operation = "open \(address.name)"
        let source = address.source
        var options = Self.options(address, rtspTransport)
        defer { av_dict_free(&options) }
        var format: UnsafePointer<AVInputFormat>?
        if let name = source.format {
            if let problem = DeviceLibrary.problem {
                throw CodecError(.unsupportedCodec, operation, reason: problem)
            }
            format = av_find_input_format(name)
        } else if case .file = address {
        } else {
            avformat_network_init()
        }
        var context = avformat_alloc_context()
        try CodecError.check(context, operation).pointee.interrupt_callback = interrupt.callback
        interrupt.begin()
        let result = avformat_open_input(&context, source.url, format, &options)
        if result < 0, interrupt.isDue {
            throw CodecError(.timedOut, operation, reason: interrupt.reason)
        }
        try CodecError.check(result, operation)
        return FormatContext(
            pointer: try CodecError.check(context, operation),
            input: nil,
            interrupt: interrupt
        )
    }

    private static func options(_ address: MediaAddress, _ transport: MediaAddress.RTSPTransport)
        -> OpaquePointer?
    {
        var options: OpaquePointer?
        av_dict_set(&options, "protocol_whitelist", address.source.protocols, 0)
        switch address {
        case .file, .device: break
        case .rtsp: av_dict_set(&options, "rtsp_transport", transport.rawValue, 0)
        case .http:
            // libav goes on where a transfer broke off, if the server can.
            av_dict_set(&options, "reconnect", "1", 0)
            av_dict_set(&options, "reconnect_on_network_error", "1", 0)
            av_dict_set(&options, "reconnect_delay_max", "4", 0)
        }
        return options
    }

    /// Runs a call that may wait for a server or a camera.
    ///
    /// - Parameters:
    ///   - operation: what is done.
    ///   - end: what `call` may return beside success.
    ///   - call: returns what libav returned.
    /// - Returns: that.
    /// - Throws: `timedOut` where it took too long, what libav says else.
    func waiting(_ operation: String, allowing end: CInt? = nil, _ call: () -> CInt) throws(CodecError)
        -> CInt
    {
        interrupt?.begin()
        let result = call()
        guard result < 0, result != end else { return result }
        if let interrupt, interrupt.isDue {
            throw CodecError(.timedOut, operation, reason: interrupt.reason)
        }
        return try CodecError.check(result, operation)
    }

    deinit {
        // A server that has gone must not hold up the end.
        interrupt?.begin()
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
