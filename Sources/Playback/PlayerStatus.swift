public import KinesisVideo
public import MediaCodec

/// What the player says of itself: everything that its screen shows besides the picture.
///
/// Every figure is measured; absent means unknown and is shown as `–`.
public struct PlayerStatus: Sendable, Hashable {
    /// State of the media, as the badge shows it.
    public enum Badge: Sendable, Hashable {
        /// Opening the first connection.
        case connecting
        /// Waiting for media; per cent of what is needed.
        case buffering(percent: Int)
        /// Frames come from GetMedia at rate 1 and are fresh.
        case live
        /// Behind live, out of the client's memory or GetMedia.
        case shift
        /// Out of GetMediaForFragmentList.
        case archive
        /// Connection lost; seconds until the next try.
        case retry(seconds: Int)
        /// Refused for good.
        case denied
        /// The stream is gone.
        case ended
    }

    /// Name of the stream.
    public var stream: String
    /// State of the media.
    public var badge: Badge = .connecting
    /// True while playback stands still.
    public var isPaused = false
    /// True where the picture on screen is the one asked for; false while it is only near, or while a seek is under
    /// way (`≈`).
    public var isExact = true
    /// Speed; negative runs backwards over key frames.
    public var rate = 1.0
    /// True where the rate shows key frames only.
    public var isKeyFramesOnly = false
    /// Producer time of the frame on screen.
    public var position: Timestamp?
    /// Server time of the frame on screen.
    public var serverPosition: Timestamp?
    /// Where a seek under way will land.
    public var target: Timestamp?
    /// Distance behind live in milliseconds, by the badge's own measure.
    public var distance: Int64?
    /// True where the distance had to be taken on the server's clock, because the producer's is skewed.
    public var isDistanceByServerClock = false
    /// Newest producer time known of the stream.
    public var newest: Timestamp?
    /// Oldest producer time known of the stream.
    public var oldest: Timestamp?
    /// The fragment on screen.
    public var fragment: FragmentInfo?
    /// Number of the frame inside its fragment, from 1.
    public var frameIndex: Int?
    /// Frames of the fragment on screen, once it is complete.
    public var frameCount: Int?
    /// Bytes of the compressed frame on screen.
    public var frameSize: Int?
    /// `I`, `P` or `B`.
    public var frameType: String?
    /// Codec with profile and level where known, such as `h264 High@4.0`.
    public var codec: String?
    /// Width of the decoded picture in pixels.
    public var pictureWidth: Int?
    /// Height of the decoded picture in pixels.
    public var pictureHeight: Int?
    /// Pixel format, such as `yuv420p`.
    public var pixelFormat: String?
    /// Frames a second of the media.
    public var mediaFrameRate: Double?
    /// Pictures from one key frame to the next, as in the fragment on screen.
    public var groupOfPictures: Int?
    /// Milliseconds from one key frame to the next.
    public var groupLength: Int64?
    /// Bits a second of the media.
    public var bitRate: Double?
    /// Frames a second that were decoded over the last two seconds.
    public var decodedFrameRate: Double?
    /// Frames handed out late and dropped since the player opened.
    public var lateFrames = 0
    /// Decoded frames that wait for their time.
    public var queuedFrames = 0
    /// The tracks of the fragment on screen, in words: `video h264 High@4.0`, `audio aac 48 kHz 2 ch`.
    public var tracks: [String] = []
    /// False where the stream has no track of pictures.
    public var hasPicture = true
    /// How loud the sound of the last moment is; nil where there is none or it stands still.
    public var sound: AudioLevel?
    /// Where the media comes from, in words: `GetMedia`, `memory`, `archive, fragment 3 of 12`.
    public var source: String?
    /// Service calls over the last ten seconds, by operation name.
    public var calls: [String: Int] = [:]
    /// One line on a lasting fault; nil where all is well.
    public var fault: String?
    /// The GetMedia connection that was lost, while the next try is waited for.
    public var outage: Outage?
    /// True while GetMedia fails and what has been archived is shown instead.
    public var isFollowingArchive = false
    /// True for a moment after the viewer wanted to go on from the live edge.
    public var isAtEdge = false
    /// One line to show for four seconds, with a number that grows with each new one.
    public var toast: Toast?

    /// A connection that was lost.
    public struct Outage: Sendable, Hashable {
        /// When, by this machine's clock.
        public var since: Timestamp
        /// Number of the next try, from 1.
        public var attempt: Int
        /// Seconds until it.
        public var seconds: Int

        /// Creates an outage.
        public init(since: Timestamp, attempt: Int, seconds: Int) {
            self.since = since
            self.attempt = attempt
            self.seconds = seconds
        }
    }

    /// A line for a moment.
    public struct Toast: Sendable, Hashable {
        /// Grows by one with each toast.
        public var serial: Int
        /// What to say.
        public var text: String

        /// Creates a toast.
        public init(serial: Int, text: String) {
            self.serial = serial
            self.text = text
        }
    }

    /// Creates the status of a player that has just been opened.
    public init(stream: String) {
        self.stream = stream
    }
}
