import KinesisVideo
import Monitor
import Testing

@Suite struct TimelineWindowTests {
    private static func time(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: seconds * 1000) }

    private static func live(at seconds: Int64, zoom: TimelineZoom = .minutes2) -> TimelineWindow {
        var window = TimelineWindow(zoom: zoom, endingAt: time(0))
        window.follow(playhead: time(seconds), newest: time(seconds), oldest: time(-9000), isLive: true)
        return window
    }

    @Test func endsAtTheNewestMediaWhileLive() {
        #expect(Self.live(at: 500).end == Self.time(500))
        #expect(Self.live(at: 500).start == Self.time(380))
    }

    @Test func standsStillOnceThePlayheadLeaves() {
        var window = Self.live(at: 500)
        window.follow(playhead: Self.time(450), newest: Self.time(700), oldest: nil, isLive: false)
        #expect(window.end == Self.time(500))
    }

    @Test(arguments: [
        (500, 560), (559, 560), (560, 620), (1000, 1040), (379, 440), (320, 440), (319, 380), (0, 80),
    ])
    func followsByHalfPages(_ pair: (playhead: Int64, end: Int64)) {
        var window = Self.live(at: 500)
        window.follow(playhead: Self.time(pair.playhead), newest: Self.time(2000), oldest: nil, isLive: false)
        #expect(window.end == Self.time(pair.end))
        #expect(window.start <= Self.time(pair.playhead) && Self.time(pair.playhead) < window.end)
    }

    @Test func zoomKeepsThePlayheadsColumn() {
        var window = Self.live(at: 500)
        window.follow(playhead: Self.time(410), newest: Self.time(600), oldest: nil, isLive: false)
        let column = window.column(of: Self.time(410), columns: 80)
        for zoom in [TimelineZoom.minutes10, .seconds30, .week, .hour] {
            window.zoom(to: zoom)
            #expect(window.length == zoom.length)
            #expect(window.column(of: Self.time(410), columns: 80) == column)
        }
    }

    @Test func zoomKeepsTheEndWhileLive() {
        var window = Self.live(at: 500)
        window.zoomOut()
        #expect(window.zoom == .minutes10)
        #expect(window.end == Self.time(500))
    }

    @Test func theLadderEndsAtBothEnds() {
        #expect(TimelineZoom.seconds30.nearer == .seconds30)
        #expect(TimelineZoom.all.farther == .all)
        #expect(
            TimelineZoom.allCases.map(\.name) == ["30 s", "2 m", "10 m", "1 h", "6 h", "24 h", "7 d", "all"]
        )
    }

    @Test func allReachesFromTheOldestToTheNewest() {
        var window = Self.live(at: 500)
        window.zoom(to: .all)
        window.follow(
            playhead: Self.time(100),
            newest: Self.time(600),
            oldest: Self.time(-9000),
            isLive: false
        )
        #expect(window.start == Self.time(-9000))
        #expect(window.end == Self.time(600))
    }

    @Test func columnsAndTimesAgree() {
        let window = Self.live(at: 500)
        for column in 0..<74 {
            #expect(window.column(of: window.time(atColumn: column, columns: 74), columns: 74) == column)
        }
        #expect(window.column(of: Self.time(500), columns: 74) == 73)
        #expect(window.column(of: Self.time(501), columns: 74) == nil)
        #expect(window.column(of: Self.time(379), columns: 74) == nil)
    }
}
