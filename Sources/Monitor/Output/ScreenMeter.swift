import Pixels
import TerminalScreen
import TerminalVideo

/// Counts what really reached the screen, over the last two seconds.
struct ScreenMeter: Sendable {
    private struct Sample: Sendable {
        var instant: ContinuousClock.Instant
        var bytes: Int
        var isPicture: Bool
    }

    private static let span = Duration.seconds(2)

    private var samples: [Sample] = []
    private var start: ContinuousClock.Instant?
    private var lastDrawn = 0
    private var lastCame: Int?
    private var dropped = 0

    /// A picture came out of the player.
    ///
    /// - Parameters:
    ///   - serial: its number.
    ///   - isPlaying: false where pictures do not follow each other in time: those passed over while the
    ///     viewer steps or seeks are not missed.
    mutating func pictureCame(serial: Int, isPlaying: Bool) {
        // Numbers grow by one with each picture: those between were due and gone before this frame.
        if let lastCame, isPlaying, serial > lastCame + 1 { dropped += serial - lastCame - 1 }
        lastCame = serial
    }

    /// There is no room for pictures: what comes until the next one is drawn is not missed.
    mutating func pictureHidden() {
        lastCame = nil
    }

    /// A frame was handed to the terminal.
    mutating func drew(bytes: Int, serial: Int?, at instant: ContinuousClock.Instant) {
        let isPicture = serial.map { $0 != lastDrawn } ?? false
        lastDrawn = serial ?? lastDrawn
        start = start ?? instant
        samples.append(Sample(instant: instant, bytes: bytes, isPicture: isPicture))
        samples.removeAll { $0.instant < instant - Self.span }
    }

    /// What was measured; rates are unknown until a second has been.
    func figures(
        at instant: ContinuousClock.Instant,
        picture: PixelSize?,
        mode: PictureMode,
        depth: ColorDepth
    ) -> ScreenFigures {
        var figures = ScreenFigures()
        figures.mode = mode
        figures.droppedFrames = dropped
        figures.pictureColumns = picture?.width
        figures.pictureRows = picture?.height
        figures.colors = depth.words
        guard let start, instant - start >= .seconds(1) else { return figures }
        let seconds = min(instant - start, Self.span) / .seconds(1)
        let recent = samples.filter { $0.instant >= instant - Self.span }
        figures.bytesPerSecond = Double(recent.reduce(0) { $0 + $1.bytes }) / seconds
        if picture != nil { figures.drawnFrameRate = Double(recent.count(where: \.isPicture)) / seconds }
        return figures
    }
}

extension ColorDepth {
    fileprivate var words: String {
        switch self {
        case .truecolor: "24-bit"
        case .palette256: "256 colours"
        case .palette16: "16 colours"
        case .none: "none"
        }
    }
}

extension PictureMode {
    /// The name on screen.
    var words: String {
        switch self {
        case .half: "½-block"
        case .quadrant, .sextant, .octant: "\(rawValue)s"
        case .ascii: "ASCII"
        case .sixel, .kitty: rawValue
        }
    }
}
