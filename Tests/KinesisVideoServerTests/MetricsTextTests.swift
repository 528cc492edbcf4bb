import KinesisVideoServer
import Testing

/// The text that Prometheus reads.
@Suite struct MetricsTextTests {
    @Test(arguments: [
        ("lobby", "lobby"), ("a\"b", #"a\"b"#), (#"a\b"#, #"a\\b"#), ("a\nb", #"a\nb"#),
        ("a}b{c,d=e", "a}b{c,d=e"),
    ])
    func valuesOfLabelsCannotEndTheirLine(value: String, written: String) {
        var text = MetricsText()
        text.sample("name", [("stream", value), ("event", "x")], "1")
        #expect(text.text == "name{stream=\"\(written)\",event=\"x\"} 1\n")
    }

    @Test func aFamilyIsDescribedAheadOfItsSamples() {
        var text = MetricsText()
        text.single("process_open_fds", .gauge, "Open file descriptors.", "7")
        #expect(
            text.text == """
                # HELP process_open_fds Open file descriptors.
                # TYPE process_open_fds gauge
                process_open_fds 7

                """
        )
    }

    @Test func bucketsOfAHistogramAddUp() {
        var histogram = LatencyHistogram()
        for milliseconds in [-3, 0, 5, 6, 999, 1000, 1001, 60_000, 60_001] as [Int64] {
            histogram.record(milliseconds: milliseconds)
        }
        var text = MetricsText()
        text.histogram("ack", [], histogram)
        let lines = text.text.split(separator: "\n")
        #expect(lines.first == #"ack_bucket{le="0.005"} 3"#)
        #expect(lines.contains(#"ack_bucket{le="0.01"} 4"#))
        #expect(lines.contains(#"ack_bucket{le="1.0"} 6"#))
        #expect(lines.contains(#"ack_bucket{le="60.0"} 8"#))
        #expect(lines.suffix(3) == [#"ack_bucket{le="+Inf"} 9"#, "ack_sum 123.012", "ack_count 9"])
        #expect(lines.count == LatencyHistogram.bounds.count + 3)
    }
}
