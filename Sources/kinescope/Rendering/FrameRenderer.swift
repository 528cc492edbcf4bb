import Matroska
import MediaCodec
import Monitor
import Pixels
import TerminalVideo

/// Turns compressed frames into the bytes that draw them in a terminal, one synchronized update a picture.
struct FrameRenderer: ~Copyable {
    /// How the pictures are to look.
    struct Settings {
        var columns: Int
        var rows: Int
        var mode: PictureMode
        /// Size of a cell in the terminal's own pixels.
        var cell: PixelSize
        var depth: ColorDepth
        var tolerance: Tolerance
        /// True shows two columns in one colour.
        var isHalfWidth = false
        /// True leaves out all but key frames.
        var keyFramesOnly = false
        /// True lets pictures keep their block edges where the mean over many pixels hides them.
        var skipsLoopFilter: Bool
    }

    /// Takes the bytes of a picture and its time in the unit of the timecodes; false where no more is wanted.
    typealias Write = (_ bytes: [UInt8], _ timecode: Int64) throws -> Bool

    private let settings: Settings
    private var track: TrackEntry
    private var decoder: VideoDecoder
    private var scaler = FrameScaler()
    private var image = RGBImage(size: PixelSize(width: 0, height: 0))
    private var encoder: PictureEncoder
    private var lastPlace: PixelRect?
    private var bytes: [UInt8] = []

    init(track: TrackEntry, settings: Settings) throws(CodecError) {
        decoder = try Self.decoder(track, settings)
        encoder = PictureEncoder(mode: settings.mode, depth: settings.depth, cell: settings.cell)
        self.track = track
        self.settings = settings
    }

    /// How many pixels of a picture lie under one of the screen where the filter's smoothing cannot be seen any more.
    private static let hidingWidth = 6

    private static func decoder(_ track: TrackEntry, _ settings: Settings) throws(CodecError) -> VideoDecoder
    {
        var options = VideoDecoder.Options()
        let width = Int(clamping: track.video?.width ?? 0)
        if settings.skipsLoopFilter, width >= hidingWidth * settings.columns {
            options.skippedLoopFilter = .unreferenced
        }
        options.keyFramesOnly = settings.keyFramesOnly
        return try VideoDecoder(track: track, options: options)
    }

    /// Goes on with frames of another track; what the screen shows stays known.
    mutating func follow(_ next: TrackEntry) throws(CodecError) {
        guard next.codecID != track.codecID || next.codecPrivate != track.codecPrivate else { return }
        decoder = try Self.decoder(next, settings)
        track = next
    }

    /// Decodes a frame and draws every picture that is complete now; a damaged frame is left out.
    mutating func take(_ data: [UInt8], timecode: Int64, isKey: Bool, write: Write) throws -> Bool {
        try? decoder.send(data, timecode: timecode, isKey: isKey)
        return try draw(write)
    }

    /// Draws what the decoder still holds; frames may follow after the next key frame.
    mutating func finish(write: Write) throws -> Bool {
        try decoder.drain()
        let wantsMore = try draw(write)
        decoder.reset()
        return wantsMore
    }

    /// - Returns: false once `write` wants no more.
    private mutating func draw(_ write: Write) throws -> Bool {
        while let picture = try decoder.receive() {
            bytes.removeAll(keepingCapacity: true)
            bytes += "\u{1B}[?2026h".utf8
            encode(picture)
            bytes += "\u{1B}[?2026l".utf8
            guard try write(bytes, picture.timecode) else { return false }
        }
        return true
    }

    private mutating func encode(_ picture: borrowing DecodedPicture) {
        let place = picture.size.fitted(
            columns: settings.columns,
            rows: settings.rows,
            sampleAspect: picture.sampleAspect * settings.mode.aspectFactor(cell: settings.cell)
        )
        if let lastPlace, lastPlace != place {
            // What the picture before showed beside this one would stay for ever.
            bytes += "\u{1B}[m\u{1B}[2J".utf8
        }
        lastPlace = place
        image.resize(to: encoder.size(of: place.size))
        scaler.scale(picture, into: &image)
        encoder.encode(
            settings.isHalfWidth ? image.halfAsWide : image,
            at: CellPosition(column: place.x, row: place.y / 2),
            tolerance: settings.tolerance,
            into: &bytes
        )
    }
}
