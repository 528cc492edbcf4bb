public import Matroska

extension TrackEntry {
    /// A track of H.264.
    ///
    /// - Parameters:
    ///   - number: what its frames say.
    ///   - codecPrivate: avcC, or parameter sets behind start codes; empty where the first key frame brings them.
    /// - Returns: the track.
    public static func h264(number: UInt64 = 1, codecPrivate: [UInt8] = []) -> TrackEntry {
        TrackEntry(
            number: number,
            uid: number,
            type: .video,
            codecID: "V_MPEG4/ISO/AVC",
            codecPrivate: codecPrivate,
            video: VideoSettings()
        )
    }

    /// A track of H.265.
    ///
    /// - Parameters:
    ///   - number: what its frames say.
    ///   - codecPrivate: hvcC, or parameter sets behind start codes; empty where the first key frame brings them.
    /// - Returns: the track.
    public static func h265(number: UInt64 = 1, codecPrivate: [UInt8] = []) -> TrackEntry {
        TrackEntry(
            number: number,
            uid: number,
            type: .video,
            codecID: "V_MPEGH/ISO/HEVC",
            codecPrivate: codecPrivate,
            video: VideoSettings()
        )
    }

    /// A track of AAC.
    ///
    /// - Parameters:
    ///   - number: what its frames say.
    ///   - samplingFrequency: samples a second.
    ///   - channels: how many.
    ///   - codecPrivate: the AudioSpecificConfig; empty where frames have ADTS headers.
    /// - Returns: the track.
    public static func aac(
        number: UInt64,
        samplingFrequency: Double,
        channels: UInt64,
        codecPrivate: [UInt8] = []
    ) -> TrackEntry {
        sound(number, "A_AAC", codecPrivate, samplingFrequency, channels, nil)
    }

    /// A track of signed PCM samples, the low byte first.
    ///
    /// - Parameters:
    ///   - number: what its frames say.
    ///   - samplingFrequency: samples a second.
    ///   - channels: how many, interleaved.
    ///   - bitDepth: bits of a sample.
    /// - Returns: the track.
    public static func pcm(number: UInt64, samplingFrequency: Double, channels: UInt64, bitDepth: UInt64 = 16)
        -> TrackEntry
    {
        sound(number, "A_PCM/INT/LIT", [], samplingFrequency, channels, bitDepth)
    }

    /// Which of the two laws of G.711 samples follow.
    public enum G711Law: UInt16, Sendable, Hashable, CaseIterable {
        /// Europe's.
        case aLaw = 6
        /// America's and Japan's.
        case muLaw = 7
    }

    /// A track of G.711.
    ///
    /// - Parameters:
    ///   - number: what its frames say.
    ///   - law: which law.
    ///   - samplingFrequency: samples a second, 1 or more.
    ///   - channels: how many.
    /// - Returns: the track.
    public static func g711(
        number: UInt64,
        law: G711Law,
        samplingFrequency: UInt32 = 8000,
        channels: UInt16 = 1
    ) -> TrackEntry {
        let format = WaveFormat(tag: law.rawValue, channels: channels, frequency: samplingFrequency)
        return sound(
            number,
            "A_MS/ACM",
            format.bytes,
            Double(samplingFrequency),
            UInt64(channels),
            8
        )
    }

    private static func sound(
        _ number: UInt64,
        _ codec: String,
        _ codecPrivate: [UInt8],
        _ frequency: Double,
        _ channels: UInt64,
        _ depth: UInt64?
    ) -> TrackEntry {
        TrackEntry(
            number: number,
            uid: number,
            type: .audio,
            codecID: codec,
            codecPrivate: codecPrivate,
            audio: AudioSettings(samplingFrequency: frequency, channels: channels, bitDepth: depth)
        )
    }
}
