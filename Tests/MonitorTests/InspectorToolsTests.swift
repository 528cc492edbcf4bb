import Foundation
import KinescopeTesting
import KinesisVideo
import Matroska
import Monitor
import Playback
import TerminalScreen
import Testing

/// Acknowledgements, marks, export, comparison, map and search of the inspector.
@Suite struct InspectorToolsTests {
    /// What the service would have noted of the sample's fragments, and of one that is still arriving.
    static func log() throws -> AcknowledgementLog {
        let listing = try InspectorTests.listing()
        var entries: [AcknowledgementLog.Entry] = []
        func add(
            _ event: Acknowledgement.Event,
            _ number: FragmentNumber?,
            _ timecode: Int64?,
            at time: Timestamp,
            after milliseconds: Int64?,
            _ error: IngestionError? = nil
        ) {
            let line = Acknowledgement(event, timecode: timecode, number: number, error: error)
            var entry = AcknowledgementLog.Entry(line, at: time)
            entry.milliseconds = milliseconds
            entries.append(entry)
        }
        for (index, info) in listing.enumerated() {
            let start = info.producerTimestamp
            add(.buffering, info.number, start.milliseconds, at: start, after: 0)
            add(
                .received,
                info.number,
                start.milliseconds,
                at: start.advanced(byMilliseconds: 2000),
                after: 100
            )
            // The newest is not safe yet.
            if index == 7 { continue }
            let delay: Int64 = index == 5 ? 1500 : 400
            add(
                .persisted,
                info.number,
                start.milliseconds,
                at: start.advanced(byMilliseconds: 2400),
                after: delay
            )
        }
        let next = try #require(FragmentNumber("91343852333181432387734503010823617320"))
        let start = SampleStreams.time("2025-11-22T14:03:20.480Z")
        add(.error, nil, nil, at: start, after: nil, .invalidMedia)
        add(.buffering, next, start.milliseconds, at: start.advanced(byMilliseconds: 300), after: 0)
        return AcknowledgementLog(
            now: SampleStreams.time("2025-11-22T14:03:21.980Z"),
            acknowledgements: entries,
            dropped: 88
        )
    }

    static func state(rows: Int = 24, columns: Int = 80) throws -> MonitorState {
        var state = try InspectorTests.state(rows: rows, columns: columns)
        try InspectorTests.answer(&state, .acknowledgements(log()))
        return state
    }

    // MARK: Acknowledgements

    @Test func theTableTellsTheLastAcknowledgementAndWhatArrives() throws {
        let state = try Self.state()
        let text = state.text()
        #expect(text.contains("P 0.4 s"))
        #expect(text.contains("P 1.5 s"))
        let lines = try #require(state.inspector?.lines)
        let arriving = ArrivingFragment(
            producerTimestamp: SampleStreams.time("2025-11-22T14:03:20.480Z"),
            elapsed: 1200
        )
        #expect(lines.last == .receiving(arriving))
        try expectSnapshot(text, "inspector-acks-80x24")
    }

    @Test func aFragmentThatNobodyGoesOnWithIsNotArriving() throws {
        var log = try Self.log()
        log.now = log.now.advanced(byMilliseconds: 60_000)
        var state = try InspectorTests.state()
        try InspectorTests.answer(&state, .acknowledgements(log))
        #expect(state.inspector?.lines.contains { if case .receiving = $0 { true } else { false } } == false)
    }

    @Test func anEndpointWithoutAcknowledgementsSaysSo() throws {
        var state = try InspectorTests.state(rows: 35, columns: 120)
        #expect(!state.row(0).contains("acks"))
        try InspectorTests.answer(&state, .acknowledgements(nil))
        #expect(state.row(0).contains("no acks kept here"))
        _ = state.press(KeyPress("a"))
        #expect(state.text().contains("this endpoint keeps no acknowledgements"))
    }

    @Test func acknowledgementsThatAreRefusedSayWhyAndThoseThatCameStay() throws {
        var state = try InspectorTests.state()
        try InspectorTests.answer(&state, .acknowledgementsFailed("AccessDenied"))
        _ = state.press(KeyPress("a"))
        #expect(state.text().contains("✕ AccessDenied"))
        try InspectorTests.answer(&state, .acknowledgements(Self.log()))
        try InspectorTests.answer(&state, .acknowledgementsFailed("connection refused"))
        #expect(state.text().contains("PERSISTED") && !state.text().contains("✕ connection refused"))
    }

    @Test func theLogOfAcknowledgementsScrollsAndCopies() throws {
        var state = try Self.state()
        _ = state.press(KeyPress("a"))
        try expectSnapshot(state.text(), "inspector-ack-log-80x24")
        let newest = state.text()
        _ = state.press(KeyPress(.home))
        #expect(state.text() != newest && state.text().contains("14:02:58.480"))
        _ = state.press(KeyPress(.end))
        #expect(state.text() == newest)
        guard case .copy(let text)? = state.press(KeyPress("y")).first else {
            Issue.record("nothing copied")
            return
        }
        #expect(text.contains("ERROR INVALID_MKV_DATA (4006)"))
        #expect(text.split(separator: "\n").count == (try Self.log().acknowledgements.count))
        _ = state.press(KeyPress(.escape))
        #expect(state.inspector != nil && state.inspector?.acknowledgementScroll == nil)
    }

    // MARK: Marks

    @Test func markedFragmentsAreExportedAndNoOthers() throws {
        var state = try Self.state()
        let listing = try InspectorTests.listing()
        _ = state.press(KeyPress(.home), KeyPress(" "), KeyPress(.down), KeyPress(" "))
        #expect(state.inspector?.marked == [.number(listing[0].number), .number(listing[2].number)])
        #expect(state.row(0).contains("2 marked"))
        _ = state.press(KeyPress("e"))
        #expect(state.text().contains("2 chosen fragments"))
        guard case .startClip(let job)? = state.press(KeyPress(.enter)).first else {
            Issue.record("no clip begun")
            return
        }
        #expect(job.order.fragments == [listing[0].number, listing[2].number])
        #expect(
            ClipPlan(listing, job.order).fragments.map(\.number) == [listing[0].number, listing[2].number]
        )
    }

    @Test func withoutMarksTheSelectedFragmentIsExported() throws {
        var state = try Self.state()
        _ = state.press(KeyPress("e"))
        let selected = try InspectorTests.listing()[5].number
        #expect(state.clipDialog?.order.fragments == [selected])
        // It is whole: there is nothing to cut exactly.
        _ = state.press(KeyPress("p"))
        #expect(state.clipDialog?.order.isPrecise == false)
        _ = state.press(KeyPress(.escape))
        #expect(state.clipDialog == nil && state.inspector != nil)
    }

    // MARK: Comparison

    private static func compared(rows: Int = 24, columns: Int = 80) throws -> MonitorState {
        var state = try state(rows: rows, columns: columns)
        _ = state.run(line: "diff", at: state.now)
        let before = InspectedFragment.ID.number(try InspectorTests.listing()[4].number)
        // The other one is asked for, and no more than that.
        #expect(state.inspectionDemand?.fragment == before)
        try InspectorTests.answer(&state, .media(before, InspectorTests.document("h264-bframes")))
        #expect(state.inspectionDemand?.fragment == nil)
        return state
    }

    @Test func twoFragmentsStandSideBySide() throws {
        try expectSnapshot(Self.compared().text(), "inspector-diff-80x24")
        try expectSnapshot(Self.compared(rows: 35, columns: 120).text(), "inspector-diff-120x35")
    }

    @Test func differencesAreStalkedByNAndEscapeLeadsBack() throws {
        var state = try Self.compared()
        let result = try #require(state.inspector?.comparison?.result)
        #expect(!result.differences.isEmpty && result.rows.contains { $0.isHeading })
        #expect(state.row(0).contains("\(result.differences.count) of "))
        _ = state.press(KeyPress("n"))
        #expect(state.inspector?.comparison?.scroll == result.differences.first { $0 > 0 })
        _ = state.press(KeyPress(.end))
        let last = try #require(state.inspector?.comparison?.scroll)
        #expect(last > 0)
        _ = state.press(KeyPress("N"))
        #expect(try #require(state.inspector?.comparison?.scroll) < last)
        _ = state.press(KeyPress(.escape))
        #expect(state.inspector?.comparison == nil && state.inspector != nil)
    }

    @Test func aFragmentIsTheSameAsItself() throws {
        let info = try InspectorTests.listing()[0]
        let fragment = InspectedFragment(
            id: .number(info.number),
            metadata: info.metadata,
            duration: 2000,
            size: info.size
        )
        let side = FragmentComparison.Side(fragment, try InspectorTests.document())
        let comparison = FragmentComparison(side, side)
        #expect(comparison.differences.isEmpty)
        let frames = comparison.rows.filter { $0.name.hasPrefix("frame ") }.count
        #expect(frames == side.document.frames.count)
        #expect(comparison.rows.contains { $0.name == "codec" && $0.left == "V_MPEG4/ISO/AVC" })
    }

    // MARK: Map

    @Test func theMapShowsGapsLatenciesAndAcknowledgements() throws {
        var state = try Self.state()
        _ = state.press(KeyPress("m"))
        try expectSnapshot(state.text(), "inspector-map-80x24")
        // A click goes to its moment; a number leads back to its pane.
        let pane = state.inspectorLayout.pane
        let click = MouseEvent(.press(.left), row: pane.row + 2, column: 76, modifiers: [])
        _ = state.handle(.input(.mouse(click)), at: state.now)
        #expect(state.inspector?.selection == .number(try InspectorTests.listing()[7].number))
        _ = state.press(KeyPress("1"))
        #expect(state.inspector?.isMapShown == false)
    }

    @Test func aMapCountsEveryFragmentOnce() throws {
        let listing = try InspectorTests.listing()
        let map = try #require(
            FragmentHeatMap(
                InspectorLine.lines(of: listing),
                AcknowledgementRecord(Self.log()),
                columns: 22,
                latencyClasses: 4,
                acknowledgementClasses: 3
            )
        )
        #expect(map.columns.flatMap(\.latencies).reduce(0, +) == 8)
        // The newest is received, not persisted.
        #expect(map.columns.flatMap(\.acknowledgements).reduce(0, +) == 7)
        #expect(map.columns.map { $0.acknowledgements[2] }.reduce(0, +) == 1)
        // 22 seconds in 22 columns: two of media, six without, fourteen of media.
        let gaps = map.columns.map { ($0.gap ?? 0) > 0.5 }
        #expect(gaps.count { $0 } == 6 && gaps[2...7].allSatisfy(\.self))
    }

    // MARK: Search

    @Test func aTagIsSearchedInAllMedia() throws {
        var state = try Self.state()
        _ = state.type("/tag:door=open")
        _ = state.press(KeyPress(.enter))
        let pattern = try #require(TagPattern("tag:door=open"))
        #expect(state.inspectionDemand?.search == pattern)
        var findings = TagFindings(pattern)
        (findings.searched, findings.total) = (100, 500)
        try InspectorTests.answer(&state, .found(findings))
        #expect(state.row(0).contains("tag:door=open · 0 found, 100 of 500 searched"))
        let fragments = try InspectorLine.lines(of: InspectorTests.listing()).compactMap(\.fragment)
        (findings.fragments, findings.searched, findings.isOver) = ([fragments[1], fragments[6]], 500, true)
        try InspectorTests.answer(&state, .found(findings))
        #expect(state.row(0).contains("2 found, 500 searched"))
        #expect(state.inspectionDemand?.search == nil)
        #expect(state.inspector?.selection == fragments[6].id)
        _ = state.press(KeyPress("N"))
        #expect(state.inspector?.selection == fragments[1].id)
        _ = state.press(KeyPress(.escape))
        #expect(state.inspector?.findings == nil && (state.inspector?.lines.count ?? 0) > 2)
    }

    @Test(arguments: [
        ("tag:site=yard", "Site", "the yard", true), ("tag:site", "site", "", true),
        ("tag:site=yard", "site", "roof", false), ("tag:site=yard", "sites", "yard", false),
        ("tag:SITE=YARD", "site", "yard", true),
    ])
    func aPatternFitsByNameAndValue(_ row: (text: String, name: String, value: String, fits: Bool)) throws {
        #expect(try #require(TagPattern(row.text)).fits(row.name, row.value) == row.fits)
    }

    @Test(arguments: ["site=yard", "tag:", "tag:=x"])
    func whatNamesNoTagIsNoPattern(_ text: String) { #expect(TagPattern(text) == nil) }

    // MARK: Files

    @Test func aFileWithoutAServiceEndsWithTheInspector() throws {
        var state = sampleState()
        state.openFile("./a.mkv")
        #expect(state.inspectionDemand?.source == .file("./a.mkv"))
        #expect(state.row(-1).hasSuffix("? help"))
        #expect(state.run(line: "streams", at: state.now) == [] && state.toast?.isError == true)
        _ = state.press(KeyPress("e"))
        #expect(state.toast?.text.contains("this is a file already") == true)
        #expect(state.press(KeyPress("q")) == [.quit])
        #expect(state.press(KeyPress(.escape)) == [.quit])
    }

    // MARK: Whole

    @Test func toolsInASCIIHaveNoOtherCharacters() throws {
        for keys in ["a", "m", "D"] {
            var state = try Self.state()
            _ = state.type(keys)
            var buffer = MonitorView.draw(state, theme: .colorless).buffer
            Glyphs.ascii.apply(to: &buffer)
            #expect(!buffer.textDump.replacing("? help", with: "").contains("?"), "\(keys)")
            #expect(buffer.textDump.utf8.allSatisfy { $0 < 0x7F })
        }
    }

    @Test(arguments: Captures.files(in: Captures.hostile))
    func hostileFilesAreComparedToo(file: URL) throws {
        let bytes = try Captures.bytes(file)
        let id = InspectedFragment.ID.bytes(0..<UInt64(bytes.count))
        let fragment = InspectedFragment(id: id, metadata: nil, duration: nil, size: bytes.count)
        let hostile = FragmentComparison.Side(fragment, DocumentInspection(bytes))
        let sound = FragmentComparison.Side(fragment, try InspectorTests.document())
        #expect(!FragmentComparison(hostile, sound).rows.isEmpty)
        #expect(FragmentComparison(hostile, hostile).differences.isEmpty)
    }
}
