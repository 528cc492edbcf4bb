import KinesisVideo
import Monitor
import Pixels
import Playback
import TerminalScreen
import TerminalVideo
import Testing

@Suite struct ViewTests {
    @Test func streamsAt80x24() throws {
        try expectSnapshot(sampleState().text(), "streams-80x24")
    }

    @Test func streamsAt120x35FilteredAndSortedByRate() throws {
        var state = sampleState(rows: 35, columns: 120)
        _ = state.type("/do")
        _ = state.press(KeyPress(.enter))
        _ = state.type("ss")
        try expectSnapshot(state.text(), "streams-120x35")
    }

    @Test func streamsInASmallWindow() throws {
        try expectSnapshot(sampleState(rows: 14, columns: 50).text(), "streams-50x14")
    }

    @Test func streamsWhileTheServiceIsAway() throws {
        var state = sampleState()
        _ = state.handle(
            .statisticsFailed("connection refused"),
            at: SampleStreams.now.advanced(byMilliseconds: 7000)
        )
        try expectSnapshot(state.text(), "streams-stale-80x24")
    }

    @Test func streamsInASCII() throws {
        let text = sampleState(glyphs: .ascii).text()
        #expect(text.utf8.allSatisfy { $0 < 0x7F })
        try expectSnapshot(text, "streams-ascii-80x24")
    }

    @Test func nothingYetAndNothingThere() {
        var state = MonitorState(
            configuration: MonitorState.Configuration(endpoint: "local:7070"),
            size: ScreenSize(rows: 24, columns: 80),
            now: SampleStreams.now
        )
        #expect(state.text().contains("asking local:7070 …"))
        _ = state.handle(
            .statistics(ServiceStatistics(now: SampleStreams.now, streams: [])),
            at: SampleStreams.now
        )
        let empty = "No streams on local:7070.   c create one   :demo start seven sample cameras"
        #expect(state.text().contains(empty))
        _ = state.handle(.resized(ScreenSize(rows: 24, columns: 100)), at: state.now)
        #expect(state.text().contains(empty + "   ? help"))
    }

    static func shiftedState(glyphs: Glyphs = .unicode) -> MonitorState {
        var state = sampleState(glyphs: glyphs)
        _ = state.press(KeyPress(.enter))
        var live = SamplePlayer.shifted()
        live.badge = .live
        live.position = live.newest
        _ = state.handle(.player(live), at: SampleStreams.now)
        _ = state.handle(.player(SamplePlayer.shifted()), at: SampleStreams.now)
        // The highest column lies below the playhead, which hides it.
        let columns = SamplePlayer.columns(
            ["▂▂▂▃▅▇▆▃▂▂▂▂▂▂▂▁▁▁▂▂▂▂▂▂▂▂▂▃▃▂▂▂▂    ▂▂▂▂▂▃▅▇▆▃▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂█▂▂▂▂▂▂▂▂▂▂"],
            rail: "━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━    ━━━━━━━━━━━━━━━━━━═══════════════════"
        )
        _ = state.handle(.timeline(columns), at: SampleStreams.now)
        _ = state.handle(.figures(SamplePlayer.figures(columns: 64, rows: 36)), at: SampleStreams.now)
        return state
    }

    @Test func playerAt80x24() throws {
        let state = Self.shiftedState()
        try expectSnapshot(state.text(picture: PixelSize(width: 64, height: 36)), "player-80x24")
        let drawing = MonitorView.draw(state, theme: .colorless, picture: PixelSize(width: 64, height: 36))
        #expect(drawing.picture == ScreenRectangle(row: 1, column: 8, rows: 18, columns: 64))
        #expect(drawing.overlays.isEmpty)
    }

    @Test func playerInASCII() throws {
        let text = Self.shiftedState(glyphs: .ascii).text(picture: PixelSize(width: 64, height: 36))
        #expect(text.utf8.allSatisfy { $0 < 0x7F })
        try expectSnapshot(text, "player-ascii-80x24")
    }

    @Test func playerAt120x35PausedInTheArchiveWithItsPanel() throws {
        var state = sampleState(rows: 35, columns: 120)
        _ = state.press(KeyPress(.enter), KeyPress("-"), KeyPress("i"))
        var far = SamplePlayer.archived()
        far.newest = SampleStreams.time("2025-11-22T10:55:50.000Z")
        (far.badge, far.position) = (.live, far.newest)
        _ = state.handle(.player(far), at: SampleStreams.now.advanced(byMilliseconds: -500))
        _ = state.handle(.player(SamplePlayer.archived()), at: SampleStreams.now)
        let columns = SamplePlayer.columns(
            [
                "                                          ▅▅▅▅▄             █                                      ▅▅▅     ",
                " ▃▃▃▄▄▄▄▄▄▄▄▄▄▄▃▃▂▂▂▁▁▁▁▁▁▁▁▁▁▂▂▂▃▃▃▄▄▄▄▄▄█████▃▃▂▂▁▁▁▁▁▁▁▁▁█▁▂▂▃▃▃▄▄▄▄▄▄▄▄▄▄▃▃▃▂          ▁▁▂▂▂▃▃▄███▄▄▄▄▄",
            ],
            rail:
                " ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━          ━━━━━━━━━━━━━━━━┄┄┄┄┄┄ "
        )
        _ = state.handle(.timeline(columns), at: SampleStreams.now)
        _ = state.handle(.figures(SamplePlayer.figures(columns: 83, rows: 48)), at: SampleStreams.now)
        let picture = PixelSize(width: 83, height: 48)
        try expectSnapshot(state.text(picture: picture), "player-120x35")
        let drawing = MonitorView.draw(state, theme: .colorless, picture: picture)
        #expect(drawing.picture == ScreenRectangle(row: 3, column: 0, rows: 24, columns: 83))
    }

    @Test func playerBelow80x24KeepsTitlePictureRailAndFooter() throws {
        var state = Self.shiftedState()
        _ = state.handle(.resized(ScreenSize(rows: 20, columns: 60)), at: SampleStreams.now)
        try expectSnapshot(state.text(picture: PixelSize(width: 60, height: 34)), "player-60x20")
    }

    @Test func tooSmallASizeIsSaidAndTheRestComesBack() {
        var state = Self.shiftedState()
        let before = state.text()
        _ = state.handle(.resized(ScreenSize(rows: 10, columns: 38)), at: SampleStreams.now)
        #expect(state.row(0) == "needs 40×12 · is 38×10 · q quits")
        var other = state
        #expect(other.press(KeyPress("q")) == [.quit])
        _ = state.handle(.resized(ScreenSize(rows: 24, columns: 80)), at: SampleStreams.now)
        #expect(state.text() == before)
    }

    @Test func helpLiesOverThePictureWhichGoesOnAroundIt() throws {
        var state = Self.shiftedState()
        _ = state.press(KeyPress("?"))
        let drawing = MonitorView.draw(state, theme: .colorless, picture: PixelSize(width: 64, height: 36))
        try expectSnapshot(drawing.buffer.textDump, "help-player-80x24")
        #expect(drawing.overlays.count == 1)
        #expect(drawing.overlays.first?.size.columns == 76)
        _ = state.press(KeyPress(.escape))
        #expect(state.help == nil && state.player != nil)
    }

    @Test func stylesOfTheFirstRows() throws {
        let theme = try ThemeReader.read(#require(BuiltIn.nitrate), depth: .truecolor).theme
        let buffer = MonitorView.draw(sampleState(), theme: theme).buffer
        let live = try #require(buffer.styleRuns(row: 4).first)
        #expect(live.column == 2)
        #expect(live.style == theme[.live])
        #expect(buffer[2, 40].style.background == theme[.selection].background)
        #expect(buffer[7, 28].style.attributes == .dim)
    }
}
