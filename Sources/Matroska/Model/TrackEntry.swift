/// What a track carries.
///
/// Source: RFC 9559, TrackType.
public struct TrackType: RawRepresentable, Sendable, Hashable {
    /// The number in the file.
    public var rawValue: UInt64

    /// Keeps any number a file may hold.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Pictures.
    public static let video = TrackType(rawValue: 1)
    /// Sound.
    public static let audio = TrackType(rawValue: 2)
    /// Text shown over the picture.
    public static let subtitle = TrackType(rawValue: 17)

    /// The word for the type: `video`, `audio`, `subtitle`, ..., or the number where there is none.
    public var name: String {
        switch rawValue {
        case 1: "video"
        case 2: "audio"
        case 3: "complex"
        case 16: "logo"
        case 17: "subtitle"
        case 18: "buttons"
        case 32: "control"
        case 33: "metadata"
        default: String(rawValue)
        }
    }
}

/// Description of one track of a segment.
///
/// Source: RFC 9559, TrackEntry.
public struct TrackEntry: Sendable, Hashable {
    /// Number that blocks refer to; never 0.
    public var number: UInt64
    /// Identity of the track across files.
    public var uid: UInt64
    /// What the track carries.
    public var type: TrackType
    /// Codec as Matroska names it, such as `V_MPEG4/ISO/AVC`, without NUL padding.
    public var codecID: String
    /// Set-up data of the codec (avcC, AudioSpecificConfig, ...); empty where there is none.
    public var codecPrivate: [UInt8]
    /// Name for people.
    public var name: String?
    /// Language as ISO 639-2, only where the file says so.
    public var language: String?
    /// Distance between two frames in nanoseconds.
    public var defaultDuration: UInt64?
    /// Nanoseconds of decoder delay to drop at the start.
    public var codecDelay: UInt64?
    /// Size of the picture, for video.
    public var video: VideoSettings?
    /// Sampling, for audio.
    public var audio: AudioSettings?

    /// Creates a description.
    public init(
        number: UInt64,
        uid: UInt64 = 0,
        type: TrackType,
        codecID: String,
        codecPrivate: [UInt8] = [],
        name: String? = nil,
        language: String? = nil,
        defaultDuration: UInt64? = nil,
        codecDelay: UInt64? = nil,
        video: VideoSettings? = nil,
        audio: AudioSettings? = nil
    ) {
        self.number = number
        self.uid = uid
        self.type = type
        self.codecID = codecID
        self.codecPrivate = codecPrivate
        self.name = name
        self.language = language
        self.defaultDuration = defaultDuration
        self.codecDelay = codecDelay
        self.video = video
        self.audio = audio
    }

    /// Picture size in pixels as the file claims it; 0 and absent both mean: ask the decoder.
    public struct VideoSettings: Sendable, Hashable {
        /// Coded width in pixels.
        public var width: UInt64?
        /// Coded height in pixels.
        public var height: UInt64?

        /// Creates a size.
        public init(width: UInt64? = nil, height: UInt64? = nil) {
            self.width = width
            self.height = height
        }
    }

    /// Sampling of a sound track.
    public struct AudioSettings: Sendable, Hashable {
        /// Samples per second; one that is read from a file is finite and not negative.
        public var samplingFrequency: Double?
        /// Number of channels.
        public var channels: UInt64?
        /// Bits per sample.
        public var bitDepth: UInt64?

        /// Creates a description.
        public init(samplingFrequency: Double? = nil, channels: UInt64? = nil, bitDepth: UInt64? = nil) {
            self.samplingFrequency = samplingFrequency
            self.channels = channels
            self.bitDepth = bitDepth
        }

        /// Whole samples per second in 32 bits; 0 where the file says nothing, or nothing that can be.
        package var sampleRate: Int32 {
            guard let samplingFrequency, samplingFrequency >= 1 else { return 0 }
            return samplingFrequency < Double(Int32.max) ? Int32(samplingFrequency) : .max
        }
    }
}
