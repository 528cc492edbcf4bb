import CFFmpeg
public import Matroska

/// How loud sound is: amplitudes from 0 to 1, where 1 is the loudest that the samples can say.
public struct AudioLevel: Sendable, Hashable {
    /// Largest amplitude of all samples.
    public var peak: Double
    /// Root of the mean square of all samples.
    public var rms: Double

    /// Creates a level.
    public init(peak: Double, rms: Double) {
        self.peak = peak
        self.rms = rms
    }
}

/// Decodes the frames of a track of sound for nothing but their level.
///
/// Use one meter from one thread at a time.
public struct AudioMeter: ~Copyable, Sendable {
    private let context: CodecContext
    private let packet: Packet

    /// Opens a decoder.
    ///
    /// - Parameter track: Codec, sampling and set-up data.
    /// - Throws: `unsupportedCodec` where libav has no decoder; what it says where the set-up data is broken.
    public init(track: TrackEntry) throws(CodecError) {
        let operation = "open a decoder for \(track.codecID)"
        guard let (id, configuration) = MatroskaCodec.parameters(track), track.type == .audio,
            let codec = avcodec_find_decoder(id)
        else { throw CodecError(.unsupportedCodec, operation, reason: "there is none") }
        let context = try CodecContext(codec)
        try context.setConfiguration(configuration)
        context.pointer.pointee.sample_rate = track.audio?.sampleRate ?? 0
        av_channel_layout_default(
            &context.pointer.pointee.ch_layout,
            CInt(clamping: track.audio?.channels ?? 1)
        )
        try CodecError.check(avcodec_open2(context.pointer, codec, nil), operation)
        let packet = try Packet()
        self.context = context
        self.packet = packet
    }

    /// Measures frames that follow each other.
    ///
    /// - Parameter frames: As the container holds them; damaged ones are left out.
    /// - Returns: Their level; nil where no samples came out.
    public mutating func level(of frames: [[UInt8]]) -> AudioLevel? {
        var sum = Sum()
        for data in frames where !data.isEmpty {
            // A damaged frame costs its own samples and no others.
            try? decode(data, &sum)
        }
        return sum.count > 0
            ? AudioLevel(peak: sum.peak, rms: (sum.squares / Double(sum.count)).squareRoot()) : nil
    }

    private struct Sum {
        var peak = 0.0
        var squares = 0.0
        var count = 0

        mutating func add(_ sample: Double) {
            peak = max(peak, abs(sample))
            squares += sample * sample
            count += 1
        }
    }

    private func decode(_ data: [UInt8], _ sum: inout Sum) throws(CodecError) {
        try packet.fill(with: data)
        try CodecError.check(avcodec_send_packet(context.pointer, packet.pointer), "decode sound")
        let frame = try Frame()
        while avcodec_receive_frame(context.pointer, frame.pointer) >= 0 { Self.add(frame, to: &sum) }
    }

    private static func add(_ frame: borrowing Frame, to sum: inout Sum) {
        let format = AVSampleFormat(rawValue: frame.pointer.pointee.format)
        let channels = Int(frame.pointer.pointee.ch_layout.nb_channels)
        let samples = Int(frame.pointer.pointee.nb_samples)
        let isPlanar = av_sample_fmt_is_planar(format) == 1
        let perPlane = isPlanar ? samples : samples * channels
        for plane in 0..<(isPlanar ? channels : 1) {
            guard let bytes = frame.pointer.pointee.extended_data?[plane] else { return }
            let raw = UnsafeRawPointer(bytes)
            for index in 0..<perPlane {
                switch av_get_packed_sample_fmt(format) {
                case AV_SAMPLE_FMT_U8: sum.add((Double(bytes[index]) - 128) / 128)
                case AV_SAMPLE_FMT_S16:
                    sum.add(Double(raw.load(fromByteOffset: 2 * index, as: Int16.self)) / 32_768)
                case AV_SAMPLE_FMT_S32:
                    sum.add(Double(raw.load(fromByteOffset: 4 * index, as: Int32.self)) / 2_147_483_648)
                case AV_SAMPLE_FMT_FLT:
                    sum.add(Double(raw.load(fromByteOffset: 4 * index, as: Float.self)))
                case AV_SAMPLE_FMT_DBL: sum.add(raw.load(fromByteOffset: 8 * index, as: Double.self))
                default: return
                }
            }
        }
    }
}
