import KinesisVideo
import Testing

@Suite struct FragmentNumberTests {
    /// Numbers seen on the service, with the server time inside them.
    @Test(arguments: [
        ("91343852333181432392682062607743920146159169392", Int64(1_511_852_109_126)),
        ("91343852333181432397633822764885441725874549018", Int64(1_511_852_110_915)),
    ])
    func theLayoutHoldsTheServerTime(text: String, milliseconds: Int64) throws {
        let number = try #require(FragmentNumber(text))
        let bytes = try #require(number.bytes)
        // Bits 28 to 91.
        let tail = bytes.suffix(12).reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        #expect(Int64(tail >> 28 & UInt128(UInt64.max)) == milliseconds)
        #expect(FragmentNumber(bytes: bytes) == number)
    }

    @Test func aComposedNumberHas47DigitsAndItsCounter() {
        for counter in [UInt64(1), 999, 1001, 1 << 40] {
            let number = FragmentNumber(
                counter: counter,
                serverMilliseconds: 1_763_820_196_480,
                random: 12345
            )
            #expect(number.description.count == 47)
            #expect(number.counter == counter)
        }
    }

    @Test func ordersAsNumbersNotAsText() throws {
        let small = try #require(FragmentNumber("9"))
        let large = try #require(FragmentNumber("0010"))
        #expect(small < large)
        #expect(large.description == "10")
    }

    @Test(arguments: ["", "12a", "-1", " 1", String(repeating: "1", count: 129)])
    func refusesWhatIsNoNumber(text: String) {
        #expect(FragmentNumber(text) == nil)
    }
}

@Suite struct TimestampTests {
    @Test(arguments: [
        ("1511852109.126", Int64(1_511_852_109_126)), ("0.000", 0), ("5", 5000),
        ("1795351776.87", 1_795_351_776_870),
        ("1562589645.0619", 1_562_589_645_062), ("9223372036854775.807", 9_223_372_036_854_775_807),
    ])
    func readsDecimalSeconds(text: String, milliseconds: Int64) {
        #expect(Timestamp(decimalSeconds: text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "nan", "-1", "1.", ".5", "1,5", "1e3", "99999999999999999999", "9999999999999999",
        "9223372036854776", "9223372036854775.808", "9223372036854775.8075", "-9999999999999999",
        "-9223372036854775.807",
    ])
    func refusesWhatIsNoDecimal(text: String) {
        #expect(Timestamp(decimalSeconds: text) == nil)
    }

    @Test(arguments: [
        ("2025-11-22T14:03:22.480Z", Int64(1_763_820_202_480)), ("1970-01-01T00:00:00Z", 0),
        ("2000-02-29T12:00:00+01:00", 951_822_000_000), ("1969-12-31T23:59:59.999Z", -1),
    ])
    func readsAndWritesRFC3339(text: String, milliseconds: Int64) throws {
        let timestamp = try #require(Timestamp(rfc3339: text))
        #expect(timestamp.milliseconds == milliseconds)
        #expect(Timestamp(rfc3339: timestamp.rfc3339) == timestamp)
    }

    @Test(arguments: [
        ("2025-11-22T14:03:22.480Z", Int64(1_763_820_202_480)), ("20251122T140322,48Z", 1_763_820_202_480),
        ("2025-11-22T14:03:22", 1_763_820_202_000), ("2025-11-22T15:03:22+0100", 1_763_820_202_000),
        ("2025-11-22T15:03:22+01", 1_763_820_202_000), ("2025-11-22T14:03Z", 1_763_820_180_000),
        ("2025-11-22T14", 1_763_820_000_000), ("2025-11-22", 1_763_769_600_000),
        ("20251122", 1_763_769_600_000),
    ])
    func readsISO8601(text: String, milliseconds: Int64) {
        #expect(Timestamp(iso8601: text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "2025", "2025-11", "2025-1122", "202511-22", "2025-02-29", "2025-11-22T", "2025-11-22T25",
        "2025-11-22T14:0",
        "2025-11-22T14:03:22.Z", "2025-11-22T14:03:22+1", "2025-11-22T14:03:22 UTC", "2025-11-22Z14", "now",
        "2025-W47-6",
    ])
    func refusesWhatIsNoISO8601(text: String) {
        #expect(Timestamp(iso8601: text) == nil)
    }

    @Test(arguments: ["2025-02-29T00:00:00Z", "2025-11-22", "2025-11-22T25:00:00Z", "2025-11-22T14:03:22"])
    func refusesDatesThatNoCalendarHas(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func decimalSecondsAreTheTagsForm() {
        #expect(Timestamp(milliseconds: 1_511_852_109_126).decimalSeconds == "1511852109.126")
        #expect(Timestamp(milliseconds: 7).decimalSeconds == "0.007")
    }
}
