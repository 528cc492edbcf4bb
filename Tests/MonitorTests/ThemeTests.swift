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

    /// Contrast after WCAG 2, on the theme's own dark ground.
    @Test func wordsAreReadableAndRulesVisible() throws {
        let theme = try ThemeReader.read(#require(BuiltIn.nitrate), depth: .truecolor).theme
        let ground = RGBColor(0x14161A)
        for role in Theme.Role.allCases {
            guard case .rgb(let color)? = theme[role].foreground, role != .selection else { continue }
            let bound = role == .text ? 13 : role == .border || role == .gap ? 2 : 4.5
            #expect(Self.contrast(color, ground) >= bound, "\(role)")
        }
        if case .rgb(let text)? = theme[.selection].foreground,
            case .rgb(let back)? = theme[.selection].background
        {
            #expect(Self.contrast(text, back) >= 4.5)
        }
    }

    private static func contrast(_ first: RGBColor, _ second: RGBColor) -> Double {
        let (low, high) = (min(luminance(first), luminance(second)), max(luminance(first), luminance(second)))
        return (high + 0.05) / (low + 0.05)
    }

    private static func luminance(_ color: RGBColor) -> Double {
        func linear(_ channel: UInt8) -> Double {
            let value = Double(channel) / 255
            return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue)
    }
}
