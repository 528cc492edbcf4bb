package import Pixels
package import TerminalVideo

/// What a terminal can do, as far as the environment and its own answers tell.
///
/// First that applies: `NO_COLOR`, `COLORTERM`, inside tmux what tmux says of its own terminal, a colour of 24 bits that
/// the terminal read back, `TERM`. So a login over SSH, which does not pass `COLORTERM` on, costs no colours.
package struct TerminalProfile: Sendable, Hashable {
    /// Colours.
    package var colors: ColorDepth
    /// Where the colours are known from, in words.
    package var colorEvidence: String
    /// True where anything beyond ASCII can be shown.
    package var isUnicode: Bool
    /// Where that is known from, in words.
    package var unicodeEvidence: String

    /// The ways to draw pixels that the terminal has proved to know.
    package var pixelModes: [PictureMode]
    /// Pixels of a cell; the usual where nobody tells.
    package var cell: PixelSize
    /// True where the terminal has proved to repeat a glyph on demand.
    package var repeatsGlyphs: Bool

    /// Judges an environment.
    ///
    /// - Parameters:
    ///   - environment: The variables.
    ///   - tmuxFeatures: Inside tmux the value of `#{client_termfeatures}`, where it could be had.
    ///   - answers: What the terminal has answered, where it was asked.
    ///   - cell: Pixels of a cell by what the terminal's driver knows; the terminal's own answer outranks it.
    package init(
        environment: [String: String],
        tmuxFeatures: String? = nil,
        answers: TerminalAnswers? = nil,
        cell: PixelSize? = nil
    ) {
        let type = environment["TERM"] ?? ""
        (colors, colorEvidence) = Self.colors(environment, type: type, tmuxFeatures, answers)
        (isUnicode, unicodeEvidence) = Self.unicode(environment, type: type)
        let known = answers?.cell ?? cell
        self.cell = known ?? PictureEncoder.usualCell
        repeatsGlyphs = answers?.repeatsGlyphs == true
        // Pixels that do not fit their cells would cover what stands beside the picture, and tmux draws none.
        let isProved = known != nil && environment["TMUX"] == nil
        pixelModes =
            isProved
            ? (answers?.hasSixel == true ? [.sixel] : [])
                + (answers?.hasKittyGraphics == true ? [.kitty] : [])
            : []
    }

    /// The ways to show pictures, in the order in which they are offered; the first is taken at the start.
    ///
    /// Octants are not among them: few fonts have them, and tmux does not know how wide they are. Who knows better asks
    /// for them by name.
    package var modes: [PictureMode] {
        colors == .none ? [.ascii] : [.half, .quadrant, .sextant, .ascii] + pixelModes
    }

    private static func colors(
        _ environment: [String: String],
        type: String,
        _ tmuxFeatures: String?,
        _ answers: TerminalAnswers?
    ) -> (ColorDepth, String) {
        if environment["NO_COLOR"].map({ !$0.isEmpty }) ?? false { return (.none, "NO_COLOR is set") }
        let colorTerm = environment["COLORTERM"] ?? ""
        if ["truecolor", "24bit"].contains(colorTerm) { return (.truecolor, "COLORTERM is \(colorTerm)") }
        if environment["TMUX"] != nil, let tmuxFeatures {
            let features = tmuxFeatures.split(separator: ",")
            return features.contains("RGB")
                ? (.truecolor, "tmux's terminal has RGB") : (.palette256, "tmux's terminal lacks RGB")
        }
        if answers?.hasDirectColor == true {
            return (.truecolor, "the terminal read a 24-bit colour back as it was set")
        }
        if type.hasSuffix("-direct") { return (.truecolor, "TERM is \(type)") }
        if type.contains("256color") || type.hasPrefix("screen") || type.hasPrefix("tmux") {
            return (.palette256, "TERM is \(type)")
        }
        if type.hasPrefix("vt") || type == "dumb" || type.isEmpty { return (.none, "TERM is '\(type)'") }
        return (.palette16, "TERM is \(type)")
    }

    private static func unicode(_ environment: [String: String], type: String) -> (Bool, String) {
        // The console's font has no more than 512 characters.
        if type == "linux" { return (false, "TERM is linux") }
        for name in ["LC_ALL", "LC_CTYPE", "LANG"] {
            guard let locale = environment[name], !locale.isEmpty else { continue }
            let folded = locale.lowercased()
            return (folded.contains("utf-8") || folded.contains("utf8"), "\(name) is \(locale)")
        }
        return (false, "no locale is set")
    }
}
