import Pixels
package import TerminalScreen
import TerminalVideo

/// Turns pictures into escape sequences around whatever lies over them.
///
/// ```
/// +-----------------+
/// |       top       |     the part of the picture above an overlay, left and right of it, and below:
/// |----+-------+----|     each an encoder of its own, which knows what its cells show
/// |left|overlay|rght|
/// |----+-------+----|
/// |      bottom     |
/// +-----------------+
/// ```
struct PicturePainter: Sendable {
    /// True shows everything at half its brightness: the picture is old.
    var isDimmed = false {
        didSet { if isDimmed != oldValue, let image { load(image) } }
    }

    private let depth: ColorDepth
    private var image: RGBImage?
    private var renderer = HalfBlockRenderer()
    private var whole = CellGrid(columns: 0, rows: 0)
    private var parts: [Part] = []
    private var region: ScreenRectangle?

    private struct Part: Sendable {
        var area: ScreenRectangle
        var grid: CellGrid
        var encoder: ANSIEncoder
    }

    /// Creates a painter that knows nothing of the screen.
    init(depth: ColorDepth) {
        self.depth = depth
    }

    /// Forgets what is shown: the next picture is written whole.
    mutating func invalidate() {
        region = nil
    }

    /// Takes another picture; `paint` shows it.
    mutating func load(_ image: RGBImage) {
        self.image = image
        renderer.render(isDimmed ? image.dimmed : image, into: &whole)
    }

    /// The bytes that show the picture in its region, as far as no overlay covers it.
    ///
    /// - Parameters:
    ///   - region: Where the picture lies.
    ///   - overlays: What lies over it.
    ///   - tolerance: What may be left out for the sake of fewer bytes.
    /// - Returns: Nothing where the screen shows the picture already.
    mutating func paint(
        in region: ScreenRectangle,
        around overlays: [ScreenRectangle],
        tolerance: Tolerance
    ) -> [UInt8] {
        let areas = Self.areas(of: region, around: overlays.filter { $0.overlaps(region) })
        if region != self.region || areas != parts.map(\.area) {
            self.region = region
            parts = areas.map { area in
                let grid = CellGrid(columns: area.size.columns, rows: area.size.rows)
                return Part(area: area, grid: grid, encoder: ANSIEncoder(depth: depth))
            }
        }
        var bytes: [UInt8] = []
        for index in parts.indices {
            let area = parts[index].area
            copy(area, of: region, into: &parts[index].grid)
            let origin = CellPosition(column: area.column, row: area.row)
            parts[index].encoder.encode(parts[index].grid, at: origin, tolerance: tolerance, into: &bytes)
        }
        return bytes
    }

    private func copy(_ area: ScreenRectangle, of region: ScreenRectangle, into grid: inout CellGrid) {
        if area == region, grid.columns == whole.columns, grid.rows == whole.rows {
            grid = whole
            return
        }
        let (top, left) = (area.row - region.row, area.column - region.column)
        for row in 0..<min(grid.rows, whole.rows - top) {
            for column in 0..<min(grid.columns, whole.columns - left) {
                grid[column, row] = whole[left + column, top + row]
            }
        }
    }

    private static func areas(of region: ScreenRectangle, around overlays: [ScreenRectangle])
        -> [ScreenRectangle]
    {
        overlays.reduce([region]) { areas, overlay in areas.flatMap { $0.parts(around: overlay) } }
    }
}

extension RGBImage {
    /// The same at half its brightness.
    fileprivate var dimmed: RGBImage {
        RGBImage(size: size, bytes: bytes.map { $0 / 2 })
    }
}

extension ScreenRectangle {
    /// What an overlay leaves of the rectangle: above, left, right, below.
    package func parts(around overlay: ScreenRectangle) -> [ScreenRectangle] {
        guard overlaps(overlay) else { return [self] }
        let (bottom, right) = (row + size.rows, column + size.columns)
        let top = max(row, overlay.row)
        let middle = min(bottom, overlay.row + overlay.size.rows)
        let (from, to) = (max(column, overlay.column), min(right, overlay.column + overlay.size.columns))
        return [
            ScreenRectangle(row: row, column: column, rows: top - row, columns: size.columns),
            ScreenRectangle(row: top, column: column, rows: middle - top, columns: from - column),
            ScreenRectangle(row: top, column: to, rows: middle - top, columns: right - to),
            ScreenRectangle(row: middle, column: column, rows: bottom - middle, columns: size.columns),
        ].filter { $0.size.rows > 0 && $0.size.columns > 0 }
    }
}
