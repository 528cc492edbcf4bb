import Pixels
import TerminalScreen
import TerminalVideo

/// Turns pictures into escape sequences around whatever lies over them.
///
/// ```
/// picture > brightness, colours, width of the quality > cells > what differs, in its budget
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

    private let depth: ColorDepth
    private var image: RGBImage?
    private var renderer = HalfBlockRenderer()
    private var whole = CellGrid(columns: 0, rows: 0)
    private var encoder: ANSIEncoder
    private var region: ScreenRectangle?
    private var overlays: [ScreenRectangle] = []

    /// Creates a painter that knows nothing of the screen.
    init(depth: ColorDepth) {
        self.depth = depth
        encoder = ANSIEncoder(depth: depth)
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
        renderer.render(dimmed.reduced(to: quality, depth: depth), into: &whole)
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
        fit(columns: region.size.columns, rows: region.size.rows)
        let origin = CellPosition(column: region.column, row: region.row)
        var bytes: [UInt8] = []
        encoder.encode(whole, at: origin, tolerance: quality.tolerance, budget: budget, into: &bytes)
        return bytes
    }

    /// Notes where the picture lies and what lies over it, without painting: what comes to light is painted next time.
    mutating func place(in region: ScreenRectangle, around overlays: [ScreenRectangle]) {
        let depth = quality.depth(on: depth)
        if encoder.depth != depth || region != self.region {
            encoder = ANSIEncoder(depth: depth)
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

    /// The screen may have another size for a moment than the picture was made for.
    private mutating func fit(columns: Int, rows: Int) {
        guard whole.columns != columns || whole.rows != rows else { return }
        var grid = CellGrid(columns: columns, rows: rows)
        for row in 0..<min(rows, whole.rows) {
            for column in 0..<min(columns, whole.columns) { grid[column, row] = whole[column, row] }
        }
        whole = grid
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

    /// The same with what a quality gives up.
    fileprivate func reduced(to quality: OutputQuality, depth: ColorDepth) -> RGBImage {
        var image = self
        if quality == .fewColors, depth == .truecolor {
            // The upper bits again below: black stays black and white white.
            image = RGBImage(size: size, bytes: bytes.map { $0 & 0xF8 | $0 >> 5 })
        }
        return quality.isHalfWidth ? image.halfAsWide : image
    }

    /// The same with two columns of pixels in one colour each.
    private var halfAsWide: RGBImage {
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
