import Foundation
import Monitor
import Pixels
import TerminalScreen
import TerminalVideo

/// The terminal that the screens are shown on, as far as it is known before they open.
struct ConsoleTerminal: Sendable {
    /// Variables of the environment.
    let environment: [String: String]
    /// The tmux around it; nil where there is none.
    let tmux: Tmux?
    /// What it is taken for, with what the user says of it.
    let profile: TerminalProfile
    /// Its background, where it told that.
    let background: RGBColor?

    /// Asks terminal and tmux; whoever asks ends the inquiry.
    init(_ settings: Settings) async {
        environment = ProcessInfo.processInfo.environment
        tmux = Tmux(environment)
        let features = await tmux?.features()
        let answers = TerminalInquiry.run(environment: environment)
        background = answers?.background
        profile = TerminalProfile(
            environment: environment,
            tmuxFeatures: features,
            answers: answers,
            cell: TerminalInquiry.cellSize()
        )
        .adjusted(by: settings)
    }

    /// False in GNU screen, which takes words on a pointer that moves for text.
    var reportsMotion: Bool {
        environment["TMUX"] != nil || environment["TERM"]?.hasPrefix("screen") != true
    }
}

extension TerminalProfile {
    /// The same terminal with what the user says of it.
    func adjusted(by settings: Settings) -> TerminalProfile {
        var profile = self
        let (colors, glyphs) = (settings["colors"], settings["glyphs"])
        if let depth = ColorDepth(rawValue: colors.text) {
            (profile.colors, profile.colorEvidence) = (depth, "\(colors.origin) says so")
        }
        if glyphs.text != "auto" {
            profile.isUnicode = glyphs.text == "unicode"
            profile.unicodeEvidence = "\(glyphs.origin) says so"
        }
        return profile
    }
}
