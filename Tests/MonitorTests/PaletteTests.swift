import KinesisVideo
import MediaCodec
import Monitor
import Playback
import TerminalScreen
import TerminalVideo
import Testing

@Suite struct PaletteTests {
    private static func surroundings(_ scope: KeymapEntry.Scope, isReadOnly: Bool = false)
        -> Palette.Surroundings
    {
        Palette.Surroundings(
            scope: scope,
            streams: ["front-door", "loading-dock", "lobby"],
            themes: ["nitrate", "noir"],
            keymap: .standard,
            isReadOnly: isReadOnly
        )
    }

    static let lines: [(String, MonitorCommand)] = [
        ("watch lobby", .watch("lobby")),
        ("streams", .streams(filter: nil)),
        ("wall", .wall([])),
        ("wall lobby garage", .wall(["lobby", "garage"])),
        ("streams state:idle !x", .streams(filter: "state:idle !x")),
        ("filter rate>2 door", .setFilter("rate>2 door")),
        ("sort rate", .setSort(.rate)),
        ("sort frags", .setSort(.fragments)),
        ("scale common", .scaleBars(isCommon: true)),
        ("seek +30", .player(.seekBy(milliseconds: 30_000))),
        ("seek −2.5", .player(.seekBy(milliseconds: -2500))),
        ("seek -90s", .player(.seekBy(milliseconds: -90_000))),
        ("seek +5m", .player(.seekBy(milliseconds: 300_000))),
        ("seek −1h30m", .player(.seekBy(milliseconds: -5_400_000))),
        ("seek yesterday 18:00", .seek("yesterday 18:00")),
        ("seek-fragment -3", .player(.stepFragments(-3))),
        ("seek-recording 1", .player(.stepRecordings(1))),
        ("live", .player(.live)),
        ("pause", .player(.togglePause)),
        ("rate 0.5", .player(.setRate(0.5))),
        ("reverse", .player(.reverse)),
        ("zoom 10m", .zoom(.minutes10)),
        ("create yard --retention 48", .change(.create(name: "yard", retentionHours: 48))),
        ("tag yard site=the roof", .change(.tag(name: "yard", key: "site", value: "the roof"))),
        ("tag yard site=", .change(.tag(name: "yard", key: "site", value: ""))),
        ("tag yard -site", .change(.untag(name: "yard", key: "site"))),
        ("diff", .inspector(.compare)),
        ("map", .inspector(.map)),
        ("acks", .inspector(.acknowledgements)),
        ("endpoint yard", .connect(.endpoint("yard"))),
        ("demo", .connect(.demo)),
        ("fps 12", .set(Setting.all.first { $0.key == "screen.fps" } ?? Setting.all[0], "12")),
        ("set wall.grid 3", .set(Setting.all.first { $0.key == "wall.grid" } ?? Setting.all[0], "3")),
        ("help", .help),
        ("create yard 48", .change(.create(name: "yard", retentionHours: 48))),
        ("create yard", .change(.create(name: "yard", retentionHours: 24))),
        ("retention yard 0", .change(.setRetention(name: "yard", hours: 0))),
        ("theme noir", .theme("noir")),
        ("mark in", .screen(.markIn)),
        ("mark clear", .screen(.clearMarks)),
        ("export", .screen(.export)),
        ("export the clip.mkv", .saveClip("the clip.mkv")),
        ("snapshot", .screen(.snapshot)),
        ("snapshot now", .saveSnapshot("now")),
        ("delete yard", .deleteStream("yard")),
        ("colors 16", .set(Setting.all.first { $0.key == "colors" } ?? Setting.all[0], "16")),
        ("clock server", .screen(.showClock(isServer: true))),
        ("zone utc", .screen(.showZone(isLocal: false))),
        ("quality auto", .screen(.pinQuality(nil))),
        ("quality 3", .screen(.pinQuality(.palette))),
        ("  log ", .log),
        ("quit", .quit),
    ]

    @Test(arguments: lines)
    func aLineBecomesACommand(_ row: (line: String, command: MonitorCommand)) throws {
        #expect(try Palette.standard.command(row.line) == row.command)
    }

    @Test(arguments: [
        ("", "type a command"), ("fly", "there is no command 'fly'"), ("live now", "live takes no arguments"),
        ("watch", "wanted watch NAME"), ("rate 99", "rate is '99', wanted 0.25 to 16"),
        ("seek +5x", "'+5x' is no distance, wanted +30, -2.5, +5m or -1h30m"),
        ("delete", "wanted delete NAME"),
        ("colors 8", "colors is '8', wanted auto | truecolor | 256 | 16 | none"),
        ("seek-fragment 0", "'0' is no number of steps, wanted seek-fragment ±N"),
        ("create yard x", "'x' is no number of hours, wanted 0 to 87600"),
        ("create", "wanted create NAME [HOURS]"),
        ("tag yard", "wanted tag NAME KEY=VALUE or tag NAME -KEY"),
        ("tag yard =x", "wanted tag NAME KEY=VALUE or tag NAME -KEY"),
        ("find door", "'door' names no tag, wanted tag:NAME or tag:NAME=VALUE"),
        ("endpoint", "wanted endpoint NAME|URL"),
        ("fps 0", "screen.fps is '0', wanted 1 to 60"),
        ("set mars 1", "there is no setting 'mars' (kinescope config lists them)"),
        ("quality 8", "quality is '8', wanted 0 to 7 or auto"),
        ("zone mars", "zone is 'mars', wanted utc or local"),
    ])
    func aLineThatIsNoneSaysWhatIsWanted(_ row: (line: String, words: String)) {
        #expect(throws: PaletteEntry.Failure(description: row.words)) {
            try Palette.standard.command(row.line)
        }
    }

    @Test func aFewLettersFindACommand() {
        func first(_ typed: String, _ scope: KeymapEntry.Scope = .player) -> String? {
            Palette.standard.rows(for: typed, in: Self.surroundings(scope)).first?.text
        }
        #expect(first("li") == "live")
        #expect(first("sf") == "seek-fragment ±N")
        #expect(first("sk") == "seek TIME|±T|#N")
        #expect(first("thm") == "theme NAME")
        #expect(first("xyz") == nil)
        #expect(first("sort") == nil)
        #expect(first("sort", .streams) == "sort COLUMN")
    }

    @Test func argumentsAreCompleted() {
        let rows = Palette.standard.rows(for: "watch lo", in: Self.surroundings(.streams))
        #expect(rows.map(\.text) == ["lobby", "loading-dock"])
        #expect(rows.map(\.completion) == ["watch lobby", "watch loading-dock"])
        #expect(rows.map(\.isComplete) == [true, true])
        let retention = Palette.standard.rows(for: "retention fro", in: Self.surroundings(.streams))
        #expect(retention.map(\.completion) == ["retention front-door "])
        #expect(retention.map(\.isComplete) == [false])
    }

    @Test func rowsNameTheKeyThatDoesTheSame() {
        let rows = Palette.standard.rows(for: "", in: Self.surroundings(.player))
        #expect(rows.first { $0.text == "live" }?.keys == "l End")
        #expect(rows.first { $0.text.hasPrefix("seek ") }?.keys == "g")
    }

    @Test func nothingChangesWhereNothingMay() {
        let rows = Palette.standard.rows(for: "", in: Self.surroundings(.streams, isReadOnly: true))
        #expect(!rows.contains { $0.text.hasPrefix("create") || $0.text.hasPrefix("retention") })
        var configuration = MonitorState.Configuration(endpoint: "local:7070")
        configuration.forbidChanges()
        #expect(configuration.keymap.match([KeyPress("x")], in: .streams) == .none)
        var state = MonitorState(
            configuration: configuration,
            size: ScreenSize(rows: 24, columns: 80),
            now: SampleStreams.now
        )
        #expect(state.run(line: "create yard", at: SampleStreams.now) == [])
        #expect(state.toast?.isError == true)
    }

    // MARK: On the screen

    @Test func theListStandsAboveThePrompt() throws {
        var state = sampleState()
        _ = state.type(":wa")
        try expectSnapshot(state.text(), "palette-80x24")
    }

    @Test func enterRunsWhatIsSelectedAndTabCompletes() {
        var state = sampleState()
        _ = state.type(":wat")
        #expect(state.press(KeyPress(.enter)) == [])
        #expect(state.prompt?.text == "watch ")
        _ = state.type("dock")
        #expect(state.press(KeyPress(.enter)) == [.openPlayer(stream: "loading-dock", retentionHours: 24)])
        #expect(state.prompt == nil && state.player?.stream == "loading-dock")
        _ = state.type(":zo")
        _ = state.press(KeyPress(.tab))
        #expect(state.prompt?.text == "zoom ")
        _ = state.press(KeyPress(.down), KeyPress(.down), KeyPress(.enter))
        #expect(state.player?.window.zoom == .minutes10)
        _ = state.press(KeyPress("p", .control))
        #expect(state.prompt?.purpose == .command)
        _ = state.press(KeyPress(.escape))
        #expect(state.prompt == nil && state.player != nil)
    }

    @Test func aThemeIsShownWhileItIsChosen() {
        var configuration = MonitorState.Configuration(endpoint: "local:7070")
        configuration.themes = ["nitrate", "daylight", "noir"]
        var state = MonitorState(
            configuration: configuration,
            size: ScreenSize(rows: 24, columns: 80),
            now: SampleStreams.now
        )
        _ = state.type(":theme ")
        #expect(state.wantedTheme == "nitrate")
        _ = state.press(KeyPress(.down))
        #expect(state.wantedTheme == "daylight")
        _ = state.press(KeyPress(.escape))
        #expect(state.wantedTheme == nil)
        _ = state.type(":theme no")
        _ = state.press(KeyPress(.enter))
        #expect(state.wantedTheme == "noir" && state.prompt == nil)
    }

    @Test func whatIsWrongIsSaidAndStays() {
        var state = sampleState()
        _ = state.type(":rate 99")
        _ = state.press(KeyPress(.enter))
        #expect(state.toast?.isError == true)
        #expect(state.prompt?.text == "rate 99")
    }

    @Test func whatIsWrongIsSeenAboveTheListOfCommands() {
        var state = sampleState()
        _ = state.type(":rate 99")
        _ = state.press(KeyPress(.enter))
        let rows = (0..<24).map { state.row($0) }
        #expect(rows[11].hasSuffix("✕ rate is '99', wanted 0.25 to 16"))
        #expect(rows[12].contains("── Command "))
        #expect(rows[23] == ":rate 99▏")
    }

    @Test func aMessageStandsAboveTheTags() {
        var state = sampleState()
        _ = state.type("tnonsense")
        _ = state.press(KeyPress(.enter))
        let rows = (0..<24).map { state.row($0) }
        #expect(rows[20].contains("wanted KEY=VALUE or -KEY"))
        #expect(rows[21].contains("── Tags · front-door "))
    }

    @Test func aNamedStreamIsDeletedFromAnywhereOnceItsNameIsTypedAgain() {
        var state = sampleState()
        _ = state.press(KeyPress(.enter))
        #expect(state.run(line: "delete attic", at: state.now) == [])
        #expect(state.toast?.text == "no stream is named 'attic'" && state.prompt == nil)
        _ = state.run(line: "delete lobby", at: state.now)
        #expect(state.prompt?.purpose == .delete("lobby"))
        _ = state.type("lobby")
        #expect(state.press(KeyPress(.enter)) == [.change(.delete(name: "lobby"))])
    }

    @Test func filesCanBeNamed() throws {
        var state = ViewTests.shiftedState()
        #expect(state.run(line: "snapshot a picture", at: state.now) == [.snapshot("a picture.png")])
        #expect(state.run(line: "snapshot b.PNG", at: state.now) == [.snapshot("b.PNG")])
        #expect(state.run(line: "export c.mkv", at: state.now) == [])
        #expect(state.toast?.text.contains("mark a clip first") == true)
        _ = state.type("I")
        var status = SamplePlayer.shifted()
        status.position = status.position?.advanced(byMilliseconds: 10_000)
        _ = state.handle(.player(status), at: state.now)
        _ = state.type("O")
        _ = state.run(line: "export c.avi", at: state.now)
        #expect(state.runningClip == nil && state.toast?.isError == true)
        let actions = state.run(line: "export c.mkv", at: state.now)
        let job = try #require(state.runningClip?.job)
        #expect(job.fileName == "c.mkv" && job.order.container == .mkv)
        #expect(actions == [.startClip(job)])
    }

    @Test func coloursAreChosenWhileTheProgramRuns() {
        var state = sampleState()
        _ = state.run(line: "colors 256", at: state.now)
        #expect(state.depth == .palette256)
        _ = state.run(line: "colors none", at: state.now)
        #expect(state.depth == ColorDepth.none && state.pictureMode == .ascii)
        _ = state.run(line: "set colors auto", at: state.now)
        #expect(state.depth == nil && state.pictureMode == .half)
    }

    @Test func aStreamIsDeletedOnceItsNameIsTypedAgain() {
        var state = sampleState()
        _ = state.press(KeyPress("x"))
        #expect(state.row(23).hasPrefix("type front-door to delete it"))
        _ = state.type("front")
        #expect(state.press(KeyPress(.enter)) == [])
        #expect(state.toast?.text == "nothing is deleted: 'front' is not 'front-door'")
        _ = state.type("xfront-door")
        #expect(state.press(KeyPress(.enter)) == [.change(.delete(name: "front-door"))])
        _ = state.handle(.changed(.delete(name: "front-door"), failure: nil), at: state.now)
        #expect(state.toast?.text == "✓ deleted front-door")
    }

    @Test func aStreamIsMadeByItsName() {
        var state = sampleState()
        _ = state.type("cyard 48")
        let change = StreamChange.create(name: "yard", retentionHours: 48)
        #expect(state.press(KeyPress(.enter)) == [.change(change)])
        _ = state.handle(.changed(change, failure: "the name is taken"), at: state.now)
        #expect(state.toast?.text == "not done: the name is taken")
        #expect(state.log.lines.last?.level == .error)
    }
}
