import Monitor
import Pixels
import Playback
import TerminalScreen
import Testing

@Suite struct SettingsTests {
    private static func read(_ text: String) throws -> Settings {
        var settings = Settings()
        try settings.take(file: text, path: "config.toml")
        return settings
    }

    @Test func everySettingHasALegalDefaultAndIsListedOnce() {
        #expect(Set(Setting.all.map(\.key)).count == Setting.all.count)
        for setting in Setting.all {
            var settings = Settings()
            settings.set(setting, to: setting.standard, origin: .standard)
            #expect(settings.warnings == [], "\(setting.key)")
            #expect(!setting.words.isEmpty)
        }
    }

    @Test func aFlagOutranksTheEnvironmentWhichOutranksTheFile() throws {
        var settings = try Self.read("theme = \"noir\"\nglyphs = \"ascii\"\n[screen]\nfps = 20\n")
        settings.take(environment: [
            "KINESCOPE_THEME": "daylight", "KINESCOPE_SCREEN_FPS": "25", "KINESCOPE_GLYPHS": "",
        ])
        let theme = try #require(Setting.named("theme"))
        settings.set(theme, to: "orthochrome", origin: .flag("--theme"))
        #expect(settings["theme"] == Settings.Value(text: "orthochrome", origin: .flag("--theme")))
        #expect(settings.number("screen.fps") == 25)
        #expect(settings["screen.fps"].origin == .environment("KINESCOPE_SCREEN_FPS"))
        #expect(settings["glyphs"].origin == .file("config.toml", line: 2))
        #expect(settings["mouse"] == Settings.Value(text: "true", origin: .standard))
    }

    @Test func whatNobodyReadsIsAWarningWithItsLine() throws {
        let settings = try Self.read(
            """
            glow = true
            mouse = "maybe"
            [screen]
            # fps = 1
            fps = 900
            [keys.player]
            "Hyper-X" = "live"
            "Ctrl-X" = "fly"
            [keys.cellar]
            x = "live"
            [endpoints.yard]
            region = "eu-west-1"
            zone = "b"
            """
        )
        #expect(
            settings.warnings.sorted() == [
                "config.toml:13: unknown key 'endpoints.yard.zone' (there are url, region, profile)",
                "config.toml:1: unknown key 'glow'",
                "config.toml:2: mouse is 'maybe', wanted true | false; true stays",
                "config.toml:5: screen.fps is '900', wanted 1 to 60; 30 stays",
                "config.toml:7: 'Hyper-X' is no key such as x, Ctrl-X, F5 or Shift-Left",
                "config.toml:8: there is no command 'fly'",
                "config.toml:9: there is no screen 'cellar' (there are everywhere, streams, player, inspector, wall, same-time)",
            ]
        )
        #expect(settings.endpoints["yard"]?.region == "eu-west-1")
        #expect(settings.isOn("mouse"))
    }

    @Test func aTextThatIsNoTOMLFailsWithItsLine() {
        #expect(throws: Settings.Failure.self) { try Self.read("theme = \n") }
        do {
            _ = try Self.read("mouse = true\nfps = = 3\n")
        } catch {
            #expect("\(error)".hasPrefix("config.toml:2: "))
        }
    }

    @Test func keysOfOnesOwnComeBeforeThoseDelivered() throws {
        let settings = try Self.read(
            "[keys.player]\n\"Ctrl-Right\" = \"seek +30\"\ni = \"\"\n\"g g\" = \"live\"\n[keys.streams]\nx = \"watch lobby\""
        )
        #expect(settings.warnings == [])
        let keymap = settings.keymap
        let right = KeyPress(.right, .control)
        #expect(keymap.match([right], in: .player) == .command(.player(.seekBy(milliseconds: 30_000))))
        #expect(keymap.match([KeyPress("i")], in: .player) == .none)
        #expect(keymap.match([KeyPress("g")], in: .player) == .prefix)
        #expect(keymap.match([KeyPress("g"), KeyPress("g")], in: .player) == .command(.player(.live)))
        #expect(keymap.match([KeyPress("x")], in: .streams) == .command(.watch("lobby")))
    }

    @Test(arguments: [
        ("15;0", "nitrate"), ("0;15", "daylight"), ("0;default;7", "daylight"), ("12;8", "nitrate"),
        ("", "nitrate"),
    ])
    func theThemeFollowsTheBackground(_ row: (colors: String, name: String)) throws {
        #expect(Settings().themeName(environment: ["COLORFGBG": row.colors]) == row.name)
        let both = try Self.read("theme = { dark = \"noir\", light = \"mine\" }")
        let names = ["nitrate": "noir", "daylight": "mine"]
        #expect(both.themeName(environment: ["COLORFGBG": row.colors]) == names[row.name])
        let fixed = try Self.read("theme = \"orthochrome\"")
        #expect(fixed.themeName(environment: ["COLORFGBG": row.colors]) == "orthochrome")
    }

    @Test(arguments: [
        (RGBColor(red: 255, green: 255, blue: 255), "daylight"),
        (RGBColor(red: 0xFD, green: 0xF6, blue: 0xE3), "daylight"),
        (RGBColor(red: 0, green: 0x2B, blue: 0x36), "nitrate"),
        (RGBColor(red: 0, green: 0, blue: 255), "nitrate"),
    ])
    func theBackgroundThatTheTerminalTellsOutranksTheEnvironment(_ row: (color: RGBColor, name: String)) {
        for colors in ["15;0", "0;15", ""] {
            let name = Settings().themeName(environment: ["COLORFGBG": colors], background: row.color)
            #expect(name == row.name)
        }
    }

    @Test(arguments: [
        ("96MiB", 96), ("96", 96), ("1 GiB", 1024), ("8m", 8), ("7MiB", nil), ("5GiB", nil), ("MiB", nil),
        ("96MB", nil), ("-1", nil), ("99999999999999999999", nil),
    ])
    func memoryIsGivenInMebibytes(text: String, mebibytes: Int?) throws {
        var settings = try Self.read("[player]\nmemory = \"\(text)\"\n")
        #expect(settings.bytes("player.memory") == (mebibytes ?? 96) << 20)
        #expect(settings.warnings.isEmpty == (mebibytes != nil))
        settings.take(environment: ["KINESCOPE_PLAYER_MEMORY": "16MiB"])
        #expect(settings.bytes("player.memory") == 16 << 20)
    }

    @Test func anotherStepChangesKeysHelpAndFooterAlikeButNotWhatTheUserBound() throws {
        let settings = try Self.read("[keys.player]\nb = \"seek +5\"\n")
        var keymap = settings.keymap
        keymap.setStep(seconds: 10)
        #expect(
            keymap.match([KeyPress(.left)], in: .player) == .command(.player(.seekBy(milliseconds: -10_000)))
        )
        #expect(
            keymap.match([KeyPress(.right)], in: .sameTime)
                == .command(.player(.seekBy(milliseconds: 10_000)))
        )
        #expect(keymap.match([KeyPress("b")], in: .player) == .command(.player(.seekBy(milliseconds: 5000))))
        #expect(
            keymap.match([KeyPress(.left, .shift)], in: .player)
                == .command(.player(.seekBy(milliseconds: -1000)))
        )
        let entry = try #require(keymap.entries.first { $0.scope == .player && $0.label == "← →" })
        #expect(entry.words == "back, forward 10 s")
        #expect(entry.footer?.words == "10s")
    }
}
