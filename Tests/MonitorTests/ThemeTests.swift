import Monitor
import Pixels
import TerminalScreen
import TerminalVideo
import Testing
import Themes

enum BuiltIn {
    static let nitrate = BuiltInThemes.text(named: "nitrate")
}

@Suite struct ThemeTests {
    @Test(arguments: ColorDepth.allCases)
    func everyBuiltInThemeReadsWithoutWarnings(_ depth: ColorDepth) throws {
        for name in BuiltInThemes.names {
            let (theme, warnings) = try ThemeReader.read(
                #require(BuiltInThemes.text(named: name)),
                depth: depth
            )
            #expect(warnings == [])
            #expect(theme.name == (depth == .none ? "none" : name))
        }
    }

    @Test func rolesNamePaletteEntriesOrColours() throws {
        let theme = try ThemeReader.read(#require(BuiltIn.nitrate), depth: .truecolor).theme
        #expect(theme[.shift] == Style(foreground: .rgb(RGBColor(0xE0AF68))))
        #expect(theme[.live] == Style(foreground: .rgb(RGBColor(0x6CCB7F)), attributes: .bold))
        #expect(theme[.background] == .plain)
        #expect(theme[.panel] == Style(background: .rgb(RGBColor(0x1C1F25))))
        #expect(theme.bar(height: 1) == Style(foreground: .rgb(RGBColor(0xE0AF68))))
    }

    @Test func fewerColoursAreNearestOrNamed() throws {
        let of256 = try ThemeReader.read(#require(BuiltIn.nitrate), depth: .palette256).theme
        #expect(of256[.shift] == Style(foreground: .palette(179)))
        #expect(of256[.gap] == Style(foreground: .palette(243)))
        let of16 = try ThemeReader.read(#require(BuiltIn.nitrate), depth: .palette16).theme
        #expect(of16[.shift] == Style(foreground: .palette(3)))
        #expect(of16[.dim] == Style(foreground: .palette(8)))
        #expect(of16[.selection] == Style(attributes: .reverse))
    }

    @Test func withoutColoursAttributesTell() throws {
        let theme = try ThemeReader.read(#require(BuiltIn.nitrate), depth: .none).theme
        for role in Theme.Role.allCases {
            #expect(theme[role].foreground == nil && theme[role].background == nil)
        }
        #expect(theme[.live].attributes == .bold)
        #expect(theme[.selection].attributes == .reverse)
    }

    @Test func whatMeansNothingIsAWarningWithItsLine() throws {
        let text = """
            [meta]
            name = "mine"
            inherits = "nitrate"
            [roles]
            live = "#00FF00"
            glow = "#FFFFFF"
            shift = "no-such-entry"
            mark = { fg = "amber", blink = true }
            [extra]
            """
        let (theme, warnings) = try ThemeReader.read(text, depth: .truecolor)
        #expect(theme.name == "mine")
        #expect(theme[.live] == Style(foreground: .rgb(RGBColor(0x00FF00))))
        #expect(theme[.shift] == Style(foreground: .rgb(RGBColor(0xE0AF68))))
        #expect(theme[.mark] == Style(foreground: .rgb(RGBColor(0xE0AF68))))
        #expect(
            warnings.sorted() == [
                "line 6: unknown role 'glow'", "line 7: 'no-such-entry' of 'shift' is no colour",
                "line 8: 'blink' of 'mark' means nothing", "line 9: unknown table [extra]",
            ]
        )
    }

    @Test(arguments: ["[roles\n", "a = \n", "[meta]\ninherits = \"nowhere\""])
    func aTextThatIsNoThemeFails(_ text: String) {
        #expect(throws: ThemeReader.Failure.self) { try ThemeReader.read(text, depth: .truecolor) }
    }
}
