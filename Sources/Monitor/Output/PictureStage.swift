import Pixels
import Playback
import TerminalScreen
import TerminalVideo

/// All that is picture on the screen: the player's, the one under the pointer, the wall's and the list's preview.
///
/// ```
/// players > due pictures > painters > bytes between the cells of MonitorView
/// ```
/// Painters know what the terminal shows of their pictures; what lies over them is theirs to go around.
struct PictureStage {
    /// What the pictures of one frame have to go by.
    struct Occasion {
        /// The quality in force, and what the way to the terminal has room for.
        var control: QualityControl
        /// Time between two frames.
        var interval: Duration
        /// The same where no new picture asks for one.
        var restInterval: Duration
        /// When the frame is drawn.
        var instant: ContinuousClock.Instant
        /// True where it answers a key.
        var isAnswer: Bool

        /// True where the frame's words go ahead of its pictures: both together would take their time.
        var isForWords: Bool { isAnswer && control.isSlow }
    }

    /// The player's picture on screen.
    private(set) var picture: DuePicture?
    /// The picture of the moment under the pointer.
    private(set) var glance: Glance?
    /// Serial number of the player's picture that was painted last.
    private(set) var paintedSerial: Int?
    /// The tiles and their players.
    var wall: WallPictures

    private let cell: PixelSize
    private var painter: PicturePainter
    private var glancePainter: PicturePainter
    private var preview: (image: RGBImage?, painter: PicturePainter)
    private var fit: PictureFit?
    private var changed = ContinuousClock.now
    private var overlays: [ScreenRectangle] = []
    private var regions: [ScreenRectangle] = []

    /// Creates a stage without pictures.
    ///
    /// - Parameters:
    ///   - options: Colours and cells of the terminal.
    ///   - mode: The way the player's pictures are shown.
    init(_ options: MonitorApp.Options, mode: PictureMode) {
        let (depth, repeats) = (options.depth, options.repeatsGlyphs)
        cell = options.cell
        painter = PicturePainter(depth: depth, mode: mode, cell: cell, repeats: repeats)
        glancePainter = PicturePainter(depth: depth, repeats: repeats)
        preview = (nil, PicturePainter(depth: depth, repeats: repeats))
        wall = WallPictures(depth: depth, repeats: repeats)
    }

    /// Colours that are drawn.
    var depth: ColorDepth {
        get { painter.depth }
        set {
            painter.depth = newValue
            wall.depth = newValue
            preview.painter.depth = newValue
            glancePainter.depth = newValue
        }
    }

    /// The way the player's pictures are shown.
    var mode: PictureMode { painter.mode }

    /// Size of the player's picture in half blocks; nil where there is none.
    var place: PixelSize? { painter.place }

    /// Another player's pictures come from here on.
    mutating func reset() {
        picture = nil
        glance = nil
        fit = nil
        painter.invalidate()
    }

    /// The terminal shows something else: everything is painted whole.
    mutating func invalidate() {
        painter.invalidate()
        wall.invalidate()
        preview.painter.invalidate()
        glancePainter.invalidate()
    }

    // MARK: Pictures that come

    /// Takes the player's picture that is due, in the size that there is room for.
    ///
    /// - Parameters:
    ///   - player: The player.
    ///   - box: The room.
    ///   - mode: The way pictures are to be shown.
    ///   - isStale: True shows it as an old one.
    /// - Returns: Its serial number, where it is another one than before.
    mutating func collect(
        from player: any VideoPlayer,
        in box: ScreenSize,
        mode: PictureMode,
        isStale: Bool
    ) -> Int? {
        if fit?.box != box || fit?.mode != mode {
            let fit = PictureFit(box: box, mode: mode, cell: cell)
            self.fit = fit
            player.setPictureSize { source, aspect in fit.size(for: source, sampleAspect: aspect) }
        }
        let next = player.picture(after: picture?.serial ?? 0)
        if let next {
            picture = next
            changed = .now
            painter.load(next.image)
        }
        // A picture of the size that was asked for is one for the new way; one that came before is shown in the old.
        if let fit, let picture, fit.fits(picture.image) { painter.mode = fit.mode }
        painter.isDimmed = isStale
        return next?.serial
    }

    /// Takes the picture of the moment under the pointer; nil for none.
    mutating func collect(_ next: Glance?) {
        guard next != glance else { return }
        glance = next
        if let next { glancePainter.load(next.image) }
    }

    // MARK: Frames

    /// True where a drawing's overlays lie elsewhere than those of the frame before; notes where they lie.
    mutating func moveOverlays(_ next: [ScreenRectangle]) -> Bool {
        defer { overlays = next }
        return next != overlays
    }

    /// The frame of a drawing, with the bytes of its pictures.
    ///
    /// - Parameters:
    ///   - drawing: Where everything lies.
    ///   - previewImage: The picture of the selected stream.
    ///   - focused: Name of the wall's focused stream, whose picture comes first.
    ///   - occasion: What there is to go by.
    /// - Returns: The frame.
    mutating func frame(
        for drawing: MonitorView.Drawing,
        preview previewImage: RGBImage?,
        focused: String?,
        _ occasion: Occasion
    ) -> ScreenFrame {
        var frame = ScreenFrame(buffer: drawing.buffer, pictureRegions: drawing.pictureRegions)
        // The screen repaints everything when a region moves: what was painted is gone.
        if frame.pictureRegions != regions { invalidate() }
        regions = frame.pictureRegions
        if let region = drawing.picture {
            let over = drawing.overlays + [drawing.glance].compactMap(\.self)
            frame.picture = paint(region, around: over, occasion)
            if let place = drawing.glance {
                frame.picture += glancePainter.paint(in: place, around: drawing.overlays, budget: nil)
            } else {
                // The player's picture lies there again.
                glancePainter.invalidate()
            }
        } else if !drawing.tiles.isEmpty {
            frame.picture = paint(drawing.tiles, focused: focused, around: drawing.overlays, occasion)
        } else if let region = drawing.preview {
            if let previewImage, previewImage != preview.image {
                preview.image = previewImage
                preview.painter.load(previewImage)
            }
            frame.picture = preview.painter.paint(in: region, around: drawing.overlays, budget: nil)
        }
        return frame
    }

    /// The player's picture, where it is its turn.
    private mutating func paint(
        _ region: ScreenRectangle,
        around overlays: [ScreenRectangle],
        _ occasion: Occasion
    ) -> [UInt8] {
        guard !occasion.isForWords else {
            painter.place(in: region, around: overlays)
            return []
        }
        painter.quality = occasion.quality(ofPictureSince: changed)
        // What stands still is refined by frames that come more seldom, and may be the larger.
        let interval = occasion.isStill(since: changed) ? occasion.restInterval : occasion.interval
        let budget = occasion.control.budget(for: painter.quality, interval: interval)
        paintedSerial = picture?.serial
        return painter.paint(in: region, around: overlays, budget: budget)
    }

    /// The wall's pictures, the focused one first.
    private mutating func paint(
        _ tiles: [TilePlace],
        focused: String?,
        around overlays: [ScreenRectangle],
        _ occasion: Occasion
    ) -> [UInt8] {
        guard !occasion.isForWords else {
            wall.place(tiles, around: overlays)
            return []
        }
        return wall.paint(
            tiles.filter { $0.stream == focused } + tiles.filter { $0.stream != focused },
            around: overlays,
            quality: { occasion.quality(ofPictureSince: $0) },
            budget: { occasion.control.budget(for: $0, interval: occasion.interval) }
        )
    }
}

extension PictureStage.Occasion {
    /// A picture that stands still is refined until nothing is left out.
    fileprivate func quality(ofPictureSince changed: ContinuousClock.Instant) -> OutputQuality {
        isStill(since: changed) ? control.pinned ?? .exact : control.quality
    }

    fileprivate func isStill(since changed: ContinuousClock.Instant) -> Bool {
        instant - changed > max(.milliseconds(150), interval * 2)
    }
}
