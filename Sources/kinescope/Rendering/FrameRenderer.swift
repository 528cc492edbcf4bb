import Matroska
import MediaCodec
import Pixels
import TerminalVideo

/// Turns compressed frames into the bytes that draw them in a terminal, one synchronized update a picture.
struct FrameRenderer: ~Copyable {
    /// How the pictures are to look.
    struct Settings {
        var columns: Int
        var rows: Int
        /// Blocks of a cell; half blocks where nil.
        var shape: BlockShape?
        var depth: ColorDepth
        var tolerance: Tolerance
        /// Which pictures may keep their block edges.
        var skippedLoopFilter: VideoDecoder.LoopFilterSkip
    }

    private enum Encoder {
        case half(ANSIEncoder)
        case blocks(BlockEncoder)
    }

    private let settings: Settings
    private var decoder: VideoDecoder
    private var scaler = FrameScaler()
    private var image = RGBImage(size: PixelSize(width: 0, height: 0))
    private var grid = CellGrid(columns: 0, rows: 0)
    private var encoder: Encoder
    private var bytes: [UInt8] = []

    init(track: TrackEntry, settings: Settings) throws(CodecError) {
        var options = VideoDecoder.Options()
        options.skippedLoopFilter = settings.skippedLoopFilter
        decoder = try VideoDecoder(track: track, options: options)
        encoder =
            switch settings.shape {
            case let shape? where settings.depth != .none:
                .blocks(BlockEncoder(shape: shape, depth: settings.depth))
            default: .half(ANSIEncoder(depth: settings.depth))
            }
        self.settings = settings
    }

    /// Decodes a frame and draws every picture that is complete now; a damaged frame is left out.
    mutating func take(_ data: [UInt8], timecode: Int64, isKey: Bool, write: ([UInt8]) throws -> Bool) throws
        -> Bool
    {
        try? decoder.send(data, timecode: timecode, isKey: isKey)
        return try draw(write)
    }

    /// Draws what the decoder still holds.
    mutating func finish(write: ([UInt8]) throws -> Bool) throws -> Bool {
        try decoder.drain()
        return try draw(write)
    }

    /// - Returns: false once `write` wants no more.
    private mutating func draw(_ write: ([UInt8]) throws -> Bool) throws -> Bool {
        while let picture = try decoder.receive() {
            let place = picture.size.fitted(
                columns: settings.columns,
                rows: settings.rows,
                sampleAspect: picture.sampleAspect
            )
            bytes.removeAll(keepingCapacity: true)
            bytes += "\u{1B}[?2026h".utf8
            encode(picture, in: place)
            bytes += "\u{1B}[?2026l".utf8
            guard try write(bytes) else { return false }
        }
        return true
    }

    private mutating func encode(_ picture: borrowing DecodedPicture, in place: PixelRect) {
        let origin = CellPosition(column: place.x, row: place.y / 2)
        switch encoder {
        case .half(var half):
            // Set to something small meanwhile, so that its buffers are not copied.
            encoder = .half(ANSIEncoder(depth: settings.depth))
            image.resize(to: place.size)
            scaler.scale(picture, into: &image)
            HalfBlockRenderer().render(image, into: &grid)
            half.encode(grid, at: origin, tolerance: settings.tolerance, into: &bytes)
            encoder = .half(half)
        case .blocks(var blocks):
            encoder = .half(ANSIEncoder(depth: settings.depth))
            let cells = (columns: place.size.width, rows: place.size.height / 2)
            image.resize(
                to: PixelSize(
                    width: cells.columns * BlockShape.columns,
                    height: cells.rows * blocks.shape.rows
                )
            )
            scaler.scale(picture, into: &image)
            blocks.encode(image, at: origin, tolerance: settings.tolerance, into: &bytes)
            encoder = .blocks(blocks)
        }
    }
}
