import Pixels
import TerminalScreen
import Testing

/// What terminals answer, as xterm, foot, kitty and tmux write it.
@Suite struct TerminalAnswersTests {
    private static let xterm =
        "\u{1B}P1$r0;38:2::1:2:3m\u{1B}\\\u{1B}P1+r524742=38\u{1B}\\\u{1B}[?2026;0$y"
        + "\u{1B}]11;rgb:0000/2b2b/3636\u{1B}\\\u{1B}[?64;1;2;4;22c"
    private static let foot =
        "\u{1B}P1$r0;38:2:1:2:3m\u{1B}\\\u{1B}P1+r524742=38\u{1B}\\\u{1B}[?2026;2$y"
        + "\u{1B}]11;rgb:24/24/24\u{07}\u{1B}[?62;22;28c"

    private static func answers(_ text: String) -> TerminalAnswers {
        var answers = TerminalAnswers()
        answers.feed(text.utf8)
        return answers
    }

    @Test func allQuestionsAreAnswered() {
        let xterm = Self.answers(Self.xterm)
        #expect(xterm.hasDirectColor == true && xterm.synchronizes == false && xterm.hasSixel == true)
        #expect(xterm.background == RGBColor(0x002B36) && xterm.isComplete)
        let foot = Self.answers(Self.foot)
        #expect(foot.hasDirectColor == true && foot.synchronizes == true && foot.hasSixel == false)
        #expect(foot.background == RGBColor(0x242424) && foot.isComplete)
    }

    @Test func aColourThatWasRoundedIsNone() {
        let answers = Self.answers("\u{1B}P1$r0;38;5;16m\u{1B}\\\u{1B}P0+r524742\u{1B}\\\u{1B}[?6c")
        #expect(answers.hasDirectColor == false)
        #expect(answers.isComplete && answers.hasSixel == false)
        #expect(answers.synchronizes == nil && answers.background == nil)
    }

    @Test(arguments: [xterm, foot, kitty])
    func answersMayBeCutAnywhere(text: String) {
        let bytes = Array(text.utf8)
        for cut in bytes.indices {
            var answers = TerminalAnswers()
            answers.feed(bytes[..<cut])
            #expect(!answers.isComplete)
            answers.feed(bytes[cut...])
            #expect(answers == Self.answers(text))
        }
    }

    private static let kitty =
        "\u{1B}P1$r38:2:1:2:3m\u{1B}\\\u{1B}[?2026;2$y\u{1B}[6;20;9t\u{1B}_Gi=4242;OK\u{1B}\\\u{1B}[?62;c"

    @Test func picturesInPixelsAreToldWithTheSizeOfACell() {
        let kitty = Self.answers(Self.kitty)
        #expect(kitty.hasKittyGraphics == true && kitty.hasSixel == false && kitty.isComplete)
        #expect(kitty.cell == PixelSize(width: 9, height: 20))
        let refused = Self.answers("\u{1B}_Gi=4242;EINVAL:no\u{1B}\\\u{1B}[6;0;0t\u{1B}[?62;4c")
        #expect(refused.hasKittyGraphics == false && refused.hasSixel == true && refused.cell == nil)
        #expect(Self.answers(Self.foot).hasKittyGraphics == nil)
    }

    @Test func aGlyphThatWasRepeatedMovesTheCursor() {
        let proved = Self.answers("\u{1B}[?1;1R\u{1B}[?1;5R\u{1B}[?62;c")
        #expect(proved.repeatsGlyphs == true)
        #expect(TerminalProfile(environment: ["TERM": "xterm"], answers: proved).repeatsGlyphs)
        // Some tell the page as well.
        #expect(Self.answers("\u{1B}[?24;1;1R\u{1B}[?24;5;1R").repeatsGlyphs == true)
        #expect(Self.answers("\u{1B}[?24;1R\u{1B}[?24;2R").repeatsGlyphs == false)
        // At the right margin nothing is proved.
        #expect(Self.answers("\u{1B}[?3;79R\u{1B}[?3;80R").repeatsGlyphs == false)
        #expect(Self.answers("\u{1B}[?3;79R").repeatsGlyphs == nil)
        #expect(Self.answers(Self.xterm).repeatsGlyphs == nil)
    }

    @Test func aPlaceThatNoTerminalHasIsNoAnswer() {
        let far = Self.answers("\u{1B}[?1;\(Int.max)R\u{1B}[?1;5R\u{1B}[?62;c")
        #expect(far.repeatsGlyphs == nil && far.isComplete)
        #expect(Self.answers("\u{1B}[6;\(Int.max)0;9t").cell == nil)
    }

    @Test func insideOfTmuxNothingIsAskedThatItTakesForATitle() {
        #expect(!TerminalAnswers.questions(hasMultiplexer: true).contains("\u{1B}_"))
        #expect(TerminalAnswers.questions(hasMultiplexer: false).hasSuffix("\u{1B}[c"))
    }

    @Test func whatIsTypedMeanwhileIsNoAnswer() {
        let typed = Self.answers("q\u{1B}[A4c\u{1B}Pnonsense" + String(repeating: "x", count: 9000))
        #expect(!typed.isComplete && typed.hasSixel == nil)
        #expect(Self.answers("j\u{1B}[?6ck").isComplete)
    }
}
