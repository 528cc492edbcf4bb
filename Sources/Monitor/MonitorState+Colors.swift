import TerminalVideo

extension MonitorState {
    /// Colours by the words of their setting; `auto` stands for those of the start.
    private static let depths: [String: ColorDepth] = [
        "truecolor": .truecolor, "256": .palette256, "16": .palette16, "none": .none,
    ]

    /// Draws in other colours until the program ends; without any, pictures are drawn in characters.
    mutating func chooseColors(_ word: String) {
        depth = Self.depths[word]
        if word == "none" {
            pictureMode = .ascii
        } else if pictureMode == .ascii {
            pictureMode = configuration.pictureModes.first ?? .half
        }
    }
}
