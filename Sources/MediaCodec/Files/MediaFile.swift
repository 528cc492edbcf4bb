import CFFmpeg
public import Matroska

/// A media file of any container libav reads, as tracks and packets in Matroska's form.
///
/// ```
/// MP4, MKV, MPEG-TS, WAV, raw H.264 ...  ->  tracks: [TrackEntry], next(): MediaPacket, MediaPacket, ...
/// ```
/// H.264 and H.265 leave as length-prefixed NAL units with avcC or hvcC, AAC without ADTS headers, G.711 with a
/// WAVEFORMATEX. Reading is sequential; there is no seeking. Use one file from one thread at a time.
public struct MediaFile: ~Copyable, Sendable {
    /// Fills a buffer from its start and returns the number of bytes; 0 at the end.
    public typealias ReadBytes = (UnsafeMutableRawBufferPointer) throws -> Int

    /// A track whose codec is not carried.
    public struct UnsupportedTrack: Sendable, Hashable {
        /// Number of the track; no packet has it.
        public let number: UInt64
        /// What it carries: `video`, `audio`, `subtitle`, `data` or `unknown`.
        public let kind: String
        /// What libav calls the codec: `mpeg2video`.
        public let codec: String
    }

    /// A track whose codec is not carried, and whose pictures are encoded anew.
    public struct EncodedTrack: Sendable, Hashable {
        /// Number of the track.
        public let number: UInt64
        /// What libav calls the codec it had: `rawvideo`.
        public let codec: String
    }

    /// How much of a file is read ahead of the first packet, to learn of its tracks.
    public enum Search: Sendable {
        /// As much as it takes to tell of each track what its container does not.
        case everything
        /// Nothing, where the container tells what decoding needs: the first picture comes that much sooner.
        case whatIsMissing
    }

    /// The tracks whose packets `next` gives.
    public var tracks: [TrackEntry] { readers.map(\.entry) }
    /// The tracks left out.
    public let unsupportedTracks: [UnsupportedTrack]
    /// When the container says it was made, in milliseconds since 1970.
    public let creationTime: Int64?
    /// Length of the longest track, where the container tells or it can be estimated.
    public let duration: Duration?

    private let context: FormatContext
    private let packet: Packet
    private var readers: [MediaTrack]
    /// Makes H.264 of pictures whose codec is not carried, by the number of their stream.
    private let transcoders: [Int: VideoTranscoder]
    /// Packets read while looking for set-up data.
    private var ahead: [MediaPacket] = []
    /// Packets that came out of a transcoder together.
    private var encoded: [MediaPacket] = []

    /// How many packets may be read in search of set-up data.
    private static let searchLimit = 256

    /// Opens a file of this machine.
    ///
    /// - Parameters:
    ///   - path: A path, never a URL.
    ///   - search: How much is read ahead.
    /// - Returns: The file, its tracks known.
    /// - Throws: `notFound`, `invalidData` where it is no media file, or what else libav says.
    public static func open(path: String, search: Search = .everything) throws(CodecError) -> MediaFile {
        try open(FormatContext.open(path: path), name: path, search)
    }

    /// Opens what a closure reads, from its first byte on, such as standard input.
    ///
    /// Containers that keep their index at the end (an MP4 that was not made for streaming) cannot be read so.
    ///
    /// - Parameters:
    ///   - name: Stands for the input in errors.
    ///   - read: Called whenever more is needed, on the thread that calls `next`, and by nobody else; what it throws ends
    ///     the file with `CodecError.Code.inputOutput`.
    /// - Returns: The file, its tracks known.
    /// - Throws: `notFound`, `invalidData` where it is no media file, or what else libav says.
    public static func open(
        name: String,
        reading read: sending @escaping ReadBytes
    ) throws(CodecError) -> MediaFile {
        try open(FormatContext.open(name: name, ByteInput(read)), name: name, .everything)
    }

    /// Opens a file, a server or a camera.
    ///
    /// - Parameters:
    ///   - address: Where.
    ///   - rtspTransport: How an RTSP server's media travels.
    ///   - encodesVideo: True where pictures whose codec is not carried are made H.264; else their track is left out.
    ///   - interrupt: Gives up what takes too long.
    /// - Returns: The file, its tracks known.
    /// - Throws: `notFound`, `timedOut`, `invalidData` where it is no media, or what else libav says.
    public static func open(
        _ address: MediaAddress,
        rtspTransport: MediaAddress.RTSPTransport = .tcp,
        encodesVideo: Bool = false,
        interrupt: MediaInterrupt
    ) throws(CodecError) -> MediaFile {
        let context = try FormatContext.open(address, rtspTransport: rtspTransport, interrupt: interrupt)
        return try open(context, name: address.name, .everything, encodesVideo: encodesVideo)
    }

    private static func open(
        _ context: consuming FormatContext,
        name: String,
        _ search: Search,
        encodesVideo: Bool = false
    ) throws(CodecError) -> MediaFile {
        if search == .everything || !context.tellsOfTracks {
            let operation = "read the tracks of \(name)"
            _ = try context.waiting(operation) { avformat_find_stream_info(context.pointer, nil) }
        }
        var transcoders: [Int: VideoTranscoder] = [:]
        if encodesVideo {
            for index in 0..<context.streamCount {
                guard let stream = context.stream(index) else { continue }
                transcoders[index] = try VideoTranscoder(stream)
            }
        }
        var file = MediaFile(context, packet: try Packet(), transcoders)
        try file.findConfigurations()
        return file
    }

    private init(
        _ context: consuming FormatContext,
        packet: consuming Packet,
        _ transcoders: [Int: VideoTranscoder]
    ) {
        var readers: [MediaTrack] = []
        var unsupported: [UnsupportedTrack] = []
        for index in 0..<context.streamCount {
            guard let stream = context.stream(index) else { continue }
            if let reader = MediaTrack(stream)
                ?? transcoders[index].map({ MediaTrack(stream, made: $0.track) })
            {
                readers.append(reader)
            } else {
                unsupported.append(Self.describe(stream))
                stream.pointee.discard = AVDISCARD_ALL
            }
        }
        self.readers = readers
        unsupportedTracks = unsupported
        creationTime = Self.creationTime(context)
        let microseconds = context.pointer.pointee.duration
        duration = microseconds > 0 ? .microseconds(microseconds) : nil
        self.packet = packet
        self.context = context
        self.transcoders = transcoders
    }

    /// Tracks whose pictures are made H.264 here.
    public var encodedTracks: [EncodedTrack] {
        transcoders.values.map { EncodedTrack(number: $0.track.number, codec: $0.codec) }
            .sorted { $0.number < $1.number }
    }

    /// The next packet of any track, in the order of the file; nil at the end.
    ///
    /// Damage inside the file is skipped as far as libav can; where it cannot go on, the error is thrown.
    public mutating func next() throws(CodecError) -> MediaPacket? {
        guard ahead.isEmpty else { return ahead.removeFirst() }
        return try read()
    }

    private mutating func findConfigurations() throws(CodecError) {
        while readers.contains(where: \.lacksConfiguration), ahead.count < Self.searchLimit {
            guard let packet = try read() else { return }
            ahead.append(packet)
        }
    }

    private mutating func read() throws(CodecError) -> MediaPacket? {
        guard encoded.isEmpty else { return encoded.removeFirst() }
        while true {
            packet.clear()
            let pointer = packet.pointer
            let result = try context.waiting("read a packet", allowing: CFFmpeg_ERROR_EOF) {
                av_read_frame(context.pointer, pointer)
            }
            if result == CFFmpeg_ERROR_EOF { return try drainTranscoders() }
            let stream = Int(packet.pointer.pointee.stream_index)
            guard let index = readers.firstIndex(where: { $0.stream == stream }) else { continue }
            if let transcoder = transcoders[stream] {
                encoded += try transcoder.encode(packet, timeBase: readers[index].timeBase)
                if encoded.isEmpty { continue }
                return encoded.removeFirst()
            }
            let data = readers[index].convert(packet.bytes)
            guard !data.isEmpty else { continue }
            return readers[index].packet(packet.pointer.pointee, data: data)
        }
    }

    private mutating func drainTranscoders() throws(CodecError) -> MediaPacket? {
        for stream in transcoders.keys.sorted() {
            guard let transcoder = transcoders[stream],
                let reader = readers.first(where: { $0.stream == stream })
            else { continue }
            encoded += try transcoder.finish(timeBase: reader.timeBase)
        }
        return encoded.isEmpty ? nil : encoded.removeFirst()
    }

    private static func describe(_ stream: UnsafeMutablePointer<AVStream>) -> UnsupportedTrack {
        let parameters = stream.pointee.codecpar.pointee
        return UnsupportedTrack(
            number: UInt64(stream.pointee.index) + 1,
            kind: av_get_media_type_string(parameters.codec_type).map { String(cString: $0) } ?? "unknown",
            codec: String(cString: avcodec_get_name(parameters.codec_id))
        )
    }

    private static func creationTime(_ context: borrowing FormatContext) -> Int64? {
        let entry = av_dict_get(context.pointer.pointee.metadata, "creation_time", nil, 0)
        guard let text = entry?.pointee.value else { return nil }
        var microseconds: Int64 = 0
        guard av_parse_time(&microseconds, text, 0) >= 0 else { return nil }
        return microseconds / 1000
    }
}
