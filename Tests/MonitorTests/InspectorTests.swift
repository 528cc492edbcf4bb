import Foundation
import KinescopeTesting
import KinesisVideo
import Matroska
import Monitor
import Playback
import TerminalScreen
import Testing

@Suite struct InspectorTests {
    /// Eight fragments of two seconds, with a gap of six seconds behind the first.
    static func listing() throws -> [FragmentInfo] {
        let start = SampleStreams.time("2025-11-22T14:02:58.480Z")
        return try (0..<8).map { index in
            let time = start.advanced(byMilliseconds: Int64(index) * 2000 + (index > 0 ? 6000 : 0))
            let number = try #require(FragmentNumber("91343852333181432387734503010823617\(312 + index)"))
            let metadata = FragmentMetadata(
                number: number,
                serverTimestamp: time.advanced(byMilliseconds: 290 + Int64(index)),
                producerTimestamp: time
            )
            return FragmentInfo(metadata: metadata, size: 74_006 + index * 1000, length: 1960)
        }
    }

    static func document(_ name: String = "h264-aac") throws -> DocumentInspection {
        DocumentInspection(try Captures.bytes(Captures.made.appending(path: "\(name).mkv")))
    }

    /// The inspector on `front-door`, its table there, the sixth fragment selected and read.
    static func state(rows: Int = 24, columns: Int = 80) throws -> MonitorState {
        var state = sampleState(rows: rows, columns: columns)
        _ = state.press(KeyPress("d"))
        try answer(&state, .listing(InspectorLine.lines(of: listing())))
        _ = state.press(KeyPress(.up), KeyPress(.up))
        let id = try #require(state.inspector?.selection)
        try answer(&state, .media(id, document()))
        return state
    }

    static func answer(_ state: inout MonitorState, _ answer: InspectionAnswer) throws {
        _ = state.handle(.inspected(.stream("front-door"), answer), at: state.now)
    }

    @Test func framesAt80x24() throws {
        var state = try Self.state()
        _ = state.press(KeyPress("5"))
        try expectSnapshot(state.text(), "inspector-frames-80x24")
    }

    @Test func treeAt120x35() throws {
        var state = try Self.state(rows: 35, columns: 120)
        _ = state.press(KeyPress("2"))
        try expectSnapshot(state.text(), "inspector-tree-120x35")
    }

    @Test(arguments: [("1", "summary"), ("2", "tree"), ("3", "tags"), ("4", "tracks"), ("6", "hex")])
    func paneAt80x24(_ pane: (key: Character, name: String)) throws {
        var state = try Self.state()
        _ = state.press(KeyPress(pane.key))
        try expectSnapshot(state.text(), "inspector-\(pane.name)-80x24")
    }

    @Test func whatIsTooLongForAPaneIsToldInShort() throws {
        var state = try Self.state(rows: 35, columns: 120)
        _ = state.press(KeyPress("5"))
        let text = state.text()
        #expect(text.contains("┄ gap 6.000 s · 14:03:00.480 → 14:03:06.480 "))
        #expect(text.contains("1 of 120 · I · key · 1 718 B · +0.000 · 50 ms"))
        #expect(text.contains("GOP 20 · closed · 0.2 Mb/s · mean P 336 B"))
        _ = state.handle(.resized(ScreenSize(rows: 24, columns: 80)), at: state.now)
        #expect(state.text().contains("pts +0.000 · dts +0.000 · 50 ms"))
    }

    @Test func theTreeNamesIdsOfElements() throws {
        var state = try Self.state()
        _ = state.press(KeyPress("2"))
        #expect(state.text().contains(#/▾ Cluster +1F43B675 +11 663 B +@630/#))
    }

    @Test func anInspectorInASCIIHasNoOtherCharacters() throws {
        var state = try Self.state()
        for key in "123456" {
            _ = state.press(KeyPress(key))
            var buffer = MonitorView.draw(state, theme: .colorless).buffer
            Glyphs.ascii.apply(to: &buffer)
            // A character that has no substitute becomes a question mark.
            #expect(!buffer.textDump.replacing("? help", with: "").contains("?"))
            #expect(buffer.textDump.utf8.allSatisfy { $0 < 0x7F })
        }
    }

    // MARK: Demand

    @Test func theDemandNamesTheFragmentOnceTheSelectionRests() throws {
        var state = sampleState()
        #expect(state.inspectionDemand == nil)
        #expect(state.press(KeyPress("d")) == [])
        #expect(state.scope == .inspector)
        let first = try #require(state.inspectionDemand)
        #expect(first.source == .stream("front-door") && first.end == nil && first.fragment == nil)
        try Self.answer(&state, .listing(InspectorLine.lines(of: Self.listing())))
        let newest = try #require(try Self.listing().last?.number)
        // The first selection waits for nobody; one that moves does.
        #expect(state.inspectionDemand?.fragment == .number(newest))
        _ = state.press(KeyPress(.up))
        #expect(state.inspectionDemand?.fragment == nil)
        _ = state.handle(.tick, at: SampleStreams.now.advanced(byMilliseconds: 260))
        let above = try Self.listing()[6].number
        #expect(state.inspectionDemand?.fragment == .number(above))
        try Self.answer(&state, .media(.number(above), Self.document()))
        #expect(state.inspectionDemand?.fragment == nil)
        #expect(state.press(KeyPress(.escape)) == [])
        #expect(state.inspectionDemand == nil && state.scope == .streams)
    }

    @Test func inThePlayerTheFragmentUnderThePlayheadIsSelected() throws {
        var state = sampleState()
        _ = state.press(KeyPress(.enter))
        var status = SamplePlayer.archived()
        status.fragment = try Self.listing()[2]
        _ = state.handle(.player(status), at: state.now)
        #expect(state.press(KeyPress("d")) == [])
        #expect(state.playerLayout == nil)
        try Self.answer(&state, .listing(InspectorLine.lines(of: Self.listing())))
        #expect(state.inspector?.selection == .number(try Self.listing()[2].number))
        // The player is still there, as it was left.
        #expect(state.press(KeyPress(.escape)) == [])
        #expect(state.scope == .player)
    }

    @Test func answersForAnotherSourceAreDropped() throws {
        var state = sampleState()
        _ = state.press(KeyPress("d"))
        _ = state.handle(.inspected(.stream("lobby"), .failed("no")), at: state.now)
        #expect(state.inspector?.fault == nil)
        try Self.answer(&state, .failed("AccessDenied"))
        #expect(state.text().contains("✕ AccessDenied"))
    }

    @Test func commandsForOtherScreensLeaveTheInspector() throws {
        var state = try Self.state()
        let actions = state.run(line: "watch lobby", at: state.now)
        #expect(actions == [.openPlayer(stream: "lobby", retentionHours: 24)])
        #expect(state.scope == .player && state.row(0).hasPrefix("lobby"))
        state = try Self.state()
        _ = state.run(line: "wall", at: state.now)
        #expect(state.scope == .wall && state.row(0).hasPrefix("kinescope  Wall"))
    }

    @Test func theTitleCountsStepsBackApartFromGaps() throws {
        var state = sampleState()
        _ = state.press(KeyPress("d"))
        var listing = try Self.listing()
        let last = listing[7]
        let metadata = FragmentMetadata(
            number: last.number,
            serverTimestamp: last.metadata.serverTimestamp,
            producerTimestamp: last.producerTimestamp.advanced(byMilliseconds: -3000)
        )
        listing[7] = FragmentInfo(metadata: metadata, size: last.size, length: last.length)
        try Self.answer(&state, .listing(InspectorLine.lines(of: listing)))
        #expect(state.row(0).contains(" · 1 gap · 1 step back"))
    }

    @Test func timesAreInTheZoneThatTheyAreLabelledWith() throws {
        var state = try Self.state()
        #expect(state.row(0).hasSuffix("14:03:22 UTC"))
        var configuration = MonitorState.Configuration(endpoint: "local:7070")
        configuration.localZone = try #require(LocalZone(named: "Asia/Kolkata"))
        let zone = configuration.localZone.name(at: state.now)
        state = MonitorState(configuration: configuration, size: state.size, now: state.now)
        _ = state.handle(.statistics(SampleStreams.current), at: state.now)
        _ = state.run(line: "zone local", at: state.now)
        #expect(state.row(0).hasSuffix("19:33:21 \(zone)"))
        _ = state.handle(.note(.warning, source: "roof", "leaks"), at: state.now)
        _ = state.type("L")
        #expect(state.text().contains(" Log · \(zone) ") && state.text().contains("19:33:22.000 warn"))
        _ = state.press(KeyPress(.escape))
        _ = state.type("d")
        #expect(state.row(0).hasSuffix("19:33:22 \(zone)"))
    }

    @Test func aLastingFaultStaysUnderTheTitle() throws {
        var state = try Self.state()
        let before = state.row(2)
        try Self.answer(&state, .failed("AccessDenied"))
        #expect(state.row(1) == "✕ AccessDenied")
        #expect(state.row(3) == before)
        try Self.answer(&state, .listing(InspectorLine.lines(of: Self.listing())))
        #expect(state.row(2) == before)
        _ = state.handle(.statisticsFailed("connection refused"), at: state.now)
        #expect(state.row(1) == "✕ connection refused")
        _ = state.press(KeyPress("D"))
        #expect(state.inspector?.comparison != nil && state.row(1) == "✕ connection refused")
    }

    // MARK: Selection

    @Test func oneSelectionIsSharedByAllPanes() throws {
        var state = try Self.state()
        _ = state.press(KeyPress("5"), KeyPress(.right), KeyPress(.right))
        #expect(state.inspector?.frameIndex == 2)
        let document = try #require(state.inspector?.document)
        let frame = try #require(state.inspector?.shownFrames[2])
        #expect(state.inspector?.cursor == frame.range.lowerBound)
        _ = state.press(KeyPress("6"))
        #expect(state.text().contains("SimpleBlock @"))
        #expect(state.text().contains("frame 3"))
        _ = state.press(KeyPress("2"))
        let index = try #require(document.tree.row(at: frame.range.lowerBound))
        #expect(state.inspector?.treeIndex.map { state.inspector?.visibleRows[$0] } == index)
        _ = state.press(KeyPress(.tab), KeyPress(.down))
        #expect(state.inspector?.cursor == document.tree.rows[index + 1].offset)
    }

    @Test func leftFoldsAMasterAndThenGoesOutward() throws {
        var state = try Self.state()
        _ = state.press(KeyPress("2"))
        let before = try #require(state.inspector?.visibleRows.count)
        _ = state.press(KeyPress(.left))
        let tree = try #require(state.inspector?.document?.tree)
        let cursor = try #require(state.inspector?.cursor)
        #expect(tree.row(at: cursor).map { tree.rows[$0].name } == "Cluster")
        _ = state.press(KeyPress(.left))
        #expect(try #require(state.inspector?.visibleRows.count) < before)
        _ = state.press(KeyPress(.right))
        #expect(state.inspector?.visibleRows.count == before)
    }

    @Test func findGoesFromMatchToMatchAndRound() throws {
        var state = try Self.state()
        _ = state.type("/codecprivate")
        _ = state.press(KeyPress(.enter))
        let tree = try #require(state.inspector?.document?.tree)
        let offsets = tree.rows.filter { $0.name == "CodecPrivate" }.map(\.offset)
        #expect(offsets.count == 2 && state.inspector?.pane == .tree)
        #expect(state.inspector?.cursor == offsets[0])
        _ = state.press(KeyPress("n"))
        #expect(state.inspector?.cursor == offsets[1])
        _ = state.press(KeyPress("n"))
        #expect(state.inspector?.cursor == offsets[0])
        _ = state.type("/there is none")
        _ = state.press(KeyPress(.enter))
        #expect(state.toast?.text == "'there is none' is not in this fragment")
    }

    @Test func theTableIsSortedBySizeAndLengthAndBack() throws {
        var state = try Self.state()
        let (table, selection) = (state.text(), state.inspector?.selection)
        func sizes(_ state: MonitorState) -> [Int] {
            state.inspector?.lines.compactMap(\.fragment?.size) ?? []
        }
        let before = sizes(state)
        _ = state.type("s")
        #expect(sizes(state) == before.sorted(by: >) && state.row(1).contains("SIZE ▼"))
        #expect(state.inspector?.lines.count == 8 && state.inspector?.selection == selection)
        _ = state.type("S")
        #expect(sizes(state) == before.sorted() && state.row(1).contains("SIZE ▲"))
        // The title still counts what lies between.
        #expect(state.row(0).contains("1 gap"))
        _ = state.type("Ss")
        #expect(state.row(1).contains("DUR ▼"))
        _ = state.type("s")
        #expect(state.text() == table)
    }

    @Test func enterPlaysFromTheFragmentAndYCopiesItsNumber() throws {
        var state = try Self.state()
        let number = try Self.listing()[5].number
        #expect(state.press(KeyPress("y")) == [.copy(number.padded)])
        let actions = state.press(KeyPress(.enter))
        #expect(
            actions == [
                .openPlayer(stream: "front-door", retentionHours: 24), .player(.seekToFragment(number)),
            ]
        )
        #expect(state.scope == .player)
    }

    @Test func aFollowedTableStaysAtItsEnd() throws {
        var state = sampleState()
        _ = state.press(KeyPress("d"))
        let listing = try Self.listing()
        try Self.answer(&state, .listing(InspectorLine.lines(of: Array(listing.prefix(4)))))
        try Self.answer(&state, .listing(InspectorLine.lines(of: listing)))
        #expect(state.inspector?.selection == .number(listing[7].number))
        _ = state.press(KeyPress(.up))
        try Self.answer(&state, .listing(InspectorLine.lines(of: Array(listing.prefix(7)))))
        #expect(state.inspector?.selection == .number(listing[6].number))
        _ = state.press(KeyPress("F"))
        #expect(state.row(0).contains("follow ▼"))
    }

    @Test func aCommandOpensAStreamOrAFile() throws {
        var state = sampleState()
        #expect(state.run(line: "inspect lobby", at: state.now) == [])
        #expect(state.inspectionDemand?.source == .stream("lobby"))
        _ = state.run(line: "inspect ./a capture.mkv", at: state.now)
        #expect(state.inspectionDemand?.source == .file("./a capture.mkv"))
        _ = state.press(KeyPress(.escape))
        _ = state.run(line: "inspect nothing", at: state.now)
        #expect(state.inspector == nil && state.toast?.isError == true)
    }

    @Test(arguments: Captures.files(in: Captures.hostile))
    func everyPaneOfAHostileFileIsDrawn(file: URL) throws {
        var state = sampleState(rows: 35, columns: 120)
        _ = state.run(line: "inspect \(file.path)", at: state.now)
        let bytes = try Captures.bytes(file)
        let id = InspectedFragment.ID.bytes(0..<UInt64(bytes.count))
        let fragment = InspectedFragment(id: id, metadata: nil, duration: nil, size: bytes.count)
        let source = InspectedSource.file(file.path)
        _ = state.handle(.inspected(source, .listing([.fragment(fragment)])), at: state.now)
        _ = state.handle(.inspected(source, .media(id, DocumentInspection(bytes))), at: state.now)
        _ = state.press(KeyPress(.tab))
        for key in "123456" {
            _ = state.press(
                KeyPress(key),
                KeyPress(.end),
                KeyPress(.home),
                KeyPress(.pageDown),
                KeyPress(.left),
                KeyPress(.left),
                KeyPress(.right)
            )
            let text = state.text()
            #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 })
        }
    }

    // MARK: Mouse

    @Test func tabsAndRowsCanBeClicked() throws {
        var state = try Self.state()
        let layout = state.inspectorLayout
        let tabs = state.text().split(separator: "\n", omittingEmptySubsequences: false)[layout.tabRow]
        let hex = try #require(tabs.range(of: "6 Hex")).lowerBound
        let column = tabs.distance(from: tabs.startIndex, to: hex)
        let click = MouseEvent(.press(.left), row: layout.tabRow, column: column, modifiers: [])
        _ = state.handle(.input(.mouse(click)), at: state.now)
        #expect(state.inspector?.pane == .hex)
        let first = MouseEvent(.press(.left), row: layout.table.lowerBound, column: 5, modifiers: [])
        _ = state.handle(.input(.mouse(first)), at: state.now)
        #expect(state.inspector?.selection == .number(try Self.listing()[0].number))
        let wheel = MouseEvent(.wheelDown, row: layout.table.lowerBound, column: 5, modifiers: [])
        _ = state.handle(.input(.mouse(wheel)), at: state.now)
        #expect(state.inspector?.selection == .number(try Self.listing()[3].number))
    }
}
