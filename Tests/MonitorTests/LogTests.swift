import KinesisVideo
import Monitor
import TerminalScreen
import Testing

@Suite struct LogTests {
    private static func stateWithLines() -> MonitorState {
        var state = sampleState()
        for (index, level) in EventLog.Level.allCases.enumerated() {
            let time = SampleStreams.now.advanced(byMilliseconds: Int64(index) * 4017)
            _ = state.handle(.note(level, source: "front-door", "line of \(level.word)"), at: time)
        }
        return state
    }

    @Test func theLogShowsWhatHappened() throws {
        var state = Self.stateWithLines()
        _ = state.press(KeyPress("L"))
        try expectSnapshot(state.text(), "log-80x24")
    }

    @Test func digitsChooseTheLevel() {
        var state = Self.stateWithLines()
        _ = state.type("L1")
        #expect(state.text().contains("line of error") && !state.text().contains("line of warn"))
        _ = state.type("4")
        #expect(state.text().contains("line of debug"))
        _ = state.type("/warn")
        #expect(!state.text().contains("line of error") && state.text().contains("line of warn"))
        _ = state.press(KeyPress(.escape))
        #expect(state.text().contains("line of error"))
        _ = state.press(KeyPress(.escape))
        #expect(state.logScreen == nil)
    }

    @Test func theLogIsCopiedAsItIsShown() {
        var state = Self.stateWithLines()
        _ = state.type("L1/front")
        _ = state.press(KeyPress(.enter))
        #expect(
            state.press(KeyPress("y")) == [.copy("2025-11-22T14:03:22.000Z error front-door line of error")]
        )
    }

    @Test func onlyTheNewestLinesAreKept() {
        var log = EventLog()
        for index in 0..<EventLog.limit + 3 {
            log.add(EventLog.Line(time: SampleStreams.now, level: .info, source: "x", text: "\(index)"))
        }
        #expect(log.lines.count == EventLog.limit)
        #expect(log.lines.first?.text == "3")
    }

    @Test func aFaultThatLastsIsLoggedOnceWithTheRequestThatFailed() throws {
        var state = sampleState()
        for id in ["7f3a91c2", "00c4de11"] {
            let reason = "AccessDenied · request \(id)"
            _ = state.handle(.statisticsFailed(reason), at: state.now)
        }
        let lines = state.log.lines.filter { $0.text.hasPrefix("AccessDenied · ") }
        #expect(lines.map(\.text) == ["AccessDenied · request 7f3a91c2"])
        #expect(state.streams.fault == "AccessDenied")
    }

    @Test func whatTheInspectorCannotHaveIsInTheLog() throws {
        var state = try InspectorTests.state()
        try InspectorTests.answer(&state, .failed("timeout · request 7f3a91c2"))
        #expect(state.log.lines.last?.text == "timeout · request 7f3a91c2")
        #expect(state.inspector?.fault == "timeout")
    }

    @Test func theSameFaultIsLoggedOnce() {
        var state = sampleState()
        for _ in 0..<3 { _ = state.handle(.statisticsFailed("connection refused"), at: state.now) }
        #expect(state.log.lines.filter { $0.text == "connection refused" }.count == 1)
    }
}
