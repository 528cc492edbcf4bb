import Foundation
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

    @Test func theUsersFileOutranksTheBuiltInOne() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "themes-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let catalog = ThemeCatalog(folders: [folder.path])
        #expect(try catalog.theme(named: "nitrate", depth: .truecolor).theme.name == "nitrate")
        let file = folder.appending(path: "nitrate.toml")
        try "[meta]\nname = \"mine\"".write(to: file, atomically: true, encoding: .utf8)
        #expect(try catalog.theme(named: "nitrate", depth: .truecolor).theme.name == "mine")
        #expect(try ThemeCatalog(folders: []).theme(named: file.path, depth: .truecolor).theme.name == "mine")
        #expect(throws: ThemeReader.Failure.self) { try catalog.theme(named: "nowhere", depth: .truecolor) }
    }

    @Test func foldersFollowTheBaseDirectories() {
        let environment = ["XDG_CONFIG_HOME": "/c", "XDG_DATA_DIRS": "/a:/b", "HOME": "/h"]
        #expect(
            ThemeCatalog(environment: environment).folders
                == ["/c/kinescope/themes", "/a/kinescope/themes", "/b/kinescope/themes"]
        )
        #expect(ThemeCatalog(environment: ["HOME": "/h"]).folders.first == "/h/.config/kinescope/themes")
    }

    @Test func aThemeOfTheUserInheritsFromAnyOther() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "themes-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func write(_ name: String, _ text: String) throws {
            try text.write(to: folder.appending(path: "\(name).toml"), atomically: true, encoding: .utf8)
        }
        try write(
            "base",
            "[meta]\ninherits = \"daylight\"\n[palette]\nsea = \"#003366\"\n[roles]\nmark = \"sea\""
        )
        try write("mine", "[meta]\nname = \"mine\"\ninherits = \"base\"\n[roles]\nlive = \"sea\"")
        try write("noir", "[meta]\ninherits = \"noir\"\n[roles]\nlive = \"#FFFFFF\"")
        try write("ring", "[meta]\ninherits = \"ring2\"")
        try write("ring2", "[meta]\ninherits = \"ring\"")
        let catalog = ThemeCatalog(folders: [folder.path])
        #expect(catalog.names == BuiltInThemes.names + ["base", "mine", "ring", "ring2"])
        let mine = try catalog.theme(named: "mine", depth: .truecolor).theme
        #expect(mine.variant == .light)
        #expect(mine[.live] == Style(foreground: .rgb(RGBColor(0x003366))))
        #expect(mine[.mark] == Style(foreground: .rgb(RGBColor(0x003366))))
        #expect(mine[.error].foreground == .rgb(RGBColor(0xB3202E)))
        let noir = try catalog.theme(named: "noir", depth: .truecolor).theme
        #expect(noir.name == "noir" && noir[.live] == Style(foreground: .rgb(RGBColor(0xFFFFFF))))
        #expect(throws: ThemeReader.Failure.self) { try catalog.theme(named: "ring", depth: .truecolor) }
    }

    @Test(arguments: BuiltInThemes.names)
    func allThemesShareTheSixteenColours(_ name: String) throws {
        let theme = try ThemeReader.read(#require(BuiltInThemes.text(named: name)), depth: .palette16).theme
        let nitrate = try ThemeReader.read(#require(BuiltIn.nitrate), depth: .palette16).theme
        for role in Theme.Role.allCases { #expect(theme[role] == nitrate[role]) }
    }
}
