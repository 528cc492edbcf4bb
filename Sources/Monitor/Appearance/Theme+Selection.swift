import Foundation
import Pixels
package import TerminalScreen

extension Theme {
    /// A style as it is in the selected row: on its ground, in its own colour where that can be seen there.
    ///
    /// - Parameters:
    ///   - style: What it is in other rows.
    ///   - least: Contrast that its own colour must have: words need more than bars.
    /// - Returns: What it is in the selected row.
    package func selected(_ style: Style, least: Double = 4.5) -> Style {
        let selection = self[.selection]
        var style = style
        let isPlain = style.foreground == nil || style.foreground == self[.text].foreground
        if let ground = selection.background {
            style.background = ground
            if isPlain || Self.contrast(style.foreground, ground) ?? least < least {
                style.foreground = selection.foreground ?? style.foreground
            }
        }
        return style.adding(selection.attributes)
    }

    /// The contrast of two colours, 1 to 21; nil where the user's terminal defines one of them.
    ///
    /// Source: WCAG 2.2, contrast ratio.
    private static func contrast(_ color: Style.Color?, _ ground: Style.Color) -> Double? {
        guard let front = color?.luminance, let back = ground.luminance else { return nil }
        return (max(front, back) + 0.05) / (min(front, back) + 0.05)
    }
}

extension Style.Color {
    /// Relative luminance, 0 to 1; nil for the first 16 of a palette, which are the user's.
    fileprivate var luminance: Double? {
        switch self {
        case .rgb(let color): Self.luminance(Int(color.red), Int(color.green), Int(color.blue))
        case .palette(..<16): nil
        case .palette(let index) where index < 232:
            Self.luminance(
                Self.level(Int(index - 16) / 36),
                Self.level(Int(index - 16) / 6 % 6),
                Self.level(Int(index - 16) % 6)
            )
        case .palette(let index):
            Self.luminance(8 + 10 * Int(index - 232), 8 + 10 * Int(index - 232), 8 + 10 * Int(index - 232))
        }
    }

    /// The six levels of a channel of the cube.
    private static func level(_ index: Int) -> Int { index == 0 ? 0 : 55 + 40 * index }

    /// Source: WCAG 2.2, relative luminance.
    private static func luminance(_ red: Int, _ green: Int, _ blue: Int) -> Double {
        func linear(_ value: Int) -> Double {
            let part = Double(value) / 255
            return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }
}
