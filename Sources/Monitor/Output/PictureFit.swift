package import Pixels
import Synchronization
package import TerminalScreen
package import TerminalVideo

/// What a player is asked for: pictures that fill a box of cells in some mode.
///
/// The player scales on a thread of its own, so that a picture for the mode before may still come.
package final class PictureFit: Sendable {
    /// Columns and rows that there are for the picture.
    package let box: ScreenSize
    /// The way it will be shown.
    package let mode: PictureMode
    private let cell: PixelSize
    private let last = Mutex<PixelSize?>(nil)

    /// Creates a fit that nothing has been scaled for.
    package init(box: ScreenSize, mode: PictureMode, cell: PixelSize) {
        (self.box, self.mode, self.cell) = (box, mode, cell)
    }

    /// The size for a picture, which is one of this mode from then on.
    package func size(for source: PixelSize, sampleAspect: Double) -> PixelSize {
        let place = source.fitted(
            columns: box.columns,
            rows: box.rows,
            sampleAspect: sampleAspect * mode.aspectFactor(cell: cell)
        )
        let size = mode.size(of: place.size, cell: cell)
        last.withLock { $0 = size }
        return size
    }

    /// True where a picture has the size that was asked for last.
    package func fits(_ image: RGBImage) -> Bool {
        last.withLock { $0 == image.size }
    }
}
