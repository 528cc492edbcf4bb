import KinesisVideo
import Matroska
import Monitor
import Playback
import TerminalScreen
import Testing

/// Every key of every screen, pressed, and what must come of it.
@Suite struct KeyTableTests {
    /// What a key did.
    struct Outcome {
        var before: MonitorState
        var after: MonitorState
        var actions: [MonitorAction]

        /// True where the key asks the player for exactly this.
        func asks(_ command: PlayerCommand) -> Bool { actions == [.player(command)] }
    }

    /// Keys of a screen, and whether they did what their row says.
    struct Row: Sendable, CustomTestStringConvertible {
        var scope: KeymapEntry.Scope
        var keys: String
        /// Keys that bring about what the others change.
        var setup: String
        var isDone: @Sendable (Outcome) -> Bool

        init(
            _ scope: KeymapEntry.Scope,
            _ keys: String,
            after setup: String = "",
            _ isDone: @escaping @Sendable (Outcome) -> Bool
        ) {
            (self.scope, self.keys, self.setup, self.isDone) = (scope, keys, setup, isDone)
        }

        var testDescription: String { "\(scope.rawValue) \(keys)" }
    }

    static let rows = streams + player + wall + sameTime + inspector + everywhere

    @Test(arguments: rows)
    func aKeyDoesWhatItsRowSays(_ row: Row) throws {
        var before = try Self.state(row.scope)
        for key in KeyName.presses(row.setup) ?? [] { _ = before.press(key) }
        var after = before
        let presses = try #require(KeyName.presses(row.keys))
        let actions = presses.flatMap { after.handle(.input(.key($0)), at: after.now) }
        #expect(row.isDone(Outcome(before: before, after: after, actions: actions)))
    }

    @Test(arguments: KeymapEntry.Scope.allCases)
    func noKeyOfTheTableIsLeftOut(_ scope: KeymapEntry.Scope) {
        let tested = Set(Self.rows.filter { $0.scope == scope }.compactMap { KeyName.presses($0.keys) })
        let bound = Set(
            Keymap.standard.entries.filter { $0.scope == scope }.flatMap(\.bindings).map(\.keys)
        )
        #expect(bound.subtracting(tested).isEmpty)
        #expect(tested.subtracting(bound).isEmpty)
    }

    @Test func yCopiesThePlaceOfThePlayerAndOfTheFocusedTile() throws {
        var player = try Self.state(.player)
        let playhead = try #require(player.player?.playhead)
        var actions = player.type("y")
        #expect(actions == [.copy("kinescope watch front-door --at \(playhead.rfc3339)")])
        var wall = try Self.state(.wall)
        let shown = wall.now.advanced(byMilliseconds: -60_200)
        actions = wall.type("y")
        #expect(actions == [.copy("kinescope watch front-door --at \(shown.rfc3339)")])
    }

    // MARK: Screens

    static func state(_ scope: KeymapEntry.Scope) throws -> MonitorState {
        var state = sampleState(rows: 35, columns: 120)
        switch scope {
        case .streams, .everywhere: _ = state.type("j")
        case .player:
            _ = state.press(KeyPress(.enter))
            _ = state.handle(.player(SamplePlayer.shifted()), at: state.now)
        case .wall, .sameTime:
            var sample = SampleWall(rows: 35, columns: 120, keys: "w4")
            _ = sample.advance(by: 200, sample.status("front-door", .archive, ago: 60_000))
            state = sample.state
            if scope == .sameTime { _ = state.press(KeyPress("s")) }
        case .inspector:
            state = try InspectorTests.state(rows: 35, columns: 120)
            _ = state.press(KeyPress("5"))
            _ = state.handle(.inspected(.stream("front-door"), .acknowledgements(nil)), at: state.now)
        }
        #expect(scope == .everywhere || state.scope == scope)
        return state
    }

    // MARK: Rows

    private static let streams: [Row] = [
        Row(.streams, "Enter") { $0.actions == [.openPlayer(stream: "garage", retentionHours: 168)] },
        Row(.streams, "w") { $0.after.wall?.streams.count == 7 },
        Row(.streams, "d") { $0.after.inspector?.source == .stream("garage") },
        Row(.streams, "/") { $0.after.prompt?.purpose == .filter },
        Row(.streams, "n", after: "/ d o Enter") { selections($0) == ["front-door", "loading-dock"] },
        Row(.streams, "N", after: "/ d o Enter n") { selections($0) == ["loading-dock", "front-door"] },
        Row(.streams, "s") { $0.after.streams.sort == .state },
        Row(.streams, "S") { $0.after.streams.isReversed },
        Row(.streams, "Space") {
            $0.after.streams.marked == ["garage"] && $0.after.streams.selectedIndex == 2
        },
        Row(.streams, "c") { $0.after.prompt?.purpose == .create },
        Row(.streams, "x") { $0.after.prompt?.purpose == .delete("garage") },
        Row(.streams, "t") {
            $0.actions == [.askTags("garage")] && $0.after.prompt?.purpose == .tag("garage")
        },
        Row(.streams, "Up") { $0.after.streams.selectedIndex == 0 },
        Row(.streams, "Down") { $0.after.streams.selectedIndex == 2 },
        Row(.streams, "k") { $0.after.streams.selectedIndex == 0 },
        Row(.streams, "j") { $0.after.streams.selectedIndex == 2 },
        Row(.streams, "PgUp") { $0.after.streams.selectedIndex == 0 },
        Row(.streams, "PgDn") { $0.after.streams.selectedIndex == 6 },
        Row(.streams, "Ctrl-U") { $0.after.streams.selectedIndex == 0 },
        Row(.streams, "Ctrl-D") { $0.after.streams.selectedIndex == 6 },
        Row(.streams, "Home") { $0.after.streams.selectedIndex == 0 },
        Row(.streams, "End") { $0.after.streams.selectedIndex == 6 },
        Row(.streams, "g g") { $0.after.streams.selectedIndex == 0 },
        Row(.streams, "G") { $0.after.streams.selectedIndex == 6 },
    ]

    private static func selections(_ outcome: Outcome) -> [String] {
        [outcome.before.streams.selection, outcome.after.streams.selection].compactMap(\.self)
    }

    private static let player: [Row] =
        [
            Row(.player, "v") {
                $0.after.toast != nil && $0.after.scope == .player && $0.actions.isEmpty
            },
            Row(.player, "Space") { $0.asks(.togglePause) },
            Row(.player, "p") { $0.asks(.togglePause) },
            Row(.player, "Left") { $0.asks(.seekBy(milliseconds: -5000)) },
            Row(.player, "Right") { $0.asks(.seekBy(milliseconds: 5000)) },
            Row(.player, "Shift-Left") { $0.asks(.seekBy(milliseconds: -1000)) },
            Row(.player, "Shift-Right") { $0.asks(.seekBy(milliseconds: 1000)) },
            Row(.player, "Up") { $0.asks(.seekBy(milliseconds: 60_000)) },
            Row(.player, "Down") { $0.asks(.seekBy(milliseconds: -60_000)) },
            Row(.player, "Shift-Up") { $0.asks(.seekBy(milliseconds: 600_000)) },
            Row(.player, "Shift-Down") { $0.asks(.seekBy(milliseconds: -600_000)) },
            Row(.player, ",") { $0.asks(.stepFrames(-1)) },
            Row(.player, ".") { $0.asks(.stepFrames(1)) },
            Row(.player, "[") { $0.asks(.stepFragments(-1)) },
            Row(.player, "]") { $0.asks(.stepFragments(1)) },
            Row(.player, "{") { $0.asks(.stepRecordings(-1)) },
            Row(.player, "}") { $0.asks(.stepRecordings(1)) },
            Row(.player, "l") { $0.asks(.live) },
            Row(.player, "End") { $0.asks(.live) },
            Row(.player, "Home") { $0.asks(.oldest) },
            Row(.player, "g") { $0.after.prompt?.purpose == .goTo },
            Row(.player, "Ctrl-O") { $0.asks(.back) },
            Row(.player, "<") { $0.asks(.slower) },
            Row(.player, ">") { $0.asks(.faster) },
            Row(.player, "Backspace") { $0.asks(.setRate(1)) },
            Row(.player, "r") { $0.asks(.reverse) },
            Row(.player, "i") { $0.after.player?.isInfoShown == true },
            Row(.player, "f") { $0.after.player?.isFull == true },
            Row(.player, "+") { length($0.after) < length($0.before) },
            Row(.player, "=") { length($0.after) < length($0.before) },
            Row(.player, "-") { length($0.after) > length($0.before) },
            Row(.player, "d") { $0.after.inspector?.source == .stream("front-door") },
            Row(.player, "T") { $0.after.showsServerClock },
            Row(.player, "u") { $0.after.showsLocalZone },
            Row(.player, "n") { $0.after.player?.stream == "garage" && !$0.actions.isEmpty },
            Row(.player, "N") { $0.after.player?.stream == "test-rig" && !$0.actions.isEmpty },
            Row(.player, "/") {
                $0.after.prompt?.text == "watch " && $0.after.paletteRows.contains { $0.text == "lobby" }
            },
            Row(.player, "w") { $0.after.wall != nil && $0.after.player == nil },
            Row(.player, "I") { $0.after.player?.markIn != nil },
            Row(.player, "O") { $0.after.player?.markOut != nil },
            Row(.player, "X", after: "I") {
                $0.before.player?.markIn != nil && $0.after.player?.markIn == nil
            },
            Row(.player, "e") { $0.after.toast?.text.contains("mark a clip first") == true },
            Row(.player, "s") {
                guard case .snapshot(let name)? = $0.actions.first else { return false }
                return name.hasSuffix(".png")
            },
            Row(.player, "F5") { $0.asks(.retryNow) },
        ]
        + (0...9).map { tenths in
            Row(.player, "\(tenths)") { outcome in
                guard let window = outcome.before.player?.window else { return false }
                let place = window.start.advanced(byMilliseconds: window.length * Int64(tenths) / 10)
                return outcome.asks(.seek(to: place))
            }
        }

    private static func length(_ state: MonitorState) -> Int64 { state.player?.window.length ?? 0 }

    private static let wall: [Row] =
        [
            Row(.wall, "Enter") { $0.after.player?.stream == $0.before.wall?.focused },
            Row(.wall, "Left", after: "Right") { focuses($0) == ["garage", "front-door"] },
            Row(.wall, "Right") { $0.after.wall?.focused == "garage" },
            Row(.wall, "Up", after: "Down") {
                $0.before.wall?.focused != "front-door" && $0.after.wall?.focused == "front-door"
            },
            Row(.wall, "Down") { $0.after.wall?.focused != "front-door" },
            Row(.wall, "Tab") { $0.after.wall?.focused == "garage" },
            Row(.wall, "Shift-Tab") { $0.after.wall?.focused != "front-door" },
            Row(.wall, "n", after: "2") { $0.before.tileNames.count == 4 && $0.after.tileNames.count == 3 },
            Row(.wall, "N", after: "2 n") { $0.before.tileNames.count == 3 && $0.after.tileNames.count == 4 },
            Row(.wall, "k") { $0.after.wall?.isKeyFramesOnly != $0.before.wall?.isKeyFramesOnly },
            Row(.wall, "s") { $0.after.wall?.sameTime != nil },
            Row(.wall, "l") { moves($0, .live) },
            Row(.wall, "End") { moves($0, .live) },
            Row(.wall, "Space") { moves($0, .togglePause) },
            Row(.wall, "p") { moves($0, .togglePause) },
            Row(.wall, ",") { moves($0, .stepFrames(-1)) },
            Row(.wall, ".") { moves($0, .stepFrames(1)) },
            Row(.wall, "Shift-Left") { moves($0, .seekBy(milliseconds: -1000)) },
            Row(.wall, "Shift-Right") { moves($0, .seekBy(milliseconds: 1000)) },
            Row(.wall, "Shift-Up") { moves($0, .seekBy(milliseconds: 600_000)) },
            Row(.wall, "Shift-Down") { moves($0, .seekBy(milliseconds: -600_000)) },
        ]
        + WallLayout.grids.map { grid in
            Row(.wall, "\(grid)") { $0.after.wall?.wantedGrid == grid }
        }

    private static func focuses(_ outcome: Outcome) -> [String] {
        [outcome.before.wall?.focused, outcome.after.wall?.focused].compactMap(\.self)
    }

    /// True where the focused tile alone is asked.
    private static func moves(_ outcome: Outcome, _ command: PlayerCommand) -> Bool {
        outcome.actions == [.tile("front-door", command)]
    }

    private static let sameTime: [Row] = [
        Row(.sameTime, "Left") { moved($0) == -5000 },
        Row(.sameTime, "Right") { moved($0) == 5000 },
        // A minute on from a minute ago is the live edge.
        Row(.sameTime, "Up") { $0.actions.contains(.tile("front-door", .live)) },
        Row(.sameTime, "Down") { moved($0) == -60_000 },
        Row(.sameTime, "Space") { $0.before.wall?.sameTime?.isRunning == true && stands($0.after) },
        Row(.sameTime, "p") { $0.before.wall?.sameTime?.isRunning == true && stands($0.after) },
        Row(.sameTime, "Tab") { $0.after.wall?.focused == "garage" },
        Row(.sameTime, "Shift-Tab") { $0.after.wall?.focused != "front-door" },
    ]

    /// Milliseconds by which the time of all tiles has moved; nil where they were not asked.
    private static func moved(_ outcome: Outcome) -> Int64? {
        let now = outcome.after.now
        guard let before = outcome.before.wall?.sameTime?.time(at: now), !outcome.actions.isEmpty else {
            return nil
        }
        return outcome.after.wall?.sameTime?.time(at: now).map { $0.milliseconds - before.milliseconds }
    }

    private static func stands(_ state: MonitorState) -> Bool { state.wall?.sameTime?.isRunning == false }

    private static let inspector: [Row] =
        [
            Row(.inspector, "Up") { line($0.after) < line($0.before) },
            Row(.inspector, "Down") { line($0.after) > line($0.before) },
            Row(.inspector, "k") { line($0.after) < line($0.before) },
            Row(.inspector, "j") { line($0.after) > line($0.before) },
            Row(.inspector, "PgUp") { line($0.after) == 0 },
            Row(.inspector, "PgDn") { line($0.after) == 8 },
            Row(.inspector, "Ctrl-U") { line($0.after) == 0 },
            Row(.inspector, "Ctrl-D") { line($0.after) == 8 },
            Row(.inspector, "Home") { line($0.after) == 0 },
            Row(.inspector, "End") { line($0.after) == 8 },
            Row(.inspector, "g g") { line($0.after) == 0 },
            Row(.inspector, "G") { line($0.after) == 8 },
            Row(.inspector, "Tab") { $0.after.inspector?.isPaneFocused == true },
            Row(.inspector, "Shift-Tab") { $0.after.inspector?.isPaneFocused == true },
            // The frames are the pane of these tests.
            Row(.inspector, "Left", after: "Right Right") { $0.after.inspector?.frameIndex == 1 },
            Row(.inspector, "Right") { $0.after.inspector?.frameIndex == 1 },
            Row(.inspector, "h", after: "Right Right") { $0.after.inspector?.frameIndex == 1 },
            Row(.inspector, "l") { $0.after.inspector?.frameIndex == 1 },
            Row(.inspector, "Enter") { $0.after.player?.stream == "front-door" && $0.actions.count == 2 },
            Row(.inspector, "a") { $0.after.text().contains("this endpoint keeps no acknowledgements") },
            Row(.inspector, "Space") { $0.after.inspector?.marked.count == 1 },
            Row(.inspector, "e") { $0.after.clipDialog?.order.fragments?.count == 1 },
            Row(.inspector, "D") { $0.after.inspector?.comparison != nil },
            Row(.inspector, "s") { $0.after.inspector?.order == .size },
            Row(.inspector, "S") { $0.after.inspector?.isReversed == true },
            Row(.inspector, "m") { $0.after.inspector?.isMapShown == true },
            Row(.inspector, "F") { $0.after.inspector?.isFollowing == true },
            Row(.inspector, "/") { $0.after.prompt?.purpose == .find },
            // There are two of these.
            Row(.inspector, "n", after: "/ p r i v a t e Enter") { cursor($0.after) > cursor($0.before) },
            Row(.inspector, "N", after: "/ p r i v a t e Enter n") { cursor($0.after) < cursor($0.before) },
        ]
        + InspectorScreen.Pane.allCases.map { pane in
            Row(.inspector, "\(pane.rawValue)") { $0.after.inspector?.pane == pane }
        }

    private static func cursor(_ state: MonitorState) -> Int { state.inspector?.cursor ?? -1 }

    private static func line(_ state: MonitorState) -> Int {
        state.inspector?.lines.firstIndex { $0.fragment?.id == state.inspector?.selection } ?? -1
    }

    private static let everywhere: [Row] = [
        Row(.everywhere, "?") { $0.after.help != nil },
        Row(.everywhere, ":") { $0.after.prompt?.purpose == .command },
        Row(.everywhere, "Ctrl-P") { $0.after.prompt?.purpose == .command },
        Row(.everywhere, "Esc", after: "/ d o o r Enter") {
            $0.before.streams.filter == "door" && $0.after.streams.filter.isEmpty
        },
        Row(.everywhere, "q") { $0.actions == [.quit] },
        Row(.everywhere, "Q") { $0.actions == [.quit] },
        Row(.everywhere, "Ctrl-C") { $0.actions == [.quit] },
        Row(.everywhere, "L") { $0.after.logScreen != nil },
        Row(.everywhere, "y") {
            $0.actions == [.copy("arn:aws:kinesisvideo:local-1:000000000000:stream/garage/1763733600000")]
        },
        Row(.everywhere, "F5") { $0.actions == [.refresh] },
        Row(.everywhere, "Ctrl-L") { $0.actions == [.redraw] },
        Row(.everywhere, "Ctrl-Z") { $0.actions == [.suspend] },
    ]
}
