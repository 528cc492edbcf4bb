package import Pixels
package import TerminalScreen

/// Where the parts of the player's screen lie.
///
/// ```
/// title
/// fault      while there is one
/// picture    and, from 116 columns on, the panel of figures
/// strip
/// bars       two rows from 30 rows up
/// rail
/// ruler
/// footer
/// ```
/// Below 80x24 only title, picture, rail and footer remain; a part that is not there has no row.
package struct PlayerLayout: Sendable {
    /// Row of the title.
    package private(set) var title: Int?
    /// Row of a lasting fault.
    package private(set) var fault: Int?
    /// Where the picture may lie.
    package private(set) var picture: ScreenRectangle
    /// The panel of figures.
    package private(set) var panel: ScreenRectangle?
    /// Row of the media's figures.
    package private(set) var strip: Int?
    /// Rows of the bars.
    package private(set) var bars: Range<Int>?
    /// Row of the rail.
    package private(set) var rail: Int?
    /// Row of the times.
    package private(set) var ruler: Int?
    /// Row of the keys.
    package private(set) var footer: Int?
    /// First column of the timeline, and how many it has.
    package let track: (column: Int, count: Int)

    /// Smallest screen that is drawn on.
    package static let smallest = ScreenSize(rows: 12, columns: 40)

    /// Places the parts.
    package init(size: ScreenSize, hasFault: Bool, isInfoShown: Bool, isFull: Bool, showsChrome: Bool) {
        track = (1, max(1, size.columns - 6))
        let isSmall = size.rows < 24 || size.columns < 80
        var top = 0
        var bottom = size.rows
        func takeBottom() -> Int {
            bottom -= 1
            return bottom
        }
        if !isFull {
            title = 0
            top = 1
            footer = takeBottom()
            if hasFault {
                fault = 1
                top = 2
            }
        }
        if isSmall {
            if showsChrome { rail = takeBottom() }
        } else if showsChrome {
            ruler = takeBottom()
            rail = takeBottom()
            let rows = size.rows >= 30 ? 2 : 1
            bottom -= rows
            bars = bottom..<bottom + rows
            strip = takeBottom()
        }
        picture = ScreenRectangle(row: top, column: 0, rows: bottom - top, columns: size.columns)
        if isInfoShown, !isFull {
            let isBeside = size.columns >= 116
            let width = isBeside ? 36 : size.columns / 2
            let column = size.columns - width
            panel = ScreenRectangle(row: top, column: column, rows: bottom - top, columns: width)
            if isBeside { picture.size.columns = column - 1 }
        }
    }

    /// Where a picture of so many pixels lies: in the middle; nil where it does not fit.
    package func region(for image: PixelSize) -> ScreenRectangle? {
        picture.centred(image)
    }
}
