import Foundation
import KinescopeTesting
import Testing

/// What the program prints of itself: keys, themes, settings, completions, the manual page.
@Suite(.timeLimit(.minutes(2))) struct TableTests {
    private static func environment(_ program: BuiltProgram) -> [String: String] {
        ["XDG_CONFIG_HOME": program.home.path("config"), "XDG_DATA_DIRS": program.home.path("none")]
    }

    private static func write(_ text: String, to path: String, in program: BuiltProgram) throws {
        let url = URL(filePath: program.home.path("config/kinescope/\(path)"))
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try text.write(to: url, atomically: true, encoding: .utf8)
    }

    @Test func themesAreListedAndChecked() async throws {
        let program = try BuiltProgram()
        try Self.write(
            "[meta]\nvariant = \"light\"\ninherits = \"noir\"\n[roles]\nglow = \"#FFFFFF\"",
            to: "themes/mine.toml",
            in: program
        )
        let list = try await program.run("themes", environment: Self.environment(program))
        #expect(list.status == 0, "\(list.errors)")
        #expect(list.text.contains(#/mine +light +.*mine\.toml/#))
        #expect(list.text.contains(#/daylight +light +built in/#))
        #expect(
            try await program.run("themes", "nitrate", environment: Self.environment(program)).status == 0
        )
        let odd = try await program.run("themes", "mine", environment: Self.environment(program))
        #expect(odd.status == 7)
        #expect(odd.errors.contains("line 5: unknown role 'glow'"))
        #expect(
            try await program.run("themes", "nowhere", environment: Self.environment(program)).status == 3
        )
    }

    @Test func configNamesTheOriginOfEachValue() async throws {
        let program = try BuiltProgram()
        try Self.write("theme = \"noir\"\nglow = 1\n[screen]\nfps = 20\n", to: "config.toml", in: program)
        var environment = Self.environment(program)
        environment["KINESCOPE_GLYPHS"] = "ascii"
        let result = try await program.run("config", environment: environment)
        #expect(result.status == 0)
        #expect(result.text.contains(#/theme +noir +.*config\.toml:1/#))
        #expect(result.text.contains(#/screen\.fps +20 +.*config\.toml:4/#))
        #expect(result.text.contains(#/glyphs +ascii +KINESCOPE_GLYPHS/#))
        #expect(result.text.contains(#/mouse +true +default/#))
        #expect(result.errors.contains("config.toml:2: unknown key 'glow'"))
        try Self.write("theme = \n", to: "config.toml", in: program)
        #expect(try await program.run("config", environment: environment).status == 2)
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func completionsKnowEverySubcommand(shell: String) async throws {
        let program = try BuiltProgram()
        let script = try await program.run("completions", shell)
        #expect(script.status == 0)
        for name in try await Self.subcommands(program) { #expect(script.text.contains(name), "\(name)") }
    }

    @Test func completionsAreLegalForBash() async throws {
        let program = try BuiltProgram()
        let script = try await program.run("completions", "bash")
        let path = program.home.path("completions.bash")
        try script.text.write(toFile: path, atomically: true, encoding: .utf8)
        let check = try await program.run(URL(filePath: "/bin/bash"), ["-n", path])
        #expect(check.status == 0, "\(check.errors)")
    }

    @Test func theManualPageHasEveryCommandOptionKeyAndStatus() async throws {
        let program = try BuiltProgram()
        let page = try await program.run("man").text
        for name in try await Self.subcommands(program) {
            #expect(page.contains(".Ss \(name)"), "\(name)")
            let help = try await program.run("help", name).text
            for option in Set(help.matches(of: /--[a-z][a-z-]*/).map { String($0.0) })
            where option != "--help" && option != "--version" {
                #expect(page.contains(option.replacing("-", with: "\\-")), "\(name) \(option)")
            }
        }
        let settings = try String(contentsOf: Self.document("Settings"), encoding: .utf8)
        for row in settings.matches(of: /^\| (\d+) \| (.+) \|$/.anchorsMatchLineEndings()) {
            #expect(page.contains(".It Sy \"\\&\(row.1)\"\n\(row.2)"), "\(row.0)")
        }
        for line in page.split(separator: "\n") where line.hasPrefix(".") {
            #expect(line.contains(/^\.(Dd|Dt|Os|Sh|Ss|Nm|Nd|Op|Bl|It|El|Bd|Ed)\b/), "\(line)")
        }
    }

    @Test func keysAreThoseOfTheSettings() async throws {
        let program = try BuiltProgram()
        try Self.write("[keys.streams]\nz = \"theme noir\"\n", to: "config.toml", in: program)
        let keys = try await program.run("keys", environment: Self.environment(program))
        #expect(keys.text.contains(#/ z +theme noir/#))
        let standard = try await BuiltProgram().run("keys", "--markdown")
        let page = try String(contentsOf: Self.document("Keys"), encoding: .utf8)
        #expect(page.hasSuffix(standard.text.dropLast()))
    }

    private static func document(_ name: String) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/kinescope/Documentation.docc/\(name).md").standardized
    }

    private static func subcommands(_ program: BuiltProgram) async throws -> [String] {
        let help = try await program.run("help").text
        let names = help.matches(of: /\n  ([a-z]+)( \(default\))? +[A-Z]/).map { String($0.1) }
        try #require(names.count > 10)
        return names.filter { $0 != "help" }
    }
}
