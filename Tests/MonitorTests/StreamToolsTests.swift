import KinesisVideo
import Monitor
import Pixels
import TerminalScreen
import Testing

/// Tags, previews and other services, from the list of streams.
@Suite struct StreamToolsTests {
    // MARK: Tags

    @Test func tagsAreShownAndChangedOneAfterTheOther() throws {
        var state = sampleState()
        #expect(state.press(KeyPress("t")) == [.askTags("front-door")])
        #expect(state.text().contains("asking …"))
        let tags = ["site": "yard", "level": "2"]
        _ = state.handle(.tags(stream: "front-door", tags, failure: nil), at: state.now)
        try expectSnapshot(state.text(), "tags-80x24")
        _ = state.type("site=roof")
        let change = StreamChange.tag(name: "front-door", key: "site", value: "roof")
        #expect(state.press(KeyPress(.enter)) == [.change(change)])
        // What is shown is what the service says once it is done.
        #expect(state.handle(.changed(change, failure: nil), at: state.now) == [.askTags("front-door")])
        #expect(state.toast?.text == "✓ front-door has tag site=roof")
        _ = state.type("-level")
        #expect(state.press(KeyPress(.enter)) == [.change(.untag(name: "front-door", key: "level"))])
        _ = state.type("nonsense")
        #expect(state.press(KeyPress(.enter)) == [] && state.toast?.isError == true)
        _ = state.press(KeyPress(.escape))
        #expect(state.prompt == nil && state.tagSheet == nil)
    }

    @Test func tagsThatCannotBeHadSayWhy() {
        var state = sampleState()
        _ = state.press(KeyPress("t"))
        _ = state.handle(.tags(stream: "lobby", [:], failure: nil), at: state.now)
        #expect(state.tagSheet?.tags == nil)
        _ = state.handle(.tags(stream: "front-door", nil, failure: "AccessDenied"), at: state.now)
        #expect(state.text().contains("✕ AccessDenied"))
    }

    @Test func streamsAreFilteredByTheirTags() {
        var feed = SampleStreams.current
        for index in feed.streams.indices where feed.streams[index].name.hasPrefix("lo") {
            feed.streams[index].tags = ["site": "yard"]
        }
        var list = StreamList()
        list.report(feed, at: SampleStreams.now)
        list.setFilter("tag:site=ya", at: SampleStreams.now)
        #expect(list.visible.map(\.name) == ["loading-dock", "lobby"])
        list.setFilter("!tag:site lab", at: SampleStreams.now)
        #expect(list.visible.map(\.name) == ["lab-bench"])
        // The name is still being typed.
        list.setFilter("tag:", at: SampleStreams.now)
        #expect(list.visible.count == feed.streams.count)
    }

    // MARK: Previews

    private static func rested(_ keys: String = "") -> MonitorState {
        var state = sampleState(rows: 35, columns: 120)
        _ = state.type(keys)
        _ = state.handle(.tick, at: state.now.advanced(byMilliseconds: 400))
        return state
    }

    private static func answer(_ state: inout MonitorState) throws -> PreviewDemand {
        let demand = try #require(state.previews.demand)
        let image = RGBImage(size: PixelSize(width: 38, height: 22), color: RGBColor(0x336699))
        _ = state.handle(.preview(StreamPreview(demand, image: image, failure: nil)), at: state.now)
        return demand
    }

    @Test func aPictureIsAskedForOnceTheSelectionRests() throws {
        var state = sampleState(rows: 35, columns: 120)
        _ = state.type("jjj")
        #expect(state.previews.demand?.stream == "front-door")
        _ = state.handle(.tick, at: state.now.advanced(byMilliseconds: 399))
        #expect(state.previews.demand?.stream == "front-door")
        _ = state.handle(.tick, at: state.now.advanced(byMilliseconds: 1))
        let demand = try Self.answer(&state)
        #expect(demand.stream == "loading-dock" && demand.columns == 38 && demand.rows == 11)
        let drawing = MonitorView.draw(state, theme: .colorless)
        #expect(drawing.preview == ScreenRectangle(row: 22, column: 2, rows: 11, columns: 38))
        #expect(state.text().contains("key picture of #…0823617318, 4 s old"))
        try expectSnapshot(state.text(), "streams-preview-120x35")
    }

    @Test func oneStreamIsAskedAtMostEveryTenSeconds() throws {
        var state = Self.rested("jjj")
        let first = try Self.answer(&state)
        #expect(first.stream == "loading-dock")
        _ = state.handle(.tick, at: state.now.advanced(byMilliseconds: 9000))
        #expect(state.previews.demand == first)
        // Away and back again does not ask sooner.
        _ = state.type("jjkk")
        _ = state.handle(.tick, at: state.now.advanced(byMilliseconds: 500))
        #expect(state.previews.demand == first)
        var feed = SampleStreams.current
        let newer = SampleStreams.now.advanced(byMilliseconds: 12_000)
        feed.now = newer
        feed.streams[3].lastFragment?.number = "91343852333181432387734503010823617999"
        _ = state.handle(.statistics(feed), at: newer)
        #expect(state.previews.demand?.fragment.number.hasSuffix("3617999") == true)
    }

    @Test(arguments: [
        ("jj", "none: this stream keeps no archive"), ("jjjjj", "picture   –"),
        ("G", "none: nothing has come"),
    ])
    func whatKeepsNothingOrFailsIsNotAsked(_ row: (keys: String, words: String)) {
        let state = Self.rested(row.keys)
        #expect(state.previews.demand?.stream == "front-door")
        #expect(state.text().contains(row.words))
    }

    @Test func smallScreensAskForNoPictures() {
        var state = sampleState()
        _ = state.handle(.tick, at: state.now.advanced(byMilliseconds: 5000))
        #expect(state.previews.demand == nil)
        #expect(MonitorView.draw(state, theme: .colorless).preview == nil)
    }

    // MARK: Other services

    @Test func anotherServiceIsGoneToIfItIsOne() {
        var state = sampleState()
        #expect(state.run(line: "endpoint aws", at: state.now) == [.connect(.endpoint("aws"))])
        let url = "http://127.0.0.1:7071"
        #expect(state.run(line: "endpoint \(url)", at: state.now) == [.connect(.endpoint(url))])
        #expect(state.run(line: "demo", at: state.now) == [.connect(.demo)])
        #expect(state.run(line: "endpoint mars", at: state.now) == [])
        #expect(state.toast?.text == "'mars' is no service (there are local, aws, or a URL)")
    }

    // MARK: Settings

    @Test func whatCanBeSetAtOnceIsAndTheRestSaysWhereItBelongs() {
        var state = sampleState()
        _ = state.run(line: "fps 12; set wall.grid 3; set theme noir", at: state.now)
        #expect(state.frameRate == 12 && state.wantedTheme == "noir")
        _ = state.type("w")
        #expect(state.wall?.wantedGrid == 3)
        _ = state.run(line: "set mouse false", at: state.now)
        #expect(state.toast?.text.contains("from the next start on") == true)
    }
}
