import KinesisVideo
import Monitor
import Testing

@Suite struct TimeExpressionTests {
    static let now = SampleStreams.time("2025-11-22T14:03:22.500Z")

    static let times: [(text: String, time: String)] = [
        ("14:03", "2025-11-22T14:03:00.000Z"),
        ("14:03:04", "2025-11-22T14:03:04.000Z"),
        ("14:03:04.48", "2025-11-22T14:03:04.480Z"),
        ("9:05", "2025-11-22T09:05:00.000Z"),
        ("14:03:22.5", "2025-11-22T14:03:22.500Z"),
        ("14:03:22.501", "2025-11-21T14:03:22.501Z"),
        ("23:59", "2025-11-21T23:59:00.000Z"),
        ("00:00", "2025-11-22T00:00:00.000Z"),
        ("yesterday 18:00", "2025-11-21T18:00:00.000Z"),
        ("  Yesterday   18:00:01.250 ", "2025-11-21T18:00:01.250Z"),
        ("-90s", "2025-11-22T14:01:52.500Z"),
        ("-1h", "2025-11-22T13:03:22.500Z"),
        ("-23m", "2025-11-22T13:40:22.500Z"),
        ("−5m", "2025-11-22T13:58:22.500Z"),
        ("-1h30m", "2025-11-22T12:33:22.500Z"),
        ("-2d", "2025-11-20T14:03:22.500Z"),
        ("-0s", "2025-11-22T14:03:22.500Z"),
        ("2025-11-20T01:02:03Z", "2025-11-20T01:02:03.000Z"),
        ("2025-11-20 01:02:03.456+01:00", "2025-11-20T00:02:03.456Z"),
    ]

    @Test(arguments: times)
    func readsATime(_ pair: (text: String, time: String)) throws {
        let expression = try TimeExpression(pair.text, now: Self.now)
        #expect(expression == .time(SampleStreams.time(pair.time)))
    }

    @Test func readsNowAndFragments() throws {
        #expect(try TimeExpression("now", now: Self.now) == .now)
        let number = try #require(FragmentNumber("91343852333181432387734503010823617318"))
        #expect(
            try TimeExpression("#91343852333181432387734503010823617318", now: Self.now) == .fragment(number)
        )
        let end = try #require(FragmentNumber("0823617318"))
        #expect(try TimeExpression("#…0823617318", now: Self.now) == .fragment(end))
    }

    @Test(arguments: [
        "", " ", "25:00", "14:60", "14:3", "14", "14:03:60", "14:03:04:05", "14:03:04.", "14:03.5", "-", "-5",
        "-5x",
        "-m", "-5m3h", "-5m5m", "-9999999999d", "#", "#…", "#x", "#12a", "yesterday", "yesterday 25:00",
        "tomorrow 18:00",
        "2025-02-30T00:00:00Z", "2025-11-20T01:02:03", "+5m", "1４:03", "now now",
    ])
    func refusesEverythingElse(_ text: String) {
        #expect(throws: TimeExpression.Failure.self) { try TimeExpression(text, now: Self.now) }
    }

    @Test func timesWithoutAZoneAreOfTheZoneGiven() throws {
        let east = Int64(2 * 3_600_000)
        #expect(
            try TimeExpression("16:03", now: Self.now, zoneOffset: east)
                == .time(SampleStreams.time("2025-11-22T14:03:00.000Z"))
        )
        #expect(
            try TimeExpression("yesterday 01:00", now: Self.now, zoneOffset: east)
                == .time(SampleStreams.time("2025-11-20T23:00:00.000Z"))
        )
    }
}
