import Matroska
import MediaCodec
import Pixels
import TerminalVideo

/// Turns compressed frames into the bytes that draw them in a terminal, one synchronized update a picture.
struct FrameRenderer: ~Copyable {
    private var decoder: VideoDecoder
    private var scaler = FrameScaler()
    private var image = RGBImage(size: PixelSize(width: 0, height: 0))
    private var grid = CellGrid(columns: 0, rows: 0)
    private var encoder: ANSIEncoder
    private var bytes: [UInt8] = []
    private let columns: Int
    private let rows: Int
    private let tolerance: Tolerance

    init(
        track: TrackEntry,
        columns: Int,
        rows: Int,
        depth: ColorDepth,
        tolerance: Tolerance
    ) throws(CodecError) {
        decoder = try VideoDecoder(track: track)
        encoder = ANSIEncoder(depth: depth)
        self.columns = columns
        self.rows = rows
        self.tolerance = tolerance
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
            let place = picture.size.fitted(columns: columns, rows: rows, sampleAspect: picture.sampleAspect)
            image.resize(to: place.size)
            scaler.scale(picture, into: &image)
            HalfBlockRenderer().render(image, into: &grid)
            bytes.removeAll(keepingCapacity: true)
            bytes += "\u{1B}[?2026h".utf8
            let origin = CellPosition(column: place.x, row: place.y / 2)
            encoder.encode(grid, at: origin, tolerance: tolerance, into: &bytes)
            bytes += "\u{1B}[?2026l".utf8
            guard try write(bytes) else { return false }
        }
        return true
    }
}
