import KinesisVideo
import Monitor
import Testing

@Suite struct StreamSurveyTests {
    private static let now = SampleStreams.now

    private static func info(_ name: String, hours: Int = 24) -> StreamInfo {
        StreamInfo(
            streamName: name,
            streamARN: "arn:aws:kinesisvideo:eu-west-1:111122223333:stream/\(name)/1763733600000",
            mediaType: "video/h264",
            version: "1",
            status: .active,
            creationTime: now,
            dataRetentionInHours: hours
        )
    }

    private static func time(_ milliseconds: Int64) -> Timestamp {
        now.advanced(byMilliseconds: milliseconds)
    }

    /// Fragments of 2 s and 500,000 bytes, the last of which ended so long ago.
    private static func fragments(_ count: Int, endedBefore age: Int64) -> [FragmentInfo] {
        (0..<count).map { index in
            let start = time(-age - 2000 * Int64(count - index))
            let metadata = FragmentMetadata(
                number: FragmentNumber(counter: UInt64(index), serverMilliseconds: 0, random: 0),
                serverTimestamp: start,
                producerTimestamp: start.advanced(byMilliseconds: -300)
            )
            return FragmentInfo(metadata: metadata, size: 500_000, length: 1960)
        }
    }

    private static func survey(_ names: [String], hours: Int = 24) -> StreamSurvey {
        var survey = StreamSurvey(interval: 10_000, callsPerSecond: 2)
        survey.take(names.map { info($0, hours: hours) }, at: now)
        return survey
    }

    private static func stream(_ call: StreamSurvey.Call?) -> String? {
        guard case .listFragments(let stream, _, _)? = call else { return nil }
        return stream
    }

    @Test func allStreamsAreListedFirstAndOnceAMinute() {
        var survey = StreamSurvey(interval: 10_000, callsPerSecond: 2)
        #expect(survey.nextCall(at: Self.now) == .listStreams)
        survey.take([Self.info("lobby")], at: Self.now)
        #expect(survey.nextCall(at: Self.time(59_999)) == nil)
        #expect(survey.nextCall(at: Self.time(60_000)) == .listStreams)
    }

    @Test func onlyRowsOnTheScreenAreListedTheSelectedOneFirst() {
        var survey = Self.survey(["a", "b", "c"])
        #expect(survey.nextCall(at: Self.now) == nil)
        survey.watch(["c", "a"])
        let call = survey.nextCall(at: Self.now)
        #expect(call == .listFragments(stream: "c", from: Self.time(-300_000), to: Self.now))
        survey.take([], of: "c", at: Self.now)
        #expect(Self.stream(survey.nextCall(at: Self.now)) == "a")
        survey.take([], of: "a", at: Self.now)
        #expect(survey.nextCall(at: Self.time(9_999)) == nil)
        #expect(Self.stream(survey.nextCall(at: Self.time(10_000))) == "c")
    }

    @Test func noMoreCallsASecondThanAllowed() {
        let names = (0..<50).map { "stream-\($0)" }
        var survey = Self.survey(names)
        survey.watch(names)
        var calls: [Int64] = []
        for milliseconds in stride(from: Int64(0), to: 10_000, by: 50) {
            while let call = survey.nextCall(at: Self.time(milliseconds)) {
                calls.append(milliseconds)
                survey.take([], of: Self.stream(call) ?? "", at: Self.time(milliseconds))
            }
        }
        #expect(calls.count == 20)
        for (index, moment) in calls.enumerated() {
            #expect(calls[index...].count { $0 < moment + 1000 } <= 2)
        }
    }

    @Test func whatKeepsNothingIsNotListed() {
        var survey = Self.survey(["lab-bench"], hours: 0)
        survey.watch(["lab-bench"])
        #expect(survey.nextCall(at: Self.now) == nil)
        let row = survey.statistics(at: Self.now).streams.first
        #expect(row?.bytesPerSecond == [])
        #expect(row?.readers == nil && row?.storedBytes == nil)
    }

    @Test func figuresFollowFromTheFragments() throws {
        var survey = Self.survey(["lobby"])
        survey.take(Self.fragments(60, endedBefore: 2500).shuffled(), of: "lobby", at: Self.now)
        let statistics = survey.statistics(at: Self.now)
        let row = StreamRow(
            statistics: try #require(statistics.streams.first),
            reported: try #require(statistics.streams.first?.asOf)
        )
        #expect(row.reported == Self.time(-2540))
        #expect(row.state(at: Self.now) == .live)
        #expect(row.age(at: Self.now) == 2540)
        #expect(row.lag(at: Self.now) == .milliseconds(300))
        #expect(row.statistics.meanFragmentMilliseconds.map { abs($0 - 2000) < 2 } == true)
        #expect(row.bitRate(at: Self.now).map { abs($0 - 2_000_000) < 50_000 } == true)
        #expect(row.bars(columns: 30, seconds: 60, at: Self.now).filter { $0 > 0 }.count >= 28)
    }

    @Test func aGapIsEmptyAndItsEdgesKeepTheirLength() throws {
        var survey = Self.survey(["lobby"])
        var fragments = Self.fragments(30, endedBefore: 0)
        fragments.removeSubrange(10..<20)
        survey.take(fragments, of: "lobby", at: Self.now)
        let row = try #require(survey.statistics(at: Self.now).streams.first)
        #expect(row.bytesPerSecond.suffix(40).filter { $0 == 0 }.count >= 19)
        #expect(abs(row.bytesPerSecond.reduce(0, +) - 20 * 500_000) < 1000)
    }

    @Test func aFaultKeepsTheFiguresFromBefore() throws {
        var survey = Self.survey(["lobby"])
        survey.watch(["lobby"])
        survey.take(Self.fragments(60, endedBefore: 0), of: "lobby", at: Self.now)
        survey.fail("access denied", of: "lobby", at: Self.time(10_000))
        survey.fail("access denied", of: "lobby", at: Self.time(20_000))
        let row = try #require(survey.statistics(at: Self.time(20_000)).streams.first)
        #expect(row.fault == StreamStatistics.Fault(reason: "access denied", since: Self.time(10_000)))
        #expect(row.lastReceived == Self.time(-40))
        survey.take([], of: "lobby", at: Self.time(30_000))
        #expect(survey.statistics(at: Self.time(30_000)).streams.first?.fault == nil)
    }

    @Test func streamsThatCannotBeListedAreTriedAgain() {
        var survey = StreamSurvey(interval: 10_000, callsPerSecond: 2)
        _ = survey.nextCall(at: Self.now)
        survey.failStreams(at: Self.now)
        #expect(survey.nextCall(at: Self.time(9_999)) == nil)
        #expect(survey.nextCall(at: Self.time(10_000)) == .listStreams)
    }

    @Test func theSourceNamesItsCalls() {
        var survey = Self.survey(["a", "b"])
        survey.watch(["a", "b"])
        for name in ["a", "b"] {
            _ = survey.nextCall(at: Self.now)
            survey.take([], of: name, at: Self.now)
        }
        #expect(survey.source(at: Self.now) == "ListFragments every 10 s · 0.2 of 2 calls/s used")
    }
}
