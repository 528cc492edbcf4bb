import KinesisVideo
import KinesisVideoConsumer
import Monitor
import Playback
import TerminalScreen
import Testing

@Suite struct MonitorStateTests {
    static let playerKeys: [(KeyPress, PlayerCommand)] = [
        (KeyPress(" "), .togglePause),
        (KeyPress("p"), .togglePause),
        (KeyPress(.left), .seekBy(milliseconds: -5000)),
        (KeyPress(.right), .seekBy(milliseconds: 5000)),
        (KeyPress(.left, .shift), .seekBy(milliseconds: -1000)),
        (KeyPress(.right, .shift), .seekBy(milliseconds: 1000)),
        (KeyPress(.up), .seekBy(milliseconds: 60_000)),
        (KeyPress(.down), .seekBy(milliseconds: -60_000)),
        (KeyPress(.up, .shift), .seekBy(milliseconds: 600_000)),
        (KeyPress(","), .stepFrames(-1)),
        (KeyPress("."), .stepFrames(1)),
        (KeyPress("["), .stepFragments(-1)),
        (KeyPress("]"), .stepFragments(1)),
        (KeyPress("{"), .stepRecordings(-1)),
        (KeyPress("}"), .stepRecordings(1)),
        (KeyPress("l"), .live),
        (KeyPress(.end), .live),
        (KeyPress(.home), .oldest),
        (KeyPress("<"), .slower),
        (KeyPress(">"), .faster),
        (KeyPress(.backspace), .setRate(1)),
        (KeyPress("r"), .reverse),
        (KeyPress("o", .control), .back),
    ]

    @Test(arguments: playerKeys)
    func aKeyAsksThePlayer(_ pair: (key: KeyPress, command: PlayerCommand)) {
        var state = sampleState()
        _ = state.press(KeyPress(.enter))
        #expect(state.press(pair.key) == [.player(pair.command)])
    }

    @Test func enterOpensTheSelectedStreamAndEscapeReturnsToWhatWasLeft() {
        var state = sampleState()
        _ = state.type("jj")
        let before = state.streams
        #expect(state.press(KeyPress(.enter)) == [.openPlayer(stream: "lab-bench", retentionHours: 0)])
        #expect(state.scope == .player)
        #expect(state.press(KeyPress(.escape)) == [.closePlayer])
        #expect(state.streams == before)
    }

    @Test func qGoesBackAndAtLastQuits() {
        var state = sampleState()
        _ = state.press(KeyPress(.enter))
        #expect(state.press(KeyPress("q")) == [.closePlayer])
        #expect(state.press(KeyPress("q")) == [.quit])
        for key in [KeyPress("Q"), KeyPress("c", .control)] {
            var state = sampleState()
            #expect(state.press(KeyPress(.enter), key).last == .quit)
        }
    }

    @Test func redrawAndSuspendAreTheShells() {
        var state = sampleState()
        #expect(state.press(KeyPress("l", .control)) == [.redraw])
        #expect(state.press(KeyPress("z", .control)) == [.suspend])
    }

    @Test func theFilterWorksWhileItIsTyped() {
        var state = sampleState()
        _ = state.type("/doo")
        #expect(state.row(0).hasPrefix("kinescope  Streams 1 of 7 · sort: name ▲ · filter: doo"))
        #expect(state.row(-1) == "/doo▏")
        _ = state.press(KeyPress(.backspace), KeyPress(.enter))
        #expect(state.prompt == nil)
        #expect(state.streams.filter == "do")
        _ = state.press(KeyPress(.escape))
        #expect(state.row(0).hasPrefix("kinescope  Streams 7 of 7"))
        #expect(state.streams.selection == "front-door")
    }

    @Test func aWideListIsSortedByItsFurtherColumnsToo() {
        var state = sampleState(rows: 35, columns: 120)
        var seen: Set<SortColumn> = []
        for _ in SortColumn.allCases {
            seen.insert(state.streams.sort)
            _ = state.press(KeyPress("s"))
        }
        #expect(seen == Set(SortColumn.allCases))
    }

    @Test func sCyclesTheColumnsAndCapitalSReverses() {
        var state = sampleState()
        var seen: [String] = []
        for _ in 0..<7 {
            seen.append(state.streams.sort.rawValue)
            _ = state.press(KeyPress("s"))
        }
        #expect(seen == ["name", "state", "Mb/s", "AGE", "LAG", "KEEP", "VIEW"])
        #expect(state.streams.sort == .name)
        _ = state.press(KeyPress("S"))
        #expect(state.row(0).contains("sort: name ▼"))
        #expect(state.streams.visible.first?.name == "test-rig")
    }

    static let goTo: [(String, [MonitorAction])] = [
        ("-1h", [.player(.seek(to: SampleStreams.time("2025-11-22T13:03:22Z")))]),
        ("14:01:02", [.player(.seek(to: SampleStreams.time("2025-11-22T14:01:02Z")))]),
        ("now", [.player(.live)]),
        ("25:00", []),
    ]

    @Test(arguments: goTo)
    func theGoToPromptSeeks(_ pair: (text: String, actions: [MonitorAction])) {
        var state = sampleState()
        _ = state.press(KeyPress(.enter), KeyPress("g"))
        #expect(state.type(pair.text) == [])
        #expect(state.press(KeyPress(.enter)) == pair.actions)
        #expect((state.prompt == nil) == !pair.actions.isEmpty)
    }

    @Test func theReadingAboveThePromptTellsWhereItLeads() {
        var state = sampleState()
        _ = state.press(KeyPress(.enter), KeyPress("g"))
        _ = state.type("25:00")
        #expect(state.row(-1) == "go to 25:00▏")
        #expect(state.row(-2) == "→ not a time · try 14:03  -90s  yesterday 18:00  #0823617318")
        _ = state.press(KeyPress("u", .control))
        _ = state.type("yesterday 18:00")
        #expect(state.wantedPlace == SampleStreams.time("2025-11-21T18:00:00Z"))
        _ = state.handle(.place(.archive), at: SampleStreams.now)
        #expect(state.row(-2) == "→ Fri 21 Nov 18:00:00 UTC · archived · 20 h 3 m 22 s ago")
        _ = state.press(KeyPress("u", .control))
        _ = state.type("14:01:02")
        let gap = TimelinePlace.gap(
            from: SampleStreams.time("2025-11-22T14:00:58.480Z"),
            to: SampleStreams.time("2025-11-22T14:05:10.480Z"),
            landing: SampleStreams.time("2025-11-22T14:00:58.480Z")
        )
        _ = state.handle(.place(gap), at: SampleStreams.now)
        #expect(state.row(-2) == "→ in a gap of 4 m 12 s · lands on 14:00:58.480")
        #expect(state.press(KeyPress(.escape)) == [])
        #expect(state.prompt == nil && state.player != nil)
    }

    @Test func aPasteIsTypedIntoAPromptAndNothingElse() {
        var state = sampleState()
        #expect(state.handle(.input(.paste("q")), at: SampleStreams.now) == [])
        _ = state.type("/")
        _ = state.handle(.input(.paste("lab\n")), at: SampleStreams.now)
        #expect(state.streams.filter == "lab")
    }

    @Test func digitsSeekToTenthsOfTheWindow() {
        var state = ViewTests.shiftedState()
        #expect(
            state.press(KeyPress("0")) == [.player(.seek(to: SampleStreams.time("2025-11-22T14:01:22.480Z")))]
        )
        #expect(
            state.press(KeyPress("5")) == [.player(.seek(to: SampleStreams.time("2025-11-22T14:02:22.480Z")))]
        )
    }

    @Test func aToastStaysFourSeconds() {
        var state = ViewTests.shiftedState()
        var status = SamplePlayer.shifted()
        status.toast = PlayerStatus.Toast(serial: 1, text: "no archive")
        _ = state.handle(.player(status), at: SampleStreams.now)
        #expect(state.row(-2).hasSuffix(" no archive"))
        let later = SampleStreams.now.advanced(byMilliseconds: 4000)
        _ = state.handle(.player(status), at: later)
        #expect(state.toast == nil)
    }

    @Test func aLastingFaultHasARowUnderTheTitle() {
        var state = ViewTests.shiftedState()
        var status = SamplePlayer.shifted()
        status.badge = .retry(seconds: 4)
        status.fault = "connection lost 14:03:10 · reset by peer"
        _ = state.handle(.player(status), at: SampleStreams.now)
        #expect(state.row(0).hasPrefix("front-door   ✕ RETRY 4  1×"))
        #expect(state.row(1) == "✕ connection lost 14:03:10 · reset by peer")
    }

    @Test func aLostConnectionIsToldWithItsNextTryAndTheKeys() {
        var state = ViewTests.shiftedState()
        var status = SamplePlayer.shifted()
        status.fault = "reset by peer"
        status.outage = PlayerStatus.Outage(
            since: SampleStreams.time("2025-11-22T14:03:10.112Z"),
            attempt: 3,
            seconds: 4
        )
        _ = state.handle(.player(status), at: SampleStreams.now)
        let text = "✕ connection lost 14:03:10 · reset by peer · retry 3 in 4 s · F5 retry now"
        #expect(state.row(1).hasPrefix(text))
        status.isFollowingArchive = true
        (status.fault, status.distance) = ("3 of 3 connections in use", 4100)
        _ = state.handle(.player(status), at: SampleStreams.now)
        #expect(
            state.row(1) == "⚠ GetMedia: 3 of 3 connections in use · following the archive, 4.1 s behind"
        )
    }

    @Test func theClockNamesTheMomentThatIsOnItsWay() {
        var state = ViewTests.shiftedState()
        var status = SamplePlayer.shifted()
        status.target = SampleStreams.time("2025-11-22T14:02:11.000Z")
        status.isExact = false
        _ = state.handle(.player(status), at: SampleStreams.now)
        #expect(state.row(0).contains("≈ 14:02:11.000"))
        #expect(!state.row(0).contains("14:03:04.480"))
        status.target = nil
        status.isExact = true
        _ = state.handle(.player(status), at: SampleStreams.now)
        #expect(state.row(0).contains("14:03:04.480") && !state.row(0).contains("≈"))
    }

    @Test func thePictureAloneLeavesEverythingElseOutForTwoSecondsAfterAKey() throws {
        var state = ViewTests.shiftedState()
        _ = state.press(KeyPress("f"))
        #expect(state.playerLayout?.picture == ScreenRectangle(row: 0, column: 0, rows: 24, columns: 80))
        _ = state.press(KeyPress(.left))
        #expect(state.playerLayout?.rail == 22)
        #expect(state.playerLayout?.footer == nil)
        _ = state.handle(.tick, at: SampleStreams.now.advanced(byMilliseconds: 2000))
        #expect(state.playerLayout?.rail == nil)
        #expect(state.press(KeyPress(.escape)) == [])
        #expect(state.playerLayout?.footer == 23)
    }

    // MARK: Mouse

    @Test func timeMovesOnUnderAPointerThatRests() {
        var state = sampleState()
        _ = state.press(KeyPress(.enter))
        var status = SamplePlayer.shifted()
        status.badge = .live
        status.position = status.newest
        _ = state.handle(.player(status), at: state.now)
        _ = state.handle(Self.mouse(.move, 21, 40), at: state.now)
        let before = state.player?.hover
        #expect(before != nil)
        status.newest = status.newest?.advanced(byMilliseconds: 10_000)
        status.position = status.newest
        _ = state.handle(.player(status), at: state.now)
        #expect(state.player?.hover == before?.advanced(byMilliseconds: 10_000))
        _ = state.handle(Self.mouse(.move, 3, 40), at: state.now)
        #expect(state.player?.hover == nil)
    }

    private static func mouse(_ kind: MouseEvent.Kind, _ row: Int, _ column: Int) -> MonitorEvent {
        .input(.mouse(MouseEvent(kind, row: row, column: column)))
    }

    @Test func draggingTheRailPreviewsAndReleasingSeeks() throws {
        var state = ViewTests.shiftedState()
        let window = try #require(state.player?.window)
        let times = [10, 20].map { window.time(atColumn: $0, columns: 74) }
        #expect(
            state.handle(Self.mouse(.press(.left), 21, 11), at: state.now) == [.player(.preview(times[0]))]
        )
        #expect(state.handle(Self.mouse(.drag(.left), 3, 21), at: state.now) == [.player(.preview(times[1]))])
        let release = state.handle(Self.mouse(.release(.left), 21, 21), at: state.now)
        #expect(release == [.player(.preview(times[1])), .player(.commitPreview)])
        #expect(state.handle(Self.mouse(.drag(.left), 21, 30), at: state.now) == [])
    }

    @Test func escapeWhileDraggingGoesBackToWhereItWas() {
        var state = ViewTests.shiftedState()
        _ = state.handle(Self.mouse(.press(.left), 20, 11), at: state.now)
        #expect(state.press(KeyPress(.escape)) == [.player(.cancelPreview)])
        #expect(state.player != nil)
    }

    @Test func clicksRunWhatTheyPointAt() {
        var state = sampleState()
        _ = state.handle(Self.mouse(.press(.left), 4, 12), at: state.now)
        #expect(state.streams.selection == "lab-bench")
        #expect(
            state.handle(Self.mouse(.press(.left), 4, 12), at: state.now)
                == [.openPlayer(stream: "lab-bench", retentionHours: 0)]
        )
        #expect(state.handle(Self.mouse(.press(.left), 0, 14), at: state.now) == [.player(.live)])
        #expect(state.handle(Self.mouse(.press(.left), 23, 2), at: state.now) == [.player(.togglePause)])
        #expect(
            state.handle(Self.mouse(.wheelUp, 10, 10), at: state.now) == [
                .player(.seekBy(milliseconds: 5000))
            ]
        )
    }

    @Test func aClickOnAHeadingSortsAndAnotherReverses() {
        var state = sampleState()
        _ = state.handle(Self.mouse(.press(.left), 1, 29), at: state.now)
        #expect(state.streams.sort == .rate && !state.streams.isReversed)
        _ = state.handle(Self.mouse(.press(.left), 1, 29), at: state.now)
        #expect(state.streams.sort == .rate && state.streams.isReversed)
    }
}
