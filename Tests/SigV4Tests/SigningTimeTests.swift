import SigV4
import Testing

struct SigningTimeTests {
    @Test(arguments: [
        (0, "19700101T000000Z"), (-1, "19691231T235959Z"), (951_868_799, "20000229T235959Z"),
        (1_767_225_600, "20260101T000000Z"), (4_107_542_400, "21000301T000000Z"),
        (-62_135_596_800, "00010101T000000Z"), (253_402_300_799, "99991231T235959Z"),
    ])
    func writesAndReadsTimestamps(seconds: Int64, text: String) {
        let time = SigningTime(secondsSince1970: seconds)
        #expect(time.timestamp == text)
        #expect(time.day == text.prefix(8))
        #expect(SigningTime(timestamp: text) == time)
    }

    @Test func everyDayOfFourCenturiesComesBack() {
        let start: Int64 = 946_684_800
        for day in 0..<Int64(146_097) {
            let time = SigningTime(secondsSince1970: start + day * 86400)
            #expect(SigningTime(timestamp: time.timestamp) == time)
        }
    }

    @Test(arguments: [
        "", "20260101T000000", "20260101T000000Z ", "20260101 000000Z", "2026-01-01T00:00Z",
        "20261301T000000Z",
        "20260230T000000Z", "20250229T000000Z", "20260100T000000Z", "20260101T240000Z", "20260101T006000Z",
        "20260101T000060Z", "00000101T000000Z", "+0260101T000000Z", "２0260101T0000Z",
    ])
    func refusesWhatIsNoTimestamp(_ text: String) {
        #expect(SigningTime(timestamp: text) == nil)
    }

    @Test func readsHTTPDates() {
        #expect(SigningTime(httpDate: "Thu, 01 Jan 2026 00:00:05 GMT")?.timestamp == "20260101T000005Z")
        for text in [
            "Thu, 01 Foo 2026 00:00:05 GMT", "Thu, 01 Jan 2026 00:00:05 UTC", "Thu, 1 Jan 2026 0:0:5 GMT", "",
        ] {
            #expect(SigningTime(httpDate: text) == nil)
        }
    }

    @Test(arguments: [
        ("2026-01-01T00:00:00Z", 0), ("2026-01-01T00:00:00.999Z", 0), ("2026-01-01T02:00:00+02:00", 0),
        ("2025-12-31T19:30:01-04:30", 1), ("2026-01-01T00:00:00.Z", nil), ("2026-01-01T00:00:00", nil),
        ("2026-01-01 00:00:00Z", nil), ("2026-01-01T00:00:00*02:00", nil), ("2026-01-01T00:00:00+0200", nil),
    ])
    func readsRFC3339(text: String, expected: Int64?) {
        let seconds = SigningTime(rfc3339: text)?.secondsSince1970
        #expect(seconds == expected.map { $0 + 1_767_225_600 })
    }

    @Test func movingStaysInsideTheYears() {
        let time = SigningTime(secondsSince1970: 0)
        #expect(time.advanced(bySeconds: .max).timestamp == "99991231T235959Z")
        #expect(SigningTime(secondsSince1970: -5).advanced(bySeconds: .min).timestamp == "00010101T000000Z")
    }
}
