import KinesisVideo
import KinesisVideoConsumer
import Monitor
import Pixels
import Playback
import TerminalScreen
import Testing

/// Overlays and states of the mock-ups, as they lie over their screens.
@Suite struct OverlayTests {
    private static let picture = PixelSize(width: 64, height: 36)

    @Test(arguments: [("yesterday 18:00", "archive"), ("14:01:02", "gap"), ("25:00", "none")])
    func goingToATimeReadsIt(_ row: (text: String, name: String)) throws {
        var state = ViewTests.shiftedState()
        _ = state.type("g\(row.text)")
        if let time = state.wantedPlace {
            let gap = TimelinePlace.gap(
                from: time.advanced(byMilliseconds: -3520),
                to: time.advanced(byMilliseconds: 248_480),
                landing: time.advanced(byMilliseconds: -3520)
            )
            _ = state.handle(.place(row.name == "gap" ? gap : .archive), at: state.now)
        }
        try expectSnapshot(state.text(picture: Self.picture), "goto-\(row.name)-80x24")
    }

    @Test func theExportOfAClip() throws {
        var state = ViewTests.shiftedState()
        _ = state.type("I")
        var status = SamplePlayer.shifted()
        status.position = status.position?.advanced(byMilliseconds: 10_000)
        _ = state.handle(.player(status), at: state.now)
        _ = state.type("Oe")
        let extent = TimelineExtent(fragments: 5, bytes: 2_610_000, isListed: true)
        _ = state.handle(.clipExtent(extent), at: state.now)
        try expectSnapshot(state.text(picture: Self.picture), "export-80x24")
        _ = state.press(KeyPress(.enter))
        let progress = ClipProgress(fragments: 3, fragmentCount: 5, bytes: 1_331_000, byteCount: 2_610_000)
        _ = state.handle(.clipProgress(progress), at: state.now.advanced(byMilliseconds: 500))
        try expectSnapshot(state.text(picture: Self.picture), "export-running-80x24")
    }

    /// A player whose clip is being written, the overlay of that closed.
    private static func exportingState() -> MonitorState {
        var state = ViewTests.shiftedState()
        _ = state.type("I")
        var status = SamplePlayer.shifted()
        status.position = status.position?.advanced(byMilliseconds: 10_000)
        _ = state.handle(.player(status), at: state.now)
        _ = state.type("Oe")
        _ = state.press(KeyPress(.enter), KeyPress(.enter))
        let progress = ClipProgress(fragments: 3, fragmentCount: 5, bytes: 1_331_000, byteCount: 2_610_000)
        _ = state.handle(.clipProgress(progress), at: state.now)
        return state
    }

    @Test func anExportIsToldInTheTitleOfEveryScreen() {
        var state = Self.exportingState()
        #expect(state.scope == .player && state.row(0).contains("export 50 %"))
        let ways: [(keys: String, scope: KeymapEntry.Scope)] = [
            ("d", .inspector), ("qq", .streams), ("w", .wall),
        ]
        for (keys, scope) in ways {
            _ = state.type(keys)
            #expect(state.scope == scope && state.row(0).contains("export 50 %"), "\(state.row(0))")
        }
    }

    @Test func quittingFromAPromptOrATooSmallScreenAsksForTheExportToo() {
        var state = Self.exportingState()
        _ = state.type(":")
        var actions = state.press(KeyPress("c", .control))
        #expect(actions == [] && state.toast?.text.contains("quit again") == true)
        state = Self.exportingState()
        _ = state.handle(.resized(ScreenSize(rows: 8, columns: 30)), at: state.now)
        actions = state.type("q")
        #expect(actions == [])
        actions = state.type("q")
        #expect(actions == [.quit])
    }

    @Test func keysHaveNamesInASCII() {
        var state = ViewTests.shiftedState(glyphs: .ascii)
        _ = state.type("?")
        #expect(state.text().contains(#/ Space p +pause, play/#))
        #expect(state.text().contains(#/ Shift-Left Shift-Right +1 s/#))
        _ = state.press(KeyPress(.escape))
        _ = state.type(":pause")
        #expect(state.text().contains(#/pause, play +Space p/#))
        _ = state.press(KeyPress(.escape))
        _ = state.type("I")
        var status = SamplePlayer.shifted()
        status.position = status.position?.advanced(byMilliseconds: 10_000)
        _ = state.handle(.player(status), at: state.now)
        _ = state.type("Oe")
        #expect(state.text().contains("Enter export   o container   p exact cut   Esc close"))
    }

    @Test func anEmptyServiceOffersWhatToDo() throws {
        var state = MonitorState(
            configuration: MonitorState.Configuration(endpoint: "local:7070"),
            size: ScreenSize(rows: 24, columns: 80),
            now: SampleStreams.now
        )
        let feed = ServiceStatistics(now: SampleStreams.now, streams: [])
        _ = state.handle(.statistics(feed), at: SampleStreams.now)
        try expectSnapshot(state.text(), "streams-empty-80x24")
    }

    @Test(arguments: KeymapEntry.Scope.allCases)
    func everyScreenWithoutColoursAndUnicodeIsWhole(_ scope: KeymapEntry.Scope) throws {
        var state = try KeyTableTests.state(scope)
        for key in ["", "?", "L", ":"] {
            if !key.isEmpty { _ = state.type(key) }
            var buffer = MonitorView.draw(state, theme: .colorless).buffer
            Glyphs.ascii.apply(to: &buffer)
            let text = buffer.textDump
            #expect(text.utf8.allSatisfy { $0 < 0x7F })
            // A character without a substitute becomes a question mark, which otherwise only stands for help.
            let rest = text.replacing("? help", with: "").replacing(" ?  ", with: "")
            #expect(!rest.contains("?"), "\(scope) \(key): \(rest)")
            if !key.isEmpty { _ = state.press(KeyPress(.escape)) }
        }
    }

    @Test(arguments: KeymapEntry.Scope.allCases)
    func everyScreenKeepsTitleAndFooterInTheSmallestSize(_ scope: KeymapEntry.Scope) throws {
        var state = try KeyTableTests.state(scope)
        _ = state.handle(.resized(ScreenSize(rows: 12, columns: 40)), at: state.now)
        let rows = state.text().split(separator: "\n", omittingEmptySubsequences: false)
        #expect(!rows[0].allSatisfy { $0 == " " })
        #expect(rows.contains { $0.contains("? help") })
        _ = state.handle(.resized(ScreenSize(rows: 11, columns: 40)), at: state.now)
        #expect(state.row(0) == "needs 40×12 · is 40×11 · q quits")
    }
}
