import Foundation
import KinesisVideo
import Monitor
import Playback
import TerminalScreen
import Testing

/// What clicks and the wheel do over overlays, prompts and panes.
@Suite struct MouseTests {
    private static func click(_ text: String, in state: inout MonitorState) throws -> [MonitorAction] {
        let rows = state.text().split(separator: "\n", omittingEmptySubsequences: false)
        let row = try #require(rows.firstIndex { $0.contains(text) }, "\(text)")
        let column = try #require(rows[row].range(of: text)).lowerBound
        let place = rows[row].distance(from: rows[row].startIndex, to: column)
        return press(row: row, column: place, in: &state)
    }

    private static func press(row: Int, column: Int, in state: inout MonitorState) -> [MonitorAction] {
        let event = MouseEvent(.press(.left), row: row, column: column, modifiers: [])
        return state.handle(.input(.mouse(event)), at: state.now)
    }

    private static func wheel(_ kind: MouseEvent.Kind, in state: inout MonitorState) {
        let event = MouseEvent(kind, row: 12, column: 40, modifiers: [])
        _ = state.handle(.input(.mouse(event)), at: state.now)
    }

    @Test func aRowOfThePaletteIsRunByAClick() throws {
        var state = sampleState()
        _ = try Self.click(": command", in: &state)
        #expect(state.prompt?.purpose == .command)
        Self.wheel(.wheelDown, in: &state)
        #expect(state.paletteSelection == 1)
        Self.wheel(.wheelUp, in: &state)
        _ = state.type("lo")
        _ = try Self.click("what has happened", in: &state)
        #expect(state.prompt == nil && state.logScreen != nil)
    }

    @Test func aClickBesideAnOverlayClosesIt() throws {
        for key in ["?", "L", ":", "/", "c", "t"] {
            var state = sampleState()
            _ = state.type(key)
            _ = Self.press(row: 0, column: 0, in: &state)
            #expect(state.help == nil && state.logScreen == nil && state.prompt == nil, "\(key)")
        }
    }

    @Test func aClickInAnOverlayLeavesItOpen() {
        var state = sampleState()
        _ = state.type("?")
        #expect(Self.press(row: 12, column: 40, in: &state) == [] && state.help != nil)
    }

    @Test func footerItemsOfEveryScreenRun() throws {
        var state = sampleState(rows: 35, columns: 120)
        _ = try Self.click("c create", in: &state)
        #expect(state.prompt?.purpose == .create)
        var inspector = try InspectorToolsTests.state(rows: 35, columns: 120)
        _ = try Self.click("a ack log", in: &inspector)
        #expect(inspector.inspector?.acknowledgementScroll == 0)
        _ = Self.press(row: 0, column: 0, in: &inspector)
        #expect(inspector.inspector?.acknowledgementScroll == nil)
        _ = try Self.click("D compare", in: &inspector)
        #expect(inspector.inspector?.comparison != nil)
        _ = try Self.click("q back", in: &inspector)
        #expect(inspector.inspector?.comparison == nil && inspector.inspector != nil)
    }

    @Test func anExportIsSetAndBegunByClicks() throws {
        var state = try InspectorToolsTests.state()
        _ = state.press(KeyPress("e"))
        _ = try Self.click("o container", in: &state)
        #expect(state.clipDialog?.fileName.hasSuffix(".mkv") == true)
        let actions = try Self.click("⏎ export", in: &state)
        guard case .startClip? = actions.first else {
            Issue.record("\(actions)")
            return
        }
        #expect(try Self.click("Esc give up", in: &state) == [.cancelClip])
    }

    @Test func twoClicksOnAFragmentPlayFromIt() throws {
        var state = try InspectorToolsTests.state()
        let row = state.inspectorLayout.table.lowerBound
        #expect(Self.press(row: row, column: 5, in: &state) == [])
        let number = try InspectorTests.listing()[0].number
        #expect(
            Self.press(row: row, column: 5, in: &state) == [
                .openPlayer(stream: "front-door", retentionHours: 24), .player(.seekToFragment(number)),
            ]
        )
    }

    @Test func aClickInAPaneMovesTheSharedSelection() throws {
        var state = try InspectorToolsTests.state()
        let pane = state.inspectorLayout.pane
        _ = state.press(KeyPress("5"))
        _ = Self.press(row: pane.row + 2, column: pane.column + 7 + 20, in: &state)
        #expect(state.inspector?.frameIndex == 20)
        _ = state.press(KeyPress("6"))
        let before = try #require(state.inspector?.cursor)
        _ = Self.press(row: pane.row + 1, column: pane.column + 1 + 8 + 3, in: &state)
        let cursor = try #require(state.inspector?.cursor)
        #expect(cursor % 16 == 1 && cursor < before)
        _ = state.press(KeyPress("2"))
        let index = try #require(state.inspector?.treeIndex)
        _ = Self.press(row: pane.row, column: pane.column + 4, in: &state)
        #expect(try #require(state.inspector?.treeIndex) < index)
    }
}
