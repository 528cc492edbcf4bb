import Monitor
import Pixels
import TerminalScreen
import TerminalVideo
import Testing
import Themes

@Suite struct ThemeContrastTests {
    /// The ground that a theme is made for: its own, or of one that keeps the terminal's the darkest it expects.
    private static func ground(_ theme: Theme) -> RGBColor {
        if case .rgb(let color)? = theme[.background].background { return color }
        return RGBColor(0x14161A)
    }

    private static func color(_ theme: Theme, _ role: Theme.Role) -> RGBColor {
        guard case .rgb(let color)? = theme[role].foreground else {
            Issue.record("\(theme.name) has no colour for \(role.rawValue)")
            return ground(theme)
        }
        return color
    }

    private static func theme(_ name: String) throws -> Theme {
        try ThemeReader.read(#require(BuiltInThemes.text(named: name)), depth: .truecolor).theme
    }

    @Test(arguments: BuiltInThemes.names)
    func wordsAreReadableAndRulesVisible(_ name: String) throws {
        let theme = try Self.theme(name)
        let ground = Self.ground(theme)
        for role in Theme.Role.allCases where ![.background, .panel, .selection].contains(role) {
            let contrast = ColorVision.contrast(Self.color(theme, role), ground)
            let bound =
                switch role {
                case .text: 13.0
                case .border, .gap: 2.0
                default: name == "noir" ? 10.0 : 4.5
                }
            #expect(contrast >= bound, "\(name) \(role.rawValue) has \(contrast)")
        }
        guard case .rgb(let back)? = theme[.selection].background else {
            Issue.record("\(name) has no ground of the selection")
            return
        }
        #expect(ColorVision.contrast(Self.color(theme, .selection), back) >= (name == "noir" ? 10 : 4.5))
    }

    @Test(arguments: BuiltInThemes.names)
    func everyWordOfTheSelectedRowIsReadable(_ name: String) throws {
        let theme = try Self.theme(name)
        let others: Set<Theme.Role> = [.background, .panel, .selection, .border, .gap]
        for role in Theme.Role.allCases where !others.contains(role) {
            let style = theme.selected(theme[role])
            guard case .rgb(let front)? = style.foreground, case .rgb(let back)? = style.background else {
                Issue.record("\(name) has no colours for the selected \(role.rawValue)")
                continue
            }
            let contrast = ColorVision.contrast(front, back)
            #expect(contrast >= 4.5, "\(name) \(role.rawValue) has \(contrast)")
        }
    }

    @Test(arguments: ColorVision.allCases)
    func orthochromeKeepsStatesApartForEverybody(_ sight: ColorVision) throws {
        let theme = try Self.theme("orthochrome")
        let roles: [Theme.Role] = [.live, .archive, .shift, .error]
        for (index, first) in roles.enumerated() {
            for second in roles.dropFirst(index + 1) {
                let difference = sight.lab(Self.color(theme, first))
                    .difference(to: sight.lab(Self.color(theme, second)))
                #expect(difference >= 22, "\(first.rawValue), \(second.rawValue): \(difference) for \(sight)")
            }
        }
    }

    /// Why state is never told by colour alone: this pair falls together.
    @Test func nitrateDoesNot() throws {
        let theme = try Self.theme("nitrate")
        let difference = ColorVision.protan.lab(Self.color(theme, .live))
            .difference(to: ColorVision.protan.lab(Self.color(theme, .warning)))
        #expect((3...5).contains(difference))
    }

    /// Source: Sharma, Wu, Dalal 2005, table 1.
    @Test(arguments: [
        (Lab(50, 2.6772, -79.7751), Lab(50, 0, -82.7485), 2.0425), (Lab(50, 0, 0), Lab(50, -1, 2), 2.3669),
        (Lab(50, 2.5, 0), Lab(73, 25, -18), 27.1492),
        (Lab(2.0776, 0.0795, -1.1350), Lab(0.9033, -0.0636, -0.5514), 0.9082),
    ])
    func differencesAreThePublishedOnes(_ pair: (first: Lab, second: Lab, difference: Double)) {
        #expect(abs(pair.first.difference(to: pair.second) - pair.difference) < 0.0001)
    }
}
