import TerminalScreen
import TerminalVideo
import Testing

@Suite struct TerminalProfileTests {
    static let colors: [(environment: [String: String], tmux: String?, depth: ColorDepth)] = [
        (["TERM": "xterm-256color", "COLORTERM": "truecolor"], nil, .truecolor),
        (["TERM": "xterm-256color", "COLORTERM": "24bit", "NO_COLOR": "1"], nil, .none),
        (["TERM": "xterm-256color", "COLORTERM": "24bit", "NO_COLOR": ""], nil, .truecolor),
        (["TERM": "xterm-256color"], nil, .palette256),
        (["TERM": "xterm-direct"], nil, .truecolor),
        (["TERM": "tmux-256color", "TMUX": "/tmp/x"], "256,RGB,title", .truecolor),
        (["TERM": "tmux-256color", "TMUX": "/tmp/x"], "256,title", .palette256),
        (["TERM": "screen", "TMUX": "/tmp/x"], nil, .palette256),
        (["TERM": "linux"], nil, .palette16),
        (["TERM": "xterm"], nil, .palette16),
        (["TERM": "vt100"], nil, .none),
        ([:], nil, .none),
    ]

    @Test(arguments: colors)
    func coloursFollowFromTheEnvironment(
        _ row: (environment: [String: String], tmux: String?, depth: ColorDepth)
    ) {
        let profile = TerminalProfile(environment: row.environment, tmuxFeatures: row.tmux)
        #expect(profile.colors == row.depth)
        #expect(!profile.colorEvidence.isEmpty)
    }

    @Test func anAnswerOutranksWhatTheLoginHasLost() {
        var answers = TerminalAnswers()
        answers.feed("\u{1B}P1$r0;38;2;1;2;3m\u{1B}\\\u{1B}[?62;4c".utf8)
        let profile = TerminalProfile(environment: ["TERM": "xterm-256color"], answers: answers)
        #expect(profile.colors == .truecolor)
        let plain = ["TERM": "xterm-256color", "NO_COLOR": "1"]
        #expect(TerminalProfile(environment: plain, answers: answers).colors == .none)
    }

    private static let cell = "\u{1B}[6;20;9t"
    static let modes: [(environment: [String: String], answers: String, pixels: [PictureMode])] = [
        ([:], "\(cell)\u{1B}_Gi=4242;OK\u{1B}\\\u{1B}[?62;4c", [.sixel, .kitty]),
        ([:], "\(cell)\u{1B}[?62;4c", [.sixel]),
        ([:], "\(cell)\u{1B}[?62;22c", []),
        // How many pixels a cell has must be known.
        ([:], "\u{1B}_Gi=4242;OK\u{1B}\\\u{1B}[?62;4c", []),
        (["TMUX": "/tmp/x"], "\(cell)\u{1B}[?1;2;4c", []),
        ([:], "", []),
    ]

    @Test(arguments: modes)
    func pixelsAreDrawnWhereTheTerminalProvedIt(
        _ row: (environment: [String: String], answers: String, pixels: [PictureMode])
    ) {
        var answers = TerminalAnswers()
        answers.feed(row.answers.utf8)
        let environment = row.environment.merging(["TERM": "xterm-256color"]) { $1 }
        let profile = TerminalProfile(environment: environment, answers: answers)
        #expect(profile.pixelModes == row.pixels)
        #expect(profile.modes == [.half, .quadrant, .sextant, .ascii] + row.pixels)
        let plain = environment.merging(["NO_COLOR": "1"]) { $1 }
        #expect(TerminalProfile(environment: plain, answers: answers).modes == [.ascii])
    }

    static let locales: [([String: String], Bool)] = [
        (["LANG": "en_GB.UTF-8"], true),
        (["LANG": "C.utf8"], true),
        (["LANG": "en_GB.UTF-8", "LC_ALL": "C"], false),
        (["LANG": "C", "LC_CTYPE": "en_GB.UTF-8", "LC_ALL": ""], true),
        (["LANG": "en_GB.UTF-8", "TERM": "linux"], false),
        ([:], false),
    ]

    @Test(arguments: locales)
    func charactersFollowFromTheLocale(_ pair: (environment: [String: String], isUnicode: Bool)) {
        #expect(TerminalProfile(environment: pair.environment).isUnicode == pair.isUnicode)
    }
}
