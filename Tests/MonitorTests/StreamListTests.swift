import KinesisVideo
import Monitor
import Testing

@Suite struct StreamListTests {
    private static func row(
        _ age: Int64?,
        status: StreamStatus = .active,
        mean: Double? = 2000,
        lag: Int64 = 0
    ) -> StreamRow {
        var statistics = SampleStreams.statistics(
            "s",
            bars: "▄▄▄▄",
            megabits: 1,
            age: age,
            lag: lag,
            status: status
        )
        statistics.meanFragmentMilliseconds = mean
        return StreamRow(statistics: statistics, reported: SampleStreams.now)
    }

    static let states: [(age: Int64?, mean: Double?, status: StreamStatus, state: StreamRow.State)] = [
        (0, 2000, .active, .live),
        (10_000, 2000, .active, .live),
        (10_001, 2000, .active, .idle),
        (18_000, 6000, .active, .live),
        (18_001, 6000, .active, .idle),
        (10_001, nil, .active, .idle),
        (300_000, 2000, .active, .idle),
        (300_001, 2000, .active, .off),
        (nil, nil, .active, .off),
        (0, 2000, .creating, .new),
        (0, 2000, .updating, .edit),
        (0, 2000, .deleting, .delete),
    ]

    @Test(arguments: states)
    func stateFollowsFromAgeAndStatus(
        _ row: (age: Int64?, mean: Double?, status: StreamStatus, state: StreamRow.State)
    ) {
        #expect(
            Self.row(row.age, status: row.status, mean: row.mean).state(at: SampleStreams.now) == row.state
        )
    }

    @Test(
        arguments: [(300, false), (-1000, false), (-1001, true), (3_600_000, false), (3_600_001, true)]
            as [(Int64, Bool)]
    )
    func anUnreasonableLagIsSkew(_ pair: (lag: Int64, isSkew: Bool)) {
        let lag = Self.row(0, lag: pair.lag).lag(at: SampleStreams.now)
        #expect(lag == (pair.isSkew ? .skew : .milliseconds(pair.lag)))
    }

    @Test func nothingArrivingHasNoRateAndNoLag() {
        #expect(Self.row(41_000).bitRate(at: SampleStreams.now) == nil)
        #expect(Self.row(41_000).lag(at: SampleStreams.now) == nil)
        #expect(Self.row(0).bitRate(at: SampleStreams.now) == 1_000_000)
    }

    @Test func barsOfAnOldReportMoveOnAndLeaveTheUnknownBlank() {
        let row = Self.row(0)
        func bars(at time: Timestamp) -> [Int] { row.bars(columns: 16, seconds: 60, at: time) }
        let (four, none) = ([Int](repeating: 4, count: 8), [Int](repeating: 0, count: 8))
        #expect(bars(at: SampleStreams.now) == four + four)
        let later = SampleStreams.now.advanced(byMilliseconds: 30_000)
        #expect(bars(at: later) == four + none)
        let muchLater = SampleStreams.now.advanced(byMilliseconds: 3_600_000)
        #expect(bars(at: muchLater) == none + none)
    }

    private static func list() -> StreamList {
        var list = StreamList()
        list.report(SampleStreams.current, at: SampleStreams.now)
        return list
    }

    @Test func theSelectionFollowsTheStream() {
        var list = Self.list()
        #expect(list.selection == "front-door")
        list.setSort(.rate, isReversed: false, at: SampleStreams.now)
        #expect(list.selection == "front-door")
        #expect(list.visible.map(\.name).prefix(3) == ["loading-dock", "front-door", "lab-bench"])
        #expect(list.selectedIndex == 1)
        list.setSort(.rate, isReversed: true, at: SampleStreams.now)
        #expect(list.visible.last?.name == "loading-dock")
    }

    @Test func aStreamThatIsGoneLeavesOneThatFailedStays() {
        var list = StreamList()
        list.report(SampleStreams.before, at: SampleStreams.now)
        list.fail(stream: "roof", "AccessDenied")
        list.report(SampleStreams.current, at: SampleStreams.now)
        #expect(list.row(named: "roof")?.fault == "AccessDenied")
        list.report(SampleStreams.before, at: SampleStreams.now)
        #expect(list.row(named: "roof")?.fault == nil)
        list.report(SampleStreams.current, at: SampleStreams.now)
        #expect(list.row(named: "roof") == nil)
    }

    @Test func theFilterFindsPartsOfNames() {
        var list = Self.list()
        list.setFilter("DO", at: SampleStreams.now)
        #expect(list.visible.map(\.name) == ["front-door", "loading-dock"])
        list.setFilter("nothing", at: SampleStreams.now)
        #expect(list.visible.isEmpty)
        list.setFilter("", at: SampleStreams.now)
        #expect(list.visible.count == 6)
        #expect(list.selection == "front-door")
    }

    @Test func theServicesClockRunsOnBetweenReports() {
        var list = StreamList()
        let here = SampleStreams.now.advanced(byMilliseconds: 90_000)
        list.report(SampleStreams.current, at: here)
        #expect(list.serviceClock(at: here.advanced(byMilliseconds: 400)) == SampleStreams.now)
        #expect(!list.isStale(at: here.advanced(byMilliseconds: 2000)))
        #expect(list.isStale(at: here.advanced(byMilliseconds: 2001)))
    }

    @Test func scrollingKeepsTheSelectionInView() {
        var list = Self.list()
        list.select(index: 5)
        list.scroll(toFit: 3)
        #expect(list.scroll == 3)
        list.select(index: 4)
        list.scroll(toFit: 3)
        #expect(list.scroll == 3)
        list.select(index: -7)
        list.scroll(toFit: 3)
        #expect(list.scroll == 0)
    }
}
