import Pixels
import TerminalScreen
import Testing

@Suite struct ScreenBufferTests {
    private static func row(_ text: String, columns: Int = 8, column: Int = 0, limit: Int? = nil) -> String {
        var buffer = ScreenBuffer(size: ScreenSize(rows: 1, columns: columns))
        buffer.put(text, row: 0, column: column, limit: limit)
        return buffer.text(row: 0)
    }

    @Test func textIsCutAtTheEdgesAndAtItsLimit() {
        #expect(Self.row("abcdefghij") == "abcdefgh")
        #expect(Self.row("abc", column: 6) == "      ab")
        #expect(Self.row("abc", column: -1) == "bc      ")
        #expect(Self.row("abc", limit: 2) == "ab      ")
        #expect(Self.row("abc", limit: -2) == "        ")
        var buffer = ScreenBuffer(size: ScreenSize(rows: 1, columns: 2))
        buffer.put("x", row: 1, column: 0)
        buffer[5, 5] = ScreenCell("x")
        #expect(buffer == ScreenBuffer(size: ScreenSize(rows: 1, columns: 2)))
    }

    @Test func wideCharactersTakeTwoCellsOrNone() {
        var buffer = ScreenBuffer(size: ScreenSize(rows: 1, columns: 5))
        #expect(buffer.put("映a像", row: 0, column: 0) == 5)
        #expect(buffer[0, 1].character == nil)
        #expect(buffer.text(row: 0) == "映a像")
        #expect(Self.row("ab像", columns: 3) == "ab ")
    }

    @Test(arguments: [
        "\u{1B}[31m", "\u{07}", "\u{9B}", "\u{202E}", "\u{2066}", "\u{200B}", "\u{0301}", "\u{FEFF}",
        "\u{2028}", "\u{E000}",
        "\u{00AD}", "\n", "\u{7F}",
    ])
    func nothingWithoutAPlaceOfItsOwnReachesTheScreen(_ hostile: String) {
        let shown = Self.row("a\(hostile)b").unicodeScalars
        #expect(shown.allSatisfy { $0.cellWidth == 1 && $0.properties.generalCategory != .control })
        #expect(shown.first == "a")
    }

    @Test func textDumpAndStyleRunsTellWhatIsShown() {
        var buffer = ScreenBuffer(size: ScreenSize(rows: 2, columns: 6))
        let bold = Style(attributes: .bold)
        buffer.put("ab", row: 0, column: 1, style: bold)
        buffer.put("cd", row: 0, column: 3)
        #expect(buffer.textDump == " abcd\n\n")
        let runs = buffer.styleRuns(row: 0)
        #expect(runs.map(\.column) == [1])
        #expect(runs.map(\.count) == [2])
        #expect(runs.map(\.style) == [bold])
    }

    @Test func rectanglesOverlapWhereTheyShareACell() {
        let rectangle = ScreenRectangle(row: 2, column: 3, rows: 2, columns: 2)
        #expect(rectangle.contains(row: 3, column: 4))
        #expect(!rectangle.contains(row: 4, column: 4))
        #expect(rectangle.overlaps(ScreenRectangle(row: 3, column: 4, rows: 9, columns: 9)))
        #expect(!rectangle.overlaps(ScreenRectangle(row: 4, column: 3, rows: 1, columns: 1)))
    }
}
