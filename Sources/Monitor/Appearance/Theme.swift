import Pixels
package import TerminalScreen
import TerminalVideo

/// The colours of every screen: a style for each role, already fitted to the colours that the terminal has.
package struct Theme: Sendable, Hashable {
    /// What a style is for; the raw value is the key in a theme's text.
    package enum Role: String, Sendable, Hashable, CaseIterable {
        /// The screen's own background.
        case background = "bg"
        /// Background of panels and overlays.
        case panel
        /// Body text.
        case text
        /// Text of less weight, and stale figures.
        case dim
        /// Rules; never words.
        case border
        /// What has the focus.
        case focus
        /// Keys.
        case accent
        /// Archived media.
        case archive
        /// Live media.
        case live
        /// What went well.
        case ok
        /// Media behind live.
        case shift
        /// What needs a look.
        case warning
        /// What failed.
        case error
        /// Marks of a clip.
        case mark
        /// Gaps in a recording; never words.
        case gap
        /// What is not known.
        case unknown
        /// The place on screen in the timeline.
        case playhead
        /// The selected row.
        case selection
        /// Key frames.
        case keyFrame = "frame_i"
        /// Predicted frames.
        case predictedFrame = "frame_p"
        /// Frames predicted from both sides.
        case bidirectionalFrame = "frame_b"
    }

    /// What ground a theme is made for.
    package enum Variant: String, Sendable, Hashable, CaseIterable {
        /// Light on dark.
        case dark
        /// Dark on light.
        case light
    }

    /// Name, as it is chosen.
    package var name: String
    /// What ground it is made for.
    package var variant = Variant.dark
    private var styles: [Role: Style]
    private var spark: [Style.Color]

    init(_ styles: [Role: Style], spark: [Style.Color]) {
        self.init(name: "", styles: styles, spark: spark)
    }

    /// Creates a theme; roles without a style are plain.
    package init(name: String, styles: [Role: Style], spark: [Style.Color] = []) {
        self.name = name
        self.styles = styles
        self.spark = spark
    }

    /// The style of a role.
    package subscript(role: Role) -> Style {
        styles[role] ?? .plain
    }

    /// The style of a bar: `height` from 0 to 1 runs through the colours of `spark`.
    package func bar(height: Double) -> Style {
        guard !spark.isEmpty else { return self[.archive] }
        let index = Int((height * Double(spark.count - 1)).rounded())
        return Style(foreground: spark[min(max(0, index), spark.count - 1)])
    }

    /// No colours at all: bold, reverse and underline tell what colour would.
    package static let colorless = Theme(
        name: "none",
        styles: [
            .live: Style(attributes: .bold),
            .focus: Style(attributes: .bold),
            .error: Style(attributes: .bold),
            .selection: Style(attributes: .reverse),
            .playhead: Style(attributes: .reverse),
            .mark: Style(attributes: .underline),
        ]
    )
}

extension Style.Color {
    /// The same colour with what a terminal of `depth` has; nil where it has none.
    func fitted(to depth: ColorDepth) -> Style.Color? {
        guard case .rgb(let color) = self else { return self }
        switch depth {
        case .truecolor: return self
        case .palette256: return .palette(Self.nearestEntry(to: color))
        case .palette16, .none: return nil
        }
    }

    /// The nearest entry of the 6 x 6 x 6 cube and the grey ramp; the first 16 belong to the user.
    private static func nearestEntry(to color: RGBColor) -> UInt8 {
        let levels = [0, 95, 135, 175, 215, 255]
        let channels = [Int(color.red), Int(color.green), Int(color.blue)]
        let steps = channels.map { channel in
            levels.indices.min { abs(levels[$0] - channel) < abs(levels[$1] - channel) } ?? 0
        }
        let grey = min(max(0, (channels.reduce(0, +) / 3 - 3) / 10), 23)
        func distance(_ other: [Int]) -> Int {
            zip(channels, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        }
        let cubeDistance = distance(steps.map { levels[$0] })
        let greyDistance = distance([Int](repeating: 8 + 10 * grey, count: 3))
        return greyDistance < cubeDistance
            ? UInt8(232 + grey) : UInt8(16 + 36 * steps[0] + 6 * steps[1] + steps[2])
    }
}
