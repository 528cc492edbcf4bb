import CFFmpeg
import Matroska

/// A track of a file with what is needed to turn its packets into Matroska's form.
struct MediaTrack {
    /// How the file parts frames, where that is not how Matroska does.
    enum Framing {
        case matroska
        case annexBAVC
        case annexBHEVC
        case adts
    }

    let stream: Int
    let timeBase: AVRational
    /// Nanoseconds a frame lasts where packets do not say so.
    let frameDuration: Int64?
    let framing: Framing
    var entry: TrackEntry
    /// What libav takes off the times for the decoder's delay and Matroska leaves in, in the stream's unit.
    private let delay: Int64
    /// Decode time of the last packet, and of the packet to come if that has no time.
    private var lastTime = Int64.min
    private var nextTime: Int64 = 0

    /// Reads a stream's description; nil where its codec is not carried.
    init?(_ stream: UnsafeMutablePointer<AVStream>) {
        let parameters = stream.pointee.codecpar.pointee
        guard let name = MatroskaCodec.name(of: parameters.codec_id) else { return nil }
        let configuration = Self.configuration(parameters)
        self.stream = Int(stream.pointee.index)
        timeBase = stream.pointee.time_base
        framing = Self.framing(of: parameters.codec_id, configuration, stream.pointee)
        frameDuration = Self.frameDuration(stream.pointee)
        let codecDelay = Self.codecDelay(parameters)
        delay = av_rescale_q(Int64(codecDelay ?? 0), Self.nanosecond, timeBase)
        let isVideo = parameters.codec_type == AVMEDIA_TYPE_VIDEO
        entry = TrackEntry(
            number: UInt64(stream.pointee.index) + 1,
            uid: UInt64(stream.pointee.index) + 1,
            type: isVideo ? .video : .audio,
            codecID: name,
            codecPrivate: Self.codecPrivate(parameters, configuration, framing),
            defaultDuration: isVideo ? Self.steadyFrameDuration(stream.pointee) : nil,
            codecDelay: codecDelay
        )
        if isVideo {
            entry.video = .init(
                width: UInt64(max(0, parameters.width)),
                height: UInt64(max(0, parameters.height))
            )
        } else {
            let depth = max(parameters.bits_per_coded_sample, av_get_bits_per_sample(parameters.codec_id))
            entry.audio = .init(
                samplingFrequency: Double(parameters.sample_rate),
                channels: UInt64(max(0, parameters.ch_layout.nb_channels)),
                bitDepth: depth > 0 ? UInt64(depth) : nil
            )
        }
    }

    /// Describes a stream whose pictures are encoded anew.
    init(_ stream: UnsafeMutablePointer<AVStream>, made track: TrackEntry) {
        self.stream = Int(stream.pointee.index)
        timeBase = stream.pointee.time_base
        framing = .matroska
        frameDuration = Self.frameDuration(stream.pointee)
        delay = 0
        entry = track
    }

    /// True where set-up data must still be found in the packets.
    var lacksConfiguration: Bool {
        framing != .matroska && entry.codecPrivate.isEmpty
    }

    /// Brings a packet's bytes into Matroska's form; takes set-up data out of them where there was none yet.
    mutating func convert(_ bytes: [UInt8]) -> [UInt8] {
        switch framing {
        case .matroska:
            return bytes
        case .annexBAVC, .annexBHEVC:
            if lacksConfiguration { entry.codecPrivate = Self.record(framing, annexB: bytes) }
            return LengthPrefixed.stream(of: AnnexB.units(in: bytes).map { bytes[$0] })
        case .adts:
            guard let header = ADTSHeader(bytes) else { return bytes }
            if lacksConfiguration { entry.codecPrivate = header.audioSpecificConfig }
            return Array(bytes.dropFirst(header.count))
        }
    }

    /// Puts times to a packet's bytes; one without takes its place after the packet before.
    mutating func packet(_ packet: AVPacket, data: [UInt8]) -> MediaPacket {
        let duration = packet.duration > 0 ? nanoseconds(packet.duration) : nil
        let presentation = time(packet.pts)
        // The first packets of a file with reordered frames may have no decode time.
        let decode = max(lastTime, time(packet.dts) ?? min(presentation ?? nextTime, nextTime))
        lastTime = decode
        nextTime = decode + (duration ?? frameDuration ?? 0)
        return MediaPacket(
            track: entry.number,
            presentationTime: presentation ?? decode,
            decodeTime: decode,
            duration: duration,
            isKey: packet.flags & AV_PKT_FLAG_KEY != 0,
            data: data
        )
    }

    private func time(_ time: Int64) -> Int64? {
        time == CFFmpeg_NO_TIMESTAMP ? nil : nanoseconds(time &+ delay)
    }

    private static let nanosecond = AVRational(num: 1, den: 1_000_000_000)

    private func nanoseconds(_ time: Int64) -> Int64 {
        av_rescale_q(time, timeBase, Self.nanosecond)
    }
}

extension MediaTrack {
    private static func configuration(_ parameters: AVCodecParameters) -> [UInt8] {
        [UInt8](
            UnsafeBufferPointer(start: parameters.extradata, count: Int(max(0, parameters.extradata_size)))
        )
    }

    private static func framing(of codec: AVCodecID, _ configuration: [UInt8], _ stream: AVStream) -> Framing
    {
        switch codec {
        // A configuration record begins with its version, 1; the byte stream form with a start code.
        case AV_CODEC_ID_H264: configuration.first == 1 ? .matroska : .annexBAVC
        case AV_CODEC_ID_HEVC: configuration.first == 1 ? .matroska : .annexBHEVC
        case AV_CODEC_ID_AAC: configuration.isEmpty ? .adts : .matroska
        default: .matroska
        }
    }

    private static func codecPrivate(
        _ parameters: AVCodecParameters,
        _ configuration: [UInt8],
        _ framing: Framing
    ) -> [UInt8] {
        switch parameters.codec_id {
        case AV_CODEC_ID_PCM_ALAW, AV_CODEC_ID_PCM_MULAW:
            WaveFormat(
                tag: parameters.codec_id == AV_CODEC_ID_PCM_ALAW ? 6 : 7,
                channels: UInt16(clamping: parameters.ch_layout.nb_channels),
                frequency: UInt32(max(0, parameters.sample_rate))
            ).bytes
        default:
            framing == .matroska ? configuration : record(framing, annexB: configuration)
        }
    }

    private static func record(_ framing: Framing, annexB bytes: [UInt8]) -> [UInt8] {
        switch framing {
        case .annexBAVC: AVCConfiguration(annexB: bytes)?.bytes ?? []
        case .annexBHEVC: HEVCConfiguration(annexB: bytes)?.bytes ?? []
        case .adts, .matroska: []
        }
    }

    private static func codecDelay(_ parameters: AVCodecParameters) -> UInt64? {
        guard parameters.codec_id == AV_CODEC_ID_OPUS, parameters.initial_padding > 0 else { return nil }
        return UInt64(parameters.initial_padding) * 1_000_000_000 / 48_000
    }

    private static func frameDuration(_ stream: AVStream) -> Int64? {
        nanoseconds(perFrameAt: stream.avg_frame_rate) ?? nanoseconds(perFrameAt: stream.r_frame_rate)
    }

    /// Distance of two pictures where the file is likely to have a fixed one.
    private static func steadyFrameDuration(_ stream: AVStream) -> UInt64? {
        guard let mean = nanoseconds(perFrameAt: stream.avg_frame_rate),
            let least = nanoseconds(perFrameAt: stream.r_frame_rate),
            abs(mean - least) * 100 <= mean
        else { return nil }
        return UInt64(least)
    }

    private static func nanoseconds(perFrameAt rate: AVRational) -> Int64? {
        guard rate.num > 0, rate.den > 0 else { return nil }
        return av_rescale(1_000_000_000, Int64(rate.den), Int64(rate.num))
    }
}
