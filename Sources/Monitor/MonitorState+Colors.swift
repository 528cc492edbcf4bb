import TerminalVideo

extension MonitorState {
    /// Draws in other colours until the program ends, by the word of the setting: `auto` is those of the start.
    ///
    /// Without any, pictures are drawn in characters.
    mutating func chooseColors(_ word: String) {
        depth = ColorDepth(rawValue: word)
        if depth == ColorDepth.none {
            pictureMode = .ascii
        } else if pictureMode == .ascii {
            pictureMode = configuration.pictureModes.first ?? .half
        }
    }
}
