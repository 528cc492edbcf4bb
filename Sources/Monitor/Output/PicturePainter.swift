package import Pixels
import TerminalScreen
import TerminalVideo

/// Turns pictures into escape sequences around whatever lies over them.
///
/// ```
/// picture > brightness, colours, width of the quality > the mode > what differs, in its budget
///                                    overlays: covered, and unknown once they are gone ^
/// ```
struct PicturePainter: Sendable {
    /// True shows everything at half its brightness: the picture is old.
    var isDimmed = false {
        didSet { if isDimmed != oldValue { reload() } }
    }

    /// What of colours and width is given up; another depth is written whole.
    var quality = OutputQuality.justVisible {
        didSet { if quality != oldValue { reload() } }
    }

    /// The way pictures are shown; another one is written whole.
    var mode: PictureMode {
        didSet {
            guard mode != oldValue else { return }
            invalidate()
            reload()
        }
    }

    /// The colours that are drawn; with others the picture is written whole.
    var depth: ColorDepth {
        didSet {
            guard depth != oldValue else { return }
            invalidate()
            reload()
        }
    }

    private let cell: PixelSize
    private let repeats: Bool
    private var image: RGBImage?
    /// The picture with what the quality gives up.
    private var reduced: RGBImage?
    private var encoder: PictureEncoder
    private var region: ScreenRectangle?
    private var overlays: [ScreenRectangle] = []

    /// Creates a painter that knows nothing of the screen.
    ///
    /// - Parameters:
    ///   - depth: Colours of the terminal.
    ///   - mode: The way pictures are shown.
    ///   - cell: Pixels of a cell of the terminal.
    ///   - repeats: True where the terminal has proved to repeat glyphs.
    init(
        depth: ColorDepth,
        mode: PictureMode = .half,
        cell: PixelSize = PictureEncoder.usualCell,
        repeats: Bool = false
    ) {
        (self.depth, self.mode, self.cell, self.repeats) = (depth, mode, cell, repeats)
        encoder = PictureEncoder(mode: mode, depth: depth, cell: cell, repeats: repeats)
    }

    /// Size of the picture in half blocks, whatever its mode; nil where there is none.
    var place: PixelSize? {
        image.map { mode.place(of: $0.size, cell: cell) }
    }

    /// Forgets what is shown: the next picture is written whole.
    mutating func invalidate() {
        region = nil
    }

    /// Takes another picture; `paint` shows it.
    mutating func load(_ image: RGBImage) {
        self.image = image
        reload()
    }

    private mutating func reload() {
        guard let image else { return }
        let dimmed = isDimmed ? image.dimmed : image
        reduced = dimmed.reduced(to: quality, depth: depth, mode: mode)
    }

    /// The bytes that show the picture in its region, as far as no overlay covers it.
    ///
    /// - Parameters:
    ///   - region: Where the picture lies.
    ///   - overlays: What lies over it.
    ///   - budget: Bytes to keep to; none where nil.
    /// - Returns: Nothing where the screen shows the picture already.
    mutating func paint(
        in region: ScreenRectangle,
        around overlays: [ScreenRectangle],
        budget: ByteBudget?
    ) -> [UInt8] {
        place(in: region, around: overlays)
        guard let image = fitted(columns: region.size.columns, rows: region.size.rows) else { return [] }
        let origin = CellPosition(column: region.column, row: region.row)
        var bytes: [UInt8] = []
        encoder.encode(image, at: origin, tolerance: quality.tolerance, budget: budget, into: &bytes)
        return bytes
    }

    /// Notes where the picture lies and what lies over it, without painting: what comes to light is painted next time.
    mutating func place(in region: ScreenRectangle, around overlays: [ScreenRectangle]) {
        let depth = quality.depth(on: depth)
        if encoder.depth != depth || encoder.mode != mode || region != self.region {
            encoder = PictureEncoder(mode: mode, depth: depth, cell: cell, repeats: repeats)
            self.region = region
            self.overlays = []
        }
        let origin = CellPosition(column: region.column, row: region.row)
        encoder.prepare(columns: region.size.columns, rows: region.size.rows, at: origin)
        if overlays != self.overlays { cover(overlays, in: region) }
    }

    private mutating func cover(_ overlays: [ScreenRectangle], in region: ScreenRectangle) {
        for gone in self.overlays {
            let (columns, rows) = gone.cells(in: region)
            encoder.invalidate(columns: columns, rows: rows)
        }
        for overlay in overlays {
            let (columns, rows) = overlay.cells(in: region)
            encoder.cover(columns: columns, rows: rows)
        }
        self.overlays = overlays
    }

    /// The picture cut to its region: the screen may have another size for a moment than the picture was made for.
    private func fitted(columns: Int, rows: Int) -> RGBImage? {
        let size = encoder.size(of: PixelSize(width: columns, height: 2 * rows))
        return reduced.map { $0.size == size ? $0 : $0.cut(to: size) }
    }
}

extension ScreenRectangle {
    /// Columns and rows that it takes of another, counted from that one's corner.
    fileprivate func cells(in other: ScreenRectangle) -> (columns: Range<Int>, rows: Range<Int>) {
        let (left, top) = (column - other.column, row - other.row)
        return (left..<left + size.columns, top..<top + size.rows)
    }
}

extension RGBImage {
    /// The same at half its brightness.
    fileprivate var dimmed: RGBImage {
        RGBImage(size: size, bytes: bytes.map { $0 / 2 })
    }

    /// The upper left corner in another size, black where there is no picture.
    fileprivate func cut(to size: PixelSize) -> RGBImage {
        var image = RGBImage(size: size)
        for y in 0..<min(size.height, self.size.height) {
            for x in 0..<min(size.width, self.size.width) { image[x, y] = self[x, y] }
        }
        return image
    }

    /// The same with what a quality gives up.
    fileprivate func reduced(to quality: OutputQuality, depth: ColorDepth, mode: PictureMode) -> RGBImage {
        guard !mode.needsPixels else { return self }
        var image = self
        if quality == .fewColors, depth == .truecolor {
            // The upper bits again below: black stays black and white white.
            image = RGBImage(size: size, bytes: bytes.map { $0 & 0xF8 | $0 >> 5 })
        }
        return quality.isHalfWidth ? image.halfAsWide : image
    }

    /// The same with two columns of pixels in one colour each.
    package var halfAsWide: RGBImage {
        var image = self
        for y in 0..<size.height {
            for x in stride(from: 0, to: size.width - 1, by: 2) {
                let color = self[x, y].mixed(with: self[x + 1, y])
                image[x, y] = color
                image[x + 1, y] = color
            }
        }
        return image
    }
}

extension RGBColor {
    fileprivate func mixed(with other: RGBColor) -> RGBColor {
        func mean(_ first: UInt8, _ second: UInt8) -> UInt8 { UInt8((UInt16(first) + UInt16(second)) / 2) }
        return RGBColor(
            red: mean(red, other.red),
            green: mean(green, other.green),
            blue: mean(blue, other.blue)
        )
    }
}
