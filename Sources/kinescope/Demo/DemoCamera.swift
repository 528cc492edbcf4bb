import KinesisVideo
import KinesisVideoProducer
import Matroska
import MediaCodec
import Pixels

/// One camera of the demo: who it is and how it sees.
struct DemoCamera: Sendable {
    /// A stretch of time in milliseconds before the start of the demo.
    typealias Stretch = Range<Int64>

    /// Milliseconds of a fragment, which begins at a whole multiple of it.
    static let fragmentLength: Int64 = 2000
    /// Milliseconds between two live frames.
    static let liveInterval: Int64 = 40
    /// Milliseconds between two archived frames.
    static let archiveInterval: Int64 = 200
    /// Milliseconds that archived fragments took to arrive.
    static let archiveLatency: Int64 = 300

    /// Name of its stream.
    var stream: String
    /// Hours that the stream keeps.
    var retentionHours: Int
    /// Milliseconds that the camera's clock is ahead of the service's.
    var clockError: Int64 = 0
    /// Quality of x264: lower is better and larger.
    var quality: Double
    /// Milliseconds of archive before the start.
    var archive: Int64 = 600_000
    /// Where the archive has nothing.
    var gaps: [Stretch] = []
    /// False for a camera that has stopped.
    var isLive = true
    /// What its stream does.
    var status = StreamStatus.active
    /// Why calls of its stream fail, and how many milliseconds before the start that began.
    var fault: (reason: String, age: Int64)?

    /// True where the fragment that began so many fragments before the start has any part in a gap.
    func isInGap(place: Int64) -> Bool {
        let distance = place * Self.fragmentLength
        return gaps.contains { $0.overlaps(distance - Self.fragmentLength..<distance) }
    }

    /// The cameras: names, retention and faults of a small site.
    static let all = [
        DemoCamera(
            stream: "front-door",
            retentionHours: 24,
            quality: 24,
            archive: 70 * 60_000,
            // 6 s and 4 m 12 s, within the last 20 minutes.
            gaps: [192_000..<198_000, 640_000..<892_000]
        ),
        DemoCamera(
            stream: "garage",
            retentionHours: 168,
            quality: 30,
            gaps: [-60_000..<41_000],
            isLive: false
        ),
        // No archive, and a clock three days behind.
        DemoCamera(
            stream: "lab-bench",
            retentionHours: 0,
            clockError: -3 * 86_400_000,
            quality: 28,
            archive: 0
        ),
        DemoCamera(stream: "loading-dock", retentionHours: 24, quality: 20),
        DemoCamera(stream: "lobby", retentionHours: 24, quality: 30),
        // Stopped, and shortly after that its stream could not be asked any more.
        DemoCamera(
            stream: "roof",
            retentionHours: 24,
            quality: 27,
            gaps: [-60_000..<49_000],
            isLive: false,
            fault: ("the disk of this stream does not answer", 50_000)
        ),
        // Being made, for as long as the demo runs.
        DemoCamera(
            stream: "test-rig",
            retentionHours: 24,
            quality: 30,
            archive: 0,
            isLive: false,
            status: .creating
        ),
    ]
}

/// Draws and encodes the pictures of one camera, frame by frame.
struct CameraPictures: ~Copyable {
    /// What the encoder makes.
    let track: TrackEntry
    private let card: TestCard
    private var picture: YUV420Picture
    private var encoder: VideoEncoder

    /// Prepares the scene and the encoder.
    ///
    /// - Parameters:
    ///   - camera: whose pictures.
    ///   - seed: changes the scene.
    ///   - interval: milliseconds between two frames.
    /// - Throws: where libav has no encoder.
    init(_ camera: DemoCamera, seed: UInt64, interval: Int64) throws(CodecError) {
        card = TestCard(stream: camera.stream, seed: seed)
        picture = YUV420Picture(size: card.size)
        // Of one camera all pictures have one codec private data, or no clip could go over the start of the demo. So
        // the encoder reckons with the live rate whatever the interval is: x264 writes its rate and its level there.
        encoder = try VideoEncoder(
            VideoEncoder.Settings(
                size: card.size,
                framesPerSecond: Int(1000 / DemoCamera.liveInterval),
                keyFrameInterval: Int(DemoCamera.fragmentLength / DemoCamera.liveInterval),
                rate: .quality(camera.quality, limit: 6_000_000)
            )
        )
        var track = encoder.track
        track.defaultDuration = UInt64(interval) * 1_000_000
        self.track = track
    }

    /// The frame of a moment; a key frame at the start of every fragment.
    mutating func frame(at time: Int64) throws(CodecError) -> EncodedFrame {
        card.draw(at: time, into: &picture)
        return try encoder.encode(
            picture,
            timecode: time,
            forcesKeyFrame: time % DemoCamera.fragmentLength == 0
        )
    }
}
