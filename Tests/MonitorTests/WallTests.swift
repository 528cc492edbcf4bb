import KinesisVideo
import Monitor
import Pixels
import Playback
import TerminalScreen
import TerminalVideo
import Testing

@Suite struct WallTests {
    private static let all = [
        "front-door", "garage", "lab-bench", "loading-dock", "lobby", "roof", "test-rig",
    ]

    // MARK: Choosing

    @Test func wShowsAllStreamsOfTheListAndFocusesTheSelectedOne() {
        var state = sampleState()
        #expect(state.type("jw") == [])
        #expect(state.wall?.streams == Self.all)
        #expect(state.wall?.focused == "garage")
        #expect(state.scope == .wall)
    }

    @Test func wShowsTheMarkedStreamsAlsoThoseThatTheFilterHides() {
        var state = sampleState()
        _ = state.type("j ")
        #expect(state.streams.marked == ["garage"])
        #expect(state.streams.selection == "lab-bench")
        #expect(state.row(0).contains(" · 1 marked"))
        #expect(state.text().contains(" ✓◌ idle  garage"))
        _ = state.type("/lobby")
        _ = state.press(KeyPress(.enter), KeyPress(" "))
        _ = state.type("w")
        #expect(state.wall?.streams == ["lobby", "garage"])
    }

    @Test func aMarkIsTakenAwayByTheSameKey() {
        var state = sampleState()
        _ = state.type(" k ")
        #expect(state.streams.marked.isEmpty)
    }

    @Test func streamsCanBeNamed() {
        var state = sampleState()
        #expect(state.run(line: "wall lobby garage lobby", at: state.now) == [])
        #expect(state.wall?.streams == ["lobby", "garage"])
        _ = state.run(line: "wall attic", at: state.now)
        #expect(state.toast?.text == "no stream is named 'attic'")
        #expect(state.wall?.streams == ["lobby", "garage"])
    }

    @Test func aWallThatIsAskedForTooEarlyOpensWithTheFirstReport() {
        var state = MonitorState(
            configuration: MonitorState.Configuration(endpoint: "local:7070"),
            size: ScreenSize(rows: 24, columns: 80),
            now: SampleStreams.now
        )
        _ = state.run(line: "wall", at: state.now)
        #expect(state.wall == nil)
        _ = state.handle(.statistics(SampleStreams.current), at: state.now)
        #expect(state.wall?.streams.count == 6)
    }

    @Test func aLiveTileIsToldByAWordWhereSignsAreASCII() {
        var wall = SampleWall(glyphs: .ascii)
        _ = wall.advance(by: 200, wall.status("front-door", ago: 800))
        #expect(wall.text().contains(" * LIVE 0.8s"))
        wall = SampleWall()
        _ = wall.advance(by: 200, wall.status("front-door", ago: 800))
        #expect(wall.text().contains(" ● ") && !wall.text().contains("LIVE"))
    }

    // MARK: Opening and closing

    @Test func streamsOpenOneEvery200MillisecondsTheFocusedOneFirst() {
        var wall = SampleWall(keys: "")
        _ = wall.state.type("jw")
        let opened = (0..<10).flatMap { _ in wall.advance(by: 100) }
        let names: [MonitorAction] = [
            .openTile(stream: "garage", retentionHours: 168),
            .openTile(stream: "front-door", retentionHours: 24),
            .openTile(stream: "lab-bench", retentionHours: 0),
            .openTile(stream: "loading-dock", retentionHours: 24),
        ]
        #expect(opened == names)
    }

    @Test func aStreamThatIsOnlyBeingMadeIsNotOpened() {
        var wall = SampleWall()
        _ = wall.state.type("n")
        let opened = (0..<10).flatMap { _ in wall.advance(by: 200) }
        #expect(
            opened == [
                .openTile(stream: "lobby", retentionHours: 24), .openTile(stream: "roof", retentionHours: 24),
            ]
        )
        #expect(wall.text().contains("test-rig                      … new"))
    }

    @Test func aPageIsClosedFiveSecondsAfterItWasLeft() {
        var wall = SampleWall()
        _ = wall.state.type("n")
        _ = wall.advance(by: 0)
        #expect(!wall.advance(by: 4900).contains { if case .closeTile = $0 { true } else { false } })
        let closed = wall.advance(by: 200).filter { if case .closeTile = $0 { true } else { false } }
        #expect(closed == Self.all.prefix(4).map { .closeTile($0) })
        _ = wall.state.type("N")
        #expect(wall.advance(by: 200) == [.openTile(stream: "front-door", retentionHours: 24)])
    }

    @Test func escapeEndsAllTilesAndReturnsToTheList() {
        var wall = SampleWall()
        let before = wall.state.streams
        let actions = wall.state.press(KeyPress(.escape))
        #expect(actions == Self.all.prefix(4).map { .closeTile($0) })
        #expect(wall.state.wall == nil && wall.state.streams == before)
        #expect(wall.state.type("q") == [.quit])
    }

    // MARK: Focus

    static let moves: [([KeyPress], String)] = [
        ([KeyPress(.right)], "garage"),
        ([KeyPress(.down)], "lab-bench"),
        ([KeyPress(.right), KeyPress(.down)], "loading-dock"),
        ([KeyPress(.left)], "front-door"),
        ([KeyPress(.up)], "front-door"),
        ([KeyPress(.right), KeyPress(.right)], "garage"),
        ([KeyPress(.tab), KeyPress(.tab)], "lab-bench"),
        ([KeyPress(.tab, .shift)], "loading-dock"),
        ([KeyPress("n")], "lobby"),
        ([KeyPress("n"), KeyPress(.down), KeyPress(.right)], "test-rig"),
        ([KeyPress("n"), KeyPress("n")], "front-door"),
        ([KeyPress("3"), KeyPress(.down)], "loading-dock"),
    ]

    @Test(arguments: moves)
    func keysMoveTheFocus(_ row: (keys: [KeyPress], name: String)) {
        var wall = SampleWall()
        for key in row.keys { _ = wall.state.press(key) }
        #expect(wall.state.wall?.focused == row.name)
    }

    @Test func onlyTheFocusedStreamShowsAllItsPictures() {
        var wall = SampleWall()
        _ = wall.state.press(KeyPress(.right))
        #expect(wall.state.wall?.showsKeyFramesOnly("garage") == false)
        #expect(wall.state.wall?.showsKeyFramesOnly("front-door") == true)
        _ = wall.state.type("k")
        #expect(wall.state.wall?.showsKeyFramesOnly("garage") == true)
    }

    @Test func aClickFocusesAndASecondOneOpens() {
        var wall = SampleWall()
        let click = InputEvent.mouse(MouseEvent(.press(.left), row: 15, column: 60))
        #expect(wall.state.handle(.input(click), at: wall.state.now) == [])
        #expect(wall.state.wall?.focused == "loading-dock")
        #expect(
            wall.state.handle(.input(click), at: wall.state.now)
                == [.openPlayer(stream: "loading-dock", retentionHours: 24)]
        )
    }

    static let grids: [(rows: Int, columns: Int, wanted: Int, grid: Int)] = [
        (24, 80, 2, 2), (24, 80, 3, 3), (24, 80, 4, 3), (35, 120, 4, 4), (12, 40, 2, 1), (20, 60, 2, 2),
        (55, 200, 4, 4),
    ]

    @Test(arguments: grids)
    func theGridIsAsLargeAsTilesFit(_ row: (rows: Int, columns: Int, wanted: Int, grid: Int)) {
        let size = ScreenSize(rows: row.rows, columns: row.columns)
        let layout = WallLayout(size: size, wanted: row.wanted, hasFault: false)
        #expect(layout.grid == row.grid)
        #expect(layout.tiles.count == row.grid * row.grid)
        for (index, tile) in layout.tiles.enumerated() {
            #expect(tile.row >= 1 && tile.row + tile.size.rows <= layout.footer)
            #expect(tile.column + tile.size.columns <= row.columns)
            #expect(!layout.tiles.dropFirst(index + 1).contains { $0.overlaps(tile) })
        }
    }

    // MARK: Same time

    @Test func keysOfThePlayerAskTheFocusedTile() {
        var wall = SampleWall()
        _ = wall.state.press(KeyPress(.right))
        let commands: [PlayerCommand] = [
            .togglePause, .stepFrames(-1), .live, .seekBy(milliseconds: -1000),
        ]
        let actions = wall.state.type(" ,l") + wall.state.press(KeyPress(.left, .shift))
        #expect(actions == commands.map { .tile("garage", $0) })
    }

    /// All four of the page at the live edge, held to one time.
    private static func lockedWall() -> SampleWall {
        var wall = SampleWall()
        _ = wall.advance(
            by: 0,
            wall.status("front-door", ago: 800),
            wall.status("garage", .archive, ago: 41_000),
            wall.status("lab-bench", ago: 1000, skew: 259_200_000),
            wall.status("loading-dock", ago: 1200)
        )
        return wall
    }

    @Test func sAtTheLiveEdgeKeepsAllThere() {
        var wall = Self.lockedWall()
        #expect(wall.state.type("s") == Self.all.prefix(4).map { .tile($0, .live) })
        #expect(wall.state.scope == .sameTime)
        #expect(wall.state.row(0).contains(" · same time live"))
        #expect(wall.state.press(KeyPress(.right)) == [])
        #expect(wall.state.type("s") == [.tile("lab-bench", .live)])
        #expect(wall.state.scope == .wall)
    }

    @Test func aSeekTakesAllTilesToOneTimeFromTheLatestOfThem() {
        var wall = Self.lockedWall()
        _ = wall.state.type("s")
        let time = wall.state.now.advanced(byMilliseconds: -6200)
        let actions = wall.state.press(KeyPress(.left))
        let seeks = ["front-door", "garage", "loading-dock"].map { name in
            [MonitorAction.tile(name, .seek(to: time)), .tile(name, .pause)]
        }
        // The bench keeps nothing: it stands still where it is.
        #expect(actions == seeks[0] + seeks[1] + [.tile("lab-bench", .pause)] + seeks[2])
        #expect(wall.state.wall?.sameTime?.isGathering == true)
    }

    @Test func tilesStartTogetherOnceTheLastHasCome() {
        var wall = Self.lockedWall()
        _ = wall.state.type("s")
        _ = wall.state.press(KeyPress(.left))
        let time = wall.state.now.advanced(byMilliseconds: -6200)
        func there(_ name: String) -> PlayerStatus {
            var status = wall.status(name, .shift, ago: 0)
            status.position = time
            return status
        }
        var coming = there("loading-dock")
        coming.target = time
        let garage = wall.status("garage", .archive, ago: 41_000)
        #expect(wall.advance(by: 100, there("front-door"), garage, coming) == [])
        #expect(wall.advance(by: 1000, coming) == [])
        // What ended before that time stays where it is.
        #expect(
            wall.advance(by: 100, there("loading-dock"))
                == [.tile("front-door", .resume), .tile("loading-dock", .resume)]
        )
        #expect(wall.advance(by: 100) == [])
        #expect(wall.text().contains("◌ idle"))
    }

    @Test func nobodyWaitsForALostConnection() {
        var wall = Self.lockedWall()
        _ = wall.state.type("s")
        _ = wall.state.press(KeyPress(.left))
        let time = wall.state.now.advanced(byMilliseconds: -6200)
        var front = wall.status("front-door", .shift, ago: 6200)
        front.position = time
        var dock = wall.status("loading-dock", .retry(seconds: 8), ago: 0)
        dock.target = time
        let garage = wall.status("garage", .archive, ago: 41_000)
        #expect(wall.advance(by: 1100, front, garage, dock) == [.tile("front-door", .resume)])
    }

    @Test func aTileBehindAGapWaitsForItsTime() {
        var wall = Self.lockedWall()
        _ = wall.state.type("s")
        _ = wall.state.press(KeyPress(.down))
        let time = wall.state.now.advanced(byMilliseconds: -61_200)
        func at(_ name: String, _ milliseconds: Int64) -> PlayerStatus {
            var status = wall.status(name, .archive, ago: 0)
            status.position = time.advanced(byMilliseconds: milliseconds)
            return status
        }
        let started = wall.advance(
            by: 2000,
            at("front-door", 0),
            at("loading-dock", 6000),
            at("garage", 0)
        )
        #expect(started == [.tile("front-door", .resume), .tile("garage", .resume)])
        #expect(wall.text().contains("gap → "))
        #expect(wall.text().contains("no media at this time"))
        #expect(wall.advance(by: 5000, at("front-door", 5000), at("garage", 5000)) == [])
        #expect(wall.advance(by: 600, at("front-door", 5600)) == [.tile("loading-dock", .resume)])
    }

    @Test func pauseBringsAllToTheSameMomentAndPlayGoesOnFromThere() {
        var wall = Self.lockedWall()
        _ = wall.state.type("s")
        _ = wall.state.press(KeyPress(.left))
        _ = wall.advance(by: 20_000)
        let time = wall.state.wall?.sameTime?.time(at: wall.state.now)
        #expect(wall.state.type(" ").contains { $0 == time.map { .tile("front-door", .seek(to: $0)) } })
        #expect(wall.state.row(0).contains(" ‖ "))
        _ = wall.advance(by: 20_000)
        #expect(wall.state.wall?.sameTime?.time(at: wall.state.now) == time)
        #expect(wall.state.type(" ") == [])
        #expect(wall.state.wall?.sameTime?.isRunning == true)
        #expect(wall.state.type("l").contains(.tile("garage", .live)))
    }

    @Test func aTileThatOpensWhileAllAreHeldBeginsAtTheirTime() {
        var wall = Self.lockedWall()
        _ = wall.state.type("s")
        _ = wall.state.press(KeyPress(.left), KeyPress(" "), KeyPress("n"))
        let time = wall.state.wall?.sameTime?.time(at: wall.state.now) ?? wall.state.now
        #expect(
            wall.advance(by: 200) == [
                .openTile(stream: "lobby", retentionHours: 24), .tile("lobby", .seek(to: time)),
                .tile("lobby", .pause),
            ]
        )
    }

    // MARK: The player over it

    @Test func enterPlaysTheFocusedStreamFromWhereItsTileStandsAndEscapeReturns() {
        var wall = Self.lockedWall()
        #expect(wall.state.press(KeyPress(.enter)) == [.openPlayer(stream: "front-door", retentionHours: 24)])
        #expect(wall.state.press(KeyPress(.escape)) == [.closePlayer])
        #expect(wall.state.scope == .wall)
        _ = wall.state.press(KeyPress("s"), KeyPress(.left))
        var status = wall.status("front-door", .shift, ago: 6200)
        status.isPaused = true
        _ = wall.advance(by: 0, status)
        let position = wall.state.now.advanced(byMilliseconds: -6200)
        #expect(
            wall.state.press(KeyPress(.enter))
                == [.openPlayer(stream: "front-door", retentionHours: 24), .player(.seek(to: position))]
        )
        #expect(wall.state.run(line: "streams", at: wall.state.now).first == .closePlayer)
        #expect(wall.state.scope == .streams)
    }

    @Test func wInThePlayerShowsTheWallAtItsTime() {
        var state = sampleState()
        _ = state.press(KeyPress(.enter))
        _ = state.handle(.player(SamplePlayer.shifted()), at: state.now)
        #expect(state.type("w") == [.closePlayer])
        #expect(state.wall?.sameTime?.time(at: state.now) == SamplePlayer.shifted().position)
        #expect(state.wall?.focused == "front-door")
    }

    // MARK: Screens

    @Test func twoByTwoAt80x24() throws {
        let wall = Self.lockedWall()
        try expectSnapshot(wall.text(picture: PixelSize(width: 36, height: 20)), "wall-80x24")
    }

    @Test func threeByThreeAt120x35AtTheSameTime() throws {
        var wall = SampleWall(rows: 35, columns: 120, keys: "w3")
        _ = wall.advance(by: 0, wall.status("front-door", .shift, ago: 318_000))
        _ = wall.state.type("s")
        let ages: [(String, Int64)] = [
            ("garage", 318_000), ("loading-dock", 318_500), ("lobby", 277_000), ("lab-bench", 259_200_000),
        ]
        for (name, ago) in ages { _ = wall.advance(by: 0, wall.status(name, .archive, ago: ago)) }
        var roof = wall.status("roof", .retry(seconds: 4), ago: 0)
        roof.position = nil
        _ = wall.advance(by: 0, roof)
        _ = wall.state.handle(.tiles([]), at: wall.state.now.advanced(byMilliseconds: 12_000))
        try expectSnapshot(wall.text(picture: PixelSize(width: 36, height: 20)), "wall-120x35")
    }

    @Test func theWallInASmallWindowAndInASCII() throws {
        let wall = SampleWall(rows: 14, columns: 50, glyphs: .ascii)
        let text = wall.text(picture: PixelSize(width: 36, height: 20))
        #expect(text.utf8.allSatisfy { $0 < 0x7F })
        try expectSnapshot(text, "wall-ascii-50x14")
    }

    // MARK: Budget

    @Test func tilesShareOneBudget() {
        let budget = ByteBudget(wanted: 9000, largestDifference: 10, most: 18_000)
        #expect(budget.share(of: 9, spent: 0) == ByteBudget(wanted: 1000, largestDifference: 10, most: 2000))
        #expect(budget.share(of: 1, spent: 7000).wanted == 2000)
        #expect(budget.share(of: 3, spent: 20_000).most == 0)
    }
}
