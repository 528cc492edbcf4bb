import Pixels
import TerminalScreen
import TerminalVideo

/// What is known of a terminal, in lines of text, and pictures that show whether it is true.
struct TerminalReport {
    let profile: TerminalProfile
    let environment: [String: String]
    let size: (columns: Int, rows: Int)?
    /// What the terminal has answered; nil where it was not asked.
    let answers: TerminalAnswers?
    /// Pixels of a cell by the size of the window; nil where that has no pixels.
    var cell: PixelSize?

    /// One line for each decision: what, the value, and how it is known.
    var decisions: [String] {
        var rows = [
            ["terminal", environment["TERM"] ?? "none", Self.usability(environment["TERM"] ?? "")],
            ["colours", Self.name(profile.colors), profile.colorEvidence],
            ["characters", profile.isUnicode ? "Unicode" : "ASCII", profile.unicodeEvidence],
            ["picture", profile.colors == .none ? "ascii" : "half blocks", pictureEvidence],
            [
                "modes", profile.modes.map(\.rawValue).joined(separator: " "),
                "v in the player goes through them",
            ],
            ["updates", "synchronized", updateEvidence],
            ["repeats", answers?.repeatsGlyphs.map { $0 ? "yes" : "no" } ?? "unknown", repeatEvidence],
            ["sixel", offer(.sixel, answers?.hasSixel), pixelEvidence(.sixel, answers?.hasSixel)],
            [
                "kitty", offer(.kitty, answers?.hasKittyGraphics),
                pixelEvidence(.kitty, answers?.hasKittyGraphics),
            ],
            ["cell", "\(profile.cell.width)x\(profile.cell.height)", cellEvidence],
            ["background", answers?.background.map { Self.name($0) } ?? "unknown", askedEvidence],
        ]
        if let size {
            let fits = size.columns >= 80 && size.rows >= 24
            rows.append(
                [
                    "size", "\(size.columns)x\(size.rows)",
                    fits ? "the terminal says so" : "the terminal says so; the screens are made for 80x24",
                ]
            )
        } else {
            rows.append(["size", "unknown", "standard output is not a terminal"])
        }
        return rows.map { row in
            let name = row[0].padding(to: 12)
            return PrintableText.visible("\(name)\(row[1].padding(to: 14))\(row[2])")
        }
    }

    /// Lines to look at: each colour depth up to the one in use, and the characters of each way to draw.
    var card: [String] {
        var lines: [String] = []
        if profile.colors == .none {
            lines.append("ramp        " + String(decoding: Array(" .:-=+*#%@".utf8), as: UTF8.self))
        } else {
            lines.append("16          " + bar((0..<16).map { "\($0 < 8 ? 40 + $0 : 92 + $0)" }))
        }
        if profile.colors == .truecolor || profile.colors == .palette256 {
            lines.append("256         " + bar((0..<24).map { "48;5;\(232 + $0)" }))
        }
        if profile.colors == .truecolor {
            let ramp = (0..<48).map { step in "48;2;\(255 - 5 * step);\(40 + 3 * step);\(16 + 5 * step)" }
            lines.append("truecolor   " + bar(ramp) + "  no steps to be seen")
        }
        guard profile.isUnicode else { return lines }
        return lines + [
            "half        ▀▄█▀▄█▀▄█  no gaps", "quadrant    ▘▝▖▗▚▞▛▜▙▟",
            "sextant     \u{1FB00}\u{1FB01}\u{1FB02}\u{1FB03}\u{1FB04}\u{1FB05}\u{1FB06}\u{1FB07}  Unicode 13",
            "octant      \u{1CD00}\u{1CD01}\u{1CD02}\u{1CD03}\u{1CD04}\u{1CD05}\u{1CD06}\u{1CD07}  Unicode 16",
        ]
    }

    private var askedEvidence: String {
        guard let answers else { return "the terminal was not asked" }
        return answers.isComplete
            ? "the terminal was asked" : "the terminal gave no answer within two seconds"
    }

    private func offer(_ mode: PictureMode, _ answer: Bool?) -> String {
        profile.modes.contains(mode) ? "yes" : answer == nil ? "unknown" : "no"
    }

    private func pixelEvidence(_ mode: PictureMode, _ answer: Bool?) -> String {
        switch answer {
        case true where profile.modes.contains(mode):
            mode == .sixel
                ? "the terminal's attributes list 4" : "the terminal took a picture of the graphics protocol"
        case true where profile.colors == .none: "there are no colours"
        case true where environment["TMUX"] != nil: "tmux does not pass pictures on"
        case true: "the terminal draws them, and does not tell how many pixels a cell has"
        case false: mode == .sixel ? "the terminal's attributes lack 4" : "the terminal refused a picture"
        case nil: askedEvidence
        }
    }

    private var cellEvidence: String {
        if answers?.cell != nil { return "the terminal says so" }
        return cell == nil ? "a guess; nobody tells" : "the size of the window says so"
    }

    private var updateEvidence: String {
        switch answers?.synchronizes {
        case true: "the terminal says that it knows mode 2026"
        case false: "sent all the same; the terminal says that it does not know mode 2026, and ignores it"
        case nil: "sent always; a terminal that does not know mode 2026 ignores it"
        }
    }

    private var repeatEvidence: String {
        switch answers?.repeatsGlyphs {
        case true: "REP moved the cursor as far as it was told to"
        case false: "REP did not move the cursor; equal cells are written one by one"
        case nil: "the terminal has not told where its cursor is; equal cells are written one by one"
        }
    }

    private var pictureEvidence: String {
        profile.colors == .none
            ? "there are no colours to draw blocks with" : "drawn by every font with block elements"
    }

    private func bar(_ backgrounds: [String]) -> String {
        backgrounds.map { "\u{1B}[\($0)m  " }.joined() + "\u{1B}[m"
    }

    private static func usability(_ type: String) -> String {
        ["", "dumb"].contains(type) ? "TERM; the screens cannot be shown on it" : "TERM"
    }

    private static func name(_ color: RGBColor) -> String {
        let channels = [color.red, color.green, color.blue].map { channel in
            (channel < 16 ? "0" : "") + String(channel, radix: 16)
        }
        return "#" + channels.joined()
    }

    private static func name(_ depth: ColorDepth) -> String {
        switch depth {
        case .truecolor: "24 bit"
        case .palette256: "256"
        case .palette16: "16"
        case .none: "none"
        }
    }
}

extension String {
    /// The text with spaces behind it, one at least.
    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: max(1, width - count))
    }
}
