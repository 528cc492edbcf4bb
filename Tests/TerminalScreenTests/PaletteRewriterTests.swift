import Pixels
import TerminalScreen
import Testing

@Suite struct PaletteRewriterTests {
    static let table: [(String, String)] = [
        ("plain", "plain"),
        ("\u{1B}[38;5;255mx", "\u{1B}[38;2;1;2;3mx"),
        ("\u{1B}[1m\u{1B}[48;5;254m", "\u{1B}[1m\u{1B}[48;2;4;5;6m"),
        ("\u{1B}[0;1;38;5;255;48;5;254mx", "\u{1B}[0;1;38;2;1;2;3;48;2;4;5;6mx"),
        ("\u{1B}[38;5;7m\u{1B}[39;49m", "\u{1B}[38;5;7m\u{1B}[39;49m"),
        ("\u{1B}[5;255H38;5;255m", "\u{1B}[5;255H38;5;255m"),
        ("\u{1B}[m\u{1B}[38;5m\u{1B}[", "\u{1B}[m\u{1B}[38;5m\u{1B}["),
        ("▶\u{1B}[?25l", "▶\u{1B}[?25l"),
    ]

    @Test(arguments: table)
    func replacesOnlyItsOwnEntriesInsideOfSGR(_ pair: (String, String)) {
        var rewriter = PaletteRewriter()
        rewriter.colors = [255: RGBColor(0x010203), 254: RGBColor(0x040506)]
        var output: [UInt8] = []
        Array(pair.0.utf8).withUnsafeBufferPointer { rewriter.append($0, to: &output) }
        #expect(String(decoding: output, as: UTF8.self) == pair.1)
    }
}
