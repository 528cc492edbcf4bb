import KinesisVideo
import KinesisVideoConsumer
import Testing

@Suite struct FragmentTimelineTests {
    private let origin: Int64 = 1_763_820_000_000

    private func time(_ milliseconds: Int64) -> Timestamp {
        Timestamp(milliseconds: origin + milliseconds)
    }

    private func number(_ index: Int) -> FragmentNumber {
        FragmentNumber(counter: UInt64(index), serverMilliseconds: UInt64(origin), random: 1)
    }

    /// A fragment of two seconds at 25 frames a second, 2 Mb/s.
    private func info(_ index: Int, at start: Int64? = nil, size: Int = 500_000) -> FragmentInfo {
        let start = time(start ?? Int64(index) * 2000)
        return FragmentInfo(
            metadata: FragmentMetadata(
                number: number(index),
                serverTimestamp: start.advanced(byMilliseconds: 300),
                producerTimestamp: start
            ),
            size: size,
            length: 1960
        )
    }

    /// Fragments 0 to 9 listed, 4 and 5 missing.
    private func sparse() -> FragmentTimeline {
        var timeline = FragmentTimeline()
        let infos = (0..<10).filter { ![4, 5].contains($0) }.map { info($0) }
        timeline.merge(infos.reversed(), from: time(0), to: time(20_000), settled: time(20_000))
        return timeline
    }

    // MARK: Order

    @Test func sortsWhatComesInNoOrder() {
        let timeline = sparse()
        #expect(timeline.count == 8)
        #expect(timeline.oldest?.number == number(0))
        #expect(timeline.newest?.number == number(9))
        #expect(timeline.fragment(number(3)) == info(3))
        #expect(timeline.fragment(number(4)) == nil)
    }

    @Test(arguments: [(0, 1), (3, 6), (8, 9)])
    func knowsWhatFollowsInsideAListing(index: Int, next: Int) {
        #expect(sparse().follower(of: number(index)) == .fragment(info(next)))
    }

    @Test func knowsNothingBehindAListing() {
        #expect(sparse().follower(of: number(9)) == .unknown)
    }

    @Test func doesNotJoinListingsThatDoNotTouch() {
        var timeline = FragmentTimeline()
        timeline.merge([info(0), info(1)], from: time(0), to: time(3000), settled: time(100_000))
        timeline.merge([info(5)], from: time(9000), to: time(11_000), settled: time(100_000))
        #expect(timeline.follower(of: number(1)) == .unknown)
        timeline.merge([], from: time(3000), to: time(9000), settled: time(100_000))
        #expect(timeline.follower(of: number(1)) == .fragment(info(5)))
    }

    @Test func joinsLiveFragmentsInTheOrderOfTheConnection() {
        var timeline = FragmentTimeline()
        timeline.insertLive(info(1), after: nil)
        timeline.insertLive(info(2, at: -50_000), after: number(1))
        #expect(timeline.follower(of: number(1)) == .fragment(info(2, at: -50_000)))
        #expect(!timeline.isArchived(number(1)))
        timeline.merge([info(1)], from: time(2000), to: time(2000), settled: time(100_000))
        #expect(timeline.isArchived(number(1)))
        #expect(timeline.follower(of: number(1)) == .fragment(info(2, at: -50_000)))
    }

    @Test func forgetsWhatAConnectionPassesOver() {
        var timeline = FragmentTimeline()
        timeline.insertLive(info(1), after: nil)
        timeline.insertLive(info(2), after: number(1))
        timeline.insertLive(info(3), after: number(1))
        #expect(timeline.fragment(number(2)) == nil)
        #expect(timeline.follower(of: number(1)) == .fragment(info(3)))
    }

    @Test func dropsWhatIsNotListedAnyMore() {
        var timeline = sparse()
        timeline.merge([info(2), info(3)], from: time(0), to: time(7000), settled: time(100_000))
        #expect(timeline.oldest?.number == number(2))
        #expect(timeline.count == 6)
        timeline.expire(before: time(6400))
        #expect(timeline.oldest?.number == number(6))
    }

    // MARK: Times

    @Test(arguments: [(0, 0), (1999, 0), (2000, 1), (7999, 3), (8500, nil), (12_000, 6)] as [(Int64, Int?)])
    func findsTheFragmentThatCoversAMoment(moment: Int64, index: Int?) {
        #expect(sparse().fragment(at: time(moment))?.number == index.map { number($0) })
    }

    @Test func takesTheLowestNumberOfTwoCopies() {
        var timeline = FragmentTimeline()
        timeline.merge(
            [info(7, at: 0), info(3, at: 0), info(9, at: 500)],
            from: time(0),
            to: time(5000),
            settled: time(5000)
        )
        #expect(timeline.fragment(at: time(1000))?.number == number(3))
    }

    @Test func lastsToTheNextFragmentWhereTheTwoTouch() {
        let timeline = sparse()
        #expect(timeline.frameInterval == 40)
        #expect(timeline.duration(of: info(0)) == 2000)
        #expect(timeline.duration(of: info(3)) == 2000)
        #expect(timeline.duration(of: info(9)) == 2000)
    }

    @Test(arguments: [(8100, 7960), (9900, 7960), (10_100, 12_000), (11_999, 12_000)] as [(Int64, Int64)])
    func landsOnTheNearerEdgeOfAGap(moment: Int64, landing: Int64) {
        let place = sparse().place(at: time(moment), now: time(30_000))
        #expect(place == .gap(from: time(8000), to: time(12_000), landing: time(landing)))
    }

    @Test(
        arguments: [
            (-100, .expired), (1000, .archive), (25_000, .future), (40_000, .future),
        ] as [(Int64, TimelinePlace)]
    )
    func saysWhatLiesAtAMoment(moment: Int64, place: TimelinePlace) {
        #expect(sparse().place(at: time(moment), now: time(30_000), expiry: time(0)) == place)
    }

    @Test func findsStartsOfRecordings() {
        let timeline = sparse()
        #expect(timeline.recordingStart(after: time(1000))?.number == number(6))
        #expect(timeline.recordingStart(after: time(12_000)) == nil)
        #expect(timeline.recordingStart(before: time(13_000))?.number == number(6))
        #expect(timeline.recordingStart(before: time(12_000))?.number == number(0))
    }

    // MARK: Columns

    @Test func drawsNoGuess() {
        var timeline = sparse()
        timeline.insertLive(info(10), after: number(9))
        let columns = timeline.columns(
            from: time(-4000),
            to: time(26_000),
            count: 15,
            now: time(22_000),
            expiry: time(-2000)
        )
        let coverage = columns.map(\.coverage)
        let expected: [TimelineCoverage] =
            [.expired, .notListed, .archive, .archive, .archive, .archive, .gap, .gap]
            + [.archive, .archive, .archive, .archive, .liveBuffer, .future, .future]
        #expect(coverage == expected)
        #expect(columns[2].bitRate == 2_000_000)
        #expect(columns[6].bitRate == nil)
    }

    @Test(arguments: [(30_000, true), (60_000, false)] as [(Int64, Bool)])
    func drawsAGapOfATenthOfAColumn(width: Int64, isGap: Bool) {
        var timeline = FragmentTimeline()
        let infos = (0..<60).filter { $0 != 7 && $0 != 8 }.map { info($0) }
        timeline.merge(infos, from: time(0), to: time(120_000), settled: time(120_000))
        let columns = timeline.columns(from: time(0), to: time(width), count: 1, now: time(120_000))
        #expect((columns.first?.coverage == .gap) == isGap)
    }

    @Test func repeatsAFragmentInColumnsShorterThanIt() {
        let columns = sparse().columns(from: time(0), to: time(2000), count: 10, now: time(30_000))
        #expect(columns.allSatisfy { $0 == TimelineColumn(coverage: .archive, bitRate: 2_000_000) })
    }

    // MARK: Listing

    @Test func listsTheWindowFromItsEndThenOutward() {
        var timeline = FragmentTimeline()
        var asked: [ClosedRange<Timestamp>] = []
        let window = (start: time(1_000_000), end: time(7_000_000))
        while asked.count < 50,
            let range = timeline.nextListing(
                from: window.start,
                to: window.end,
                now: time(9_000_000),
                settled: time(8_995_000)
            )
        {
            asked.append(range)
            timeline.merge([], from: range.lowerBound, to: range.upperBound, settled: time(8_995_000))
        }
        #expect(asked.first?.upperBound == window.end)
        #expect(asked.allSatisfy { $0.upperBound.milliseconds - $0.lowerBound.milliseconds <= 1_800_000 })
        let firstOutside = asked.firstIndex { $0.lowerBound < window.start || $0.upperBound > window.end }
        #expect(firstOutside == 4)
        #expect(timeline.unlisted(from: time(-5_000_000), to: time(8_995_000)).isEmpty)
    }

    @Test func aWindowOfMoreThanADayIsSampled() {
        var timeline = FragmentTimeline()
        let day: Int64 = 86_400_000
        let (start, end) = (time(3 * day), time(10 * day))
        var asked: [ClosedRange<Timestamp>] = []
        func next(from start: Timestamp, to end: Timestamp) -> ClosedRange<Timestamp>? {
            timeline.nextListing(from: start, to: end, now: end, settled: end.advanced(byMilliseconds: -5000))
        }
        while asked.count < 500, let range = next(from: start, to: end) {
            asked.append(range)
            timeline.merge([], from: range.lowerBound, to: range.upperBound, settled: end)
            // After 20 calls the whole week has been looked at here and there.
            if asked.count == 20 {
                let days = Set(asked.map { $0.lowerBound.milliseconds / day })
                #expect(days.count >= 7)
            }
        }
        #expect((32...65).contains(asked.count))
        #expect(asked.allSatisfy { $0.upperBound.milliseconds - $0.lowerBound.milliseconds <= 1_800_000 })
        // What is not looked at says so, and a window that has moved on a little is known.
        let columns = timeline.columns(from: start, to: end, count: 60, now: end)
        #expect(columns.contains { $0.coverage == .notListed })
        #expect(next(from: time(3 * day + 60_000), to: time(10 * day + 60_000)) == nil)
        // So is one that has grown.
        #expect(next(from: start, to: time(10 * day + 60_000)) == nil)
        // A day of it is listed whole.
        #expect(next(from: time(9 * day), to: end) != nil)
    }

    @Test func listingGoesOnBehindAGapThatIsWiderThanTheWindow() {
        var timeline = FragmentTimeline()
        let settled = time(100_000_000)
        timeline.merge([info(45_001)], from: time(90_000_000), to: settled, settled: settled)
        var asked = 0
        while asked < 60,
            let range = timeline.nextListing(
                from: time(90_000_000),
                to: time(90_120_000),
                now: settled,
                settled: settled,
                expiry: time(0)
            )
        {
            asked += 1
            let found = range.contains(time(2000)) ? [info(1)] : []
            timeline.merge(found, from: range.lowerBound, to: range.upperBound, settled: settled)
        }
        #expect(timeline.oldest == info(1))
        #expect(asked < 20)
    }

    // MARK: Names

    @Test func findsTheNewestFragmentThatEndsWithTheDigitsOnTheScreen() throws {
        let timeline = sparse()
        let digits = try #require(FragmentNumber(number(7).description.suffix(10)))
        #expect(timeline.fragment(named: digits)?.number == number(7))
        #expect(timeline.fragment(named: number(3))?.number == number(3))
        // More than a screen shows is the whole number.
        let more = try #require(FragmentNumber("1\(number(7).description.suffix(12))"))
        #expect(timeline.fragment(named: more) == nil)
    }

    // MARK: Size

    @Test func drawsThreeHundredThousandFragments() {
        var timeline = FragmentTimeline()
        let count = 300_000
        for start in stride(from: 0, to: count, by: 1000).reversed() {
            let infos = (start..<start + 1000).map { info($0) }
            let range = (
                infos[0].producerTimestamp, infos[999].producerTimestamp.advanced(byMilliseconds: 1999)
            )
            timeline.merge(infos, from: range.0, to: range.1, settled: time(Int64(count) * 2000))
        }
        let clock = ContinuousClock()
        var columns: [TimelineColumn] = []
        let cost = clock.measure {
            columns = timeline.columns(
                from: time(0),
                to: time(Int64(count) * 2000),
                count: 120,
                now: time(Int64(count) * 2000)
            )
        }
        print("120 columns over \(count) fragments: \(cost)")
        #expect(columns.allSatisfy { $0.coverage == .archive })
    }

    @Test(arguments: [
        (0, 20_000, 8, true), (2000, 4000, 1, true), (1999, 4001, 3, true), (8000, 12_000, 0, true),
        (19_000, 40_000, 1, false), (30_000, 20_000, 0, false),
    ])
    func extentCountsWhatLiesThereAtLeastInPart(start: Int64, end: Int64, fragments: Int, isListed: Bool) {
        let extent = sparse().extent(from: time(start), to: time(end))
        #expect(
            extent == TimelineExtent(fragments: fragments, bytes: fragments * 500_000, isListed: isListed)
        )
    }
}
