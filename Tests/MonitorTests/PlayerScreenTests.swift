import Foundation
import KinesisVideo
import KinesisVideoConsumer
import MediaCodec
import Monitor
import Pixels
import Playback
import TerminalScreen
import TerminalVideo
import Testing

/// Marks, export, clocks and lost connections on the player's screen.
struct PlayerScreenTests {
    /// A player paused three hours ago.
    private static func opened(rows: Int = 24, columns: Int = 80, badge: PlayerStatus.Badge = .archive)
        -> MonitorState
    {
        var state = sampleState(rows: rows, columns: columns)
        _ = state.press(KeyPress(.enter))
        show(SampleStreams.time("2025-11-22T10:51:07.120Z"), badge, in: &state)
        return state
    }

    private static func show(_ time: Timestamp, _ badge: PlayerStatus.Badge, in state: inout MonitorState) {
        var status = SamplePlayer.archived()
        status.stream = state.player?.stream ?? ""
        status.badge = badge
        status.position = time
        status.serverPosition = time.advanced(byMilliseconds: 310)
        _ = state.handle(.player(status), at: state.now)
    }

    private static func marked() -> MonitorState {
        var state = opened()
        _ = state.press(KeyPress("I"))
        show(SampleStreams.time("2025-11-22T10:51:37.120Z"), .archive, in: &state)
        _ = state.press(KeyPress("O"))
        return state
    }

    @Test func marksLieAtThePlayheadAndNeverTheWrongWayRound() {
        var state = Self.marked()
        #expect(state.player?.clip?.start == SampleStreams.time("2025-11-22T10:51:07.120Z"))
        #expect(state.player?.clip?.end == SampleStreams.time("2025-11-22T10:51:37.120Z"))
        let rail = state.text().split(separator: "\n", omittingEmptySubsequences: false)[21]
        #expect(rail.contains("["))
        Self.show(SampleStreams.time("2025-11-22T10:52:00.000Z"), .archive, in: &state)
        _ = state.press(KeyPress("I"))
        #expect(state.player?.markOut == nil)
        _ = state.press(KeyPress("X"))
        #expect(state.player?.markIn == nil)
    }

    @Test func exportAsksThenWritesThenSaysWhatItHolds() throws {
        var state = Self.marked()
        #expect(state.press(KeyPress("e")) == [])
        #expect(state.text().contains("10:51:07.120 → 10:51:37.120   30 s"))
        #expect(state.text().contains("-20251122T105107Z.mp4"))
        _ = state.press(KeyPress("o"))
        #expect(state.text().contains(".mkv"))
        // An exact cut is for MP4 alone.
        _ = state.press(KeyPress("p"))
        #expect(state.clipDialog?.order.container == .mp4)
        let actions = state.press(KeyPress(.enter))
        let job = try #require(state.runningClip?.job)
        #expect(actions == [.startClip(job)])
        #expect(job.order.isPrecise)
        let progress = ClipProgress(fragments: 8, fragmentCount: 16, bytes: 4_000_000, byteCount: 8_000_000)
        _ = state.handle(.clipProgress(progress), at: state.now.advanced(byMilliseconds: 1000))
        #expect(state.text().contains("50 %  8 of 16  4.0 MB/s  1 s left"))
        // Enter puts it into the background; the title goes on telling.
        _ = state.press(KeyPress(.enter))
        #expect(state.row(0).contains("export 50 %"))
        let report = ClipReport(
            start: job.order.start,
            end: job.order.end,
            length: 30_000,
            fragments: 16,
            bytes: 8_000_000,
            gaps: [ClipGap(start: job.order.start, end: job.order.start.advanced(byMilliseconds: 6000))]
        )
        _ = state.handle(.clipEnded(.saved(path: "a.mp4", bytes: 8_100_000, report)), at: state.now)
        #expect(state.text().contains("✓ saved a.mp4 · 8.1 MB · 30 s · gap 6 s at 10:51:07"))
        #expect(state.runningClip == nil)
    }

    @Test func exportWithoutMarksSaysHowToMark() {
        var state = Self.opened()
        _ = state.press(KeyPress("e"))
        #expect(state.clipDialog == nil)
        #expect(state.text().contains("mark a clip first"))
    }

    @Test func escapeGivesTheExportUp() {
        var state = Self.marked()
        _ = state.press(KeyPress("e"), KeyPress(.enter))
        #expect(state.press(KeyPress(.escape)) == [.cancelClip])
        _ = state.handle(.clipEnded(.cancelled), at: state.now)
        #expect(state.runningClip == nil)
        #expect(state.player != nil)
    }

    @Test func quittingWhileAClipIsWrittenAsksOnce() {
        var state = Self.marked()
        _ = state.press(KeyPress("e"), KeyPress(.enter), KeyPress(.enter))
        #expect(state.press(KeyPress("Q")) == [])
        #expect(state.press(KeyPress("Q")) == [.quit])
    }

    @Test func anExportGoesOnInTheListWithoutItsOverlay() throws {
        var state = Self.marked()
        _ = state.press(KeyPress("e"), KeyPress(.enter))
        #expect(state.press(KeyPress("q")) == [.closePlayer])
        #expect(state.runningClip != nil)
        // Keys are the list's again.
        #expect(state.clipDialog == nil)
        guard case .openPlayer? = state.press(KeyPress(.enter)).first else {
            Issue.record("Enter opened nothing")
            return
        }
    }

    @Test func snapshotIsNamedAfterStreamAndFrame() {
        var state = Self.opened()
        let name = state.player?.stream ?? ""
        #expect(state.press(KeyPress("s")) == [.snapshot("\(name)-20251122T105107.120Z.png")])
    }

    @Test func clockIsTheProducersOrTheServersInUTCOrTheLocalZone() throws {
        var configuration = MonitorState.Configuration(endpoint: "local:7070")
        configuration.localZone = try #require(LocalZone(named: "Asia/Kolkata"))
        var state = MonitorState(
            configuration: configuration,
            size: ScreenSize(rows: 24, columns: 120),
            now: SampleStreams.now
        )
        _ = state.handle(.statistics(SampleStreams.current), at: SampleStreams.now)
        _ = state.press(KeyPress(.enter))
        Self.show(SampleStreams.time("2025-11-22T10:51:07.120Z"), .archive, in: &state)
        #expect(state.row(0).hasSuffix("22 Nov 10:51:07.120 UTC · producer"))
        _ = state.press(KeyPress("T"))
        #expect(state.row(0).hasSuffix("22 Nov 10:51:07.430 UTC · server"))
        _ = state.press(KeyPress("u"))
        #expect(state.row(0).contains("22 Nov 16:21:07.430 "))
        #expect(!state.row(0).contains("UTC"))
    }

    @Test(arguments: [(Int64?.none, false), (2, false), (3, true), (-7, true)])
    func clocksThatDifferAreShownAndNothingIsCorrected(offset: Int64?, isShown: Bool) {
        var state = Self.opened(columns: 120)
        _ = state.handle(.clockOffset(offset), at: state.now)
        #expect(state.row(0).contains("clock ") == isShown)
        if let offset, isShown {
            #expect(state.row(0).contains("clock \(offset < 0 ? "−" : "+")\(abs(offset))s · "))
        }
        #expect(state.row(0).contains("10:51:07.120"))
    }

    @Test(arguments: [
        (PlayerStatus.Badge.retry(seconds: 4), true), (.denied, true), (.ended, true), (.archive, false),
        (.buffering(percent: 40), false),
    ])
    func lastPictureOfALostConnectionTellsItsAge(badge: PlayerStatus.Badge, isTold: Bool) {
        let state = Self.opened(badge: badge)
        let drawing = MonitorView.draw(state, theme: .colorless, picture: PixelSize(width: 64, height: 36))
        #expect(drawing.buffer.textDump.contains("last picture 10:51:07 · 3 h 12 m") == isTold)
        #expect(drawing.overlays.isEmpty == !isTold)
    }

    @Test func nextStreamOpensAtTheSameMoment() {
        var state = Self.opened()
        let first = state.player?.stream
        let actions = state.press(KeyPress("N"))
        #expect(state.player?.stream != first)
        #expect(state.player?.stream == state.streams.visible[state.streams.selectedIndex ?? 0].name)
        guard case .openPlayer(let name, _)? = actions.first else {
            Issue.record("\(actions)")
            return
        }
        #expect(name == state.player?.stream)
    }

    @Test func aStreamWithNothingToShowKeepsTheMomentForTheNext() {
        var state = Self.opened()
        let moment = SampleStreams.time("2025-11-22T10:51:07.430Z")
        _ = state.press(KeyPress("N"))
        #expect(state.player?.stream == "test-rig")
        let actions = state.press(KeyPress("N"))
        #expect(Array(actions.suffix(2)) == [.player(.seek(to: moment)), .player(.pause)])
        #expect(state.player?.stream == state.streams.visible[state.streams.visible.count - 2].name)
    }

    @Test func rightClicksSetInThenOut() {
        var state = Self.opened()
        func click(_ column: Int) {
            _ = state.handle(
                .input(.mouse(MouseEvent(.press(.right), row: 21, column: column))),
                at: state.now
            )
        }
        click(20)
        click(40)
        #expect(state.player?.clip != nil)
        // A mark is moved by dragging it.
        let start = state.player?.clip?.start
        for kind in [MouseEvent.Kind.press(.left), .drag(.left), .release(.left)] {
            let column = kind == .press(.left) ? 20 : 10
            let event = MouseEvent(kind, row: 21, column: column)
            #expect(state.handle(.input(.mouse(event)), at: state.now) == [])
        }
        #expect(state.player?.clip.map { $0.start < start ?? $0.start } == true)
    }

    /// By its own words on a wide screen, by the footer on a narrow one.
    @Test(arguments: [(35, 120), (24, 80)])
    func aMarkedClipIsExportedByAClick(rows: Int, columns: Int) throws {
        var state = sampleState(rows: rows, columns: columns)
        _ = state.press(KeyPress(.enter))
        _ = state.handle(.player(SamplePlayer.archived()), at: state.now)
        #expect(!state.text().contains("e export"))
        _ = state.press(KeyPress("I"))
        var later = SamplePlayer.archived()
        later.position = later.position?.advanced(byMilliseconds: 20_000)
        _ = state.handle(.player(later), at: state.now)
        _ = state.press(KeyPress("O"))
        let lines = state.text().split(separator: "\n", omittingEmptySubsequences: false)
        let row = try #require(lines.firstIndex { $0.contains("e export") }, "\(state.text())")
        let place = try #require(lines[row].range(of: "e export")).lowerBound
        let column = lines[row].distance(from: lines[row].startIndex, to: place)
        let click = MouseEvent(.press(.left), row: row, column: column)
        _ = state.handle(.input(.mouse(click)), at: state.now)
        #expect(state.clipDialog != nil)
    }

    @Test func windowFollowsASeekAwayFromTheLiveEdge() {
        var state = sampleState()
        _ = state.press(KeyPress(.enter))
        var status = SamplePlayer.archived()
        status.stream = state.player?.stream ?? ""
        status.badge = .live
        status.newest = SampleStreams.time("2025-11-22T14:03:22.000Z")
        status.position = status.newest
        status.target = SampleStreams.time("2025-11-22T10:51:07.000Z")
        _ = state.handle(.player(status), at: state.now)
        (status.badge, status.position, status.target) = (.archive, status.target, nil)
        _ = state.handle(.player(status), at: state.now)
        #expect(state.player.map { $0.window.start <= $0.playhead ?? $0.window.end } == true)
        #expect(state.player.map { $0.window.end >= $0.playhead ?? $0.window.start } == true)
    }

    @Test func controlAndTheWheelZoomAroundThePointer() throws {
        var state = Self.opened()
        let before = try #require(state.player?.window)
        let count = try #require(state.playerLayout).track.count
        let wheel = MouseEvent(.wheelDown, row: 21, column: 11, modifiers: .control)
        _ = state.handle(.input(.mouse(wheel)), at: state.now)
        let after = try #require(state.player?.window)
        #expect(after.zoom == before.zoom.farther)
        #expect(after.column(of: before.time(atColumn: 10, columns: count), columns: count) == 10)
    }

    @Test func theNextStreamStandsStillWhereThisOneDoes() {
        for isPaused in [true, false] {
            var state = sampleState()
            _ = state.press(KeyPress(.enter))
            var status = SamplePlayer.archived()
            status.stream = state.player?.stream ?? ""
            status.isPaused = isPaused
            _ = state.handle(.player(status), at: state.now)
            let actions = state.press(KeyPress("n"))
            #expect(actions.contains(.player(.pause)) == isPaused, "\(actions)")
        }
    }

    @Test func thePanelNamesTheZoneAndTheWayOfThePicture() {
        var state = Self.opened(rows: 35, columns: 120)
        _ = state.press(KeyPress("i"))
        #expect(state.text().contains("producer  10:51:07.120"))
        var figures = SamplePlayer.figures(columns: 83, rows: 48)
        figures.mode = .sextant
        _ = state.handle(.figures(figures), at: state.now)
        #expect(state.text().contains("px  sextants"))
    }

    @Test func pannedWindowStaysWhileThePlayheadPlaysOn() {
        var state = Self.opened()
        let before = state.player?.window.start
        for _ in 0..<8 {
            _ = state.handle(.input(.mouse(MouseEvent(.wheelUp, row: 21, column: 30))), at: state.now)
        }
        Self.show(SampleStreams.time("2025-11-22T10:51:07.160Z"), .archive, in: &state)
        #expect(state.player.map { $0.window.start < before ?? $0.window.start } == true)
        // A jump brings the window back.
        Self.show(SampleStreams.time("2025-11-22T10:55:07.160Z"), .archive, in: &state)
        #expect(
            state.player.map { ($0.window.start...$0.window.end).contains($0.playhead ?? $0.window.end) }
                == true
        )
    }

    @Test func aDragOverAGapShowsItsBounds() {
        var state = Self.opened()
        _ = state.handle(.input(.mouse(MouseEvent(.press(.left), row: 21, column: 20))), at: state.now)
        var status = SamplePlayer.archived()
        status.stream = state.player?.stream ?? ""
        let time = SampleStreams.time("2025-11-22T10:50:00.000Z")
        status.target = time
        _ = state.handle(.player(status), at: state.now)
        let end = time.advanced(byMilliseconds: 60_000)
        _ = state.handle(.place(.gap(from: time, to: end, landing: time)), at: state.now)
        #expect(state.text().contains("10:50:00 → 10:51:00"))
    }
}
