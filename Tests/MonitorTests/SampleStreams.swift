import KinesisVideo
import Testing

/// The seven streams of the interface's mock-ups.
enum SampleStreams {
    /// The mock-ups' clock.
    static let now = time("2025-11-22T14:03:22.000Z")

    static func time(_ text: String) -> Timestamp {
        Timestamp(rfc3339: text) ?? Timestamp(milliseconds: 0)
    }

    static func statistics(
        _ name: String,
        bars: String,
        megabits: Double,
        age: Int64?,
        lag: Int64 = 300,
        hours: Int = 24,
        readers: Int = 0,
        status: StreamStatus = .active
    ) -> StreamStatistics {
        var statistics = StreamStatistics(
            name: name,
            arn: "arn:aws:kinesisvideo:local-1:000000000000:stream/\(name)/1763733600000",
            status: status,
            retentionHours: hours,
            mediaType: "video/h264",
            bytesPerSecond: bytes(bars, megabits: megabits),
            fragmentsPerSecond: 0.5,
            meanFragmentMilliseconds: 2000,
            meanFragmentBytes: 525_000,
            persistMilliseconds: 400,
            readers: readers,
            bufferMilliseconds: 30_000,
            bufferBytes: 15_800_000,
            storedBytes: 21_400_000_000,
            storedFragments: 43_198,
            gaps: 3,
            longestGapMilliseconds: 252_000
        )
        guard let age else { return statistics }
        statistics.lastReceived = now.advanced(byMilliseconds: -age)
        let last = time("2025-11-22T14:03:18.000Z")
        statistics.lastFragment = fragment(
            823_617_318,
            server: last.advanced(byMilliseconds: lag),
            producer: last
        )
        let first = time("2025-11-21T14:03:22.000Z")
        statistics.firstFragment = fragment(823_574_155, server: first, producer: first)
        return statistics
    }

    /// Everything but `roof` half a second ago, `roof` with its last report before its fault.
    static let current = ServiceStatistics(
        now: now.advanced(byMilliseconds: -400),
        streams: [
            statistics("front-door", bars: "▂▂▂▃▅▇▆▃▂▂▂▂▂▂▂▂", megabits: 2.1, age: 600, readers: 1),
            statistics("garage", bars: "▂▂▂▂▂▂▂▁        ", megabits: 1, age: 41_000, hours: 168),
            statistics(
                "lab-bench",
                bars: "▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄",
                megabits: 1.4,
                age: 1100,
                lag: 259_200_000,
                hours: 0
            ),
            statistics("loading-dock", bars: "▅▆▆▅▅▆▇▇▆▅▅▅▆▅▅▅", megabits: 4, age: 600, lag: 400, readers: 2),
            statistics("lobby", bars: "▂▂▁ ▂▂▁▁▂▂▂▁▁▂▂▂", megabits: 0.9, age: 1900),
            statistics("test-rig", bars: "", megabits: 0, age: nil, status: .creating),
        ]
    )

    /// The report with which `roof` was last seen.
    static let before = ServiceStatistics(
        now: now.advanced(byMilliseconds: -34_000),
        streams: current.streams + [
            statistics("roof", bars: "▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃", megabits: 2, age: 52_000, lag: 400)
        ]
    )

    /// Five minutes of bytes a second that draw `bars` over the last one, and whose last bar is `megabits`.
    ///
    /// The highest bar of all lies further back.
    private static func bytes(_ bars: String, megabits: Double) -> [Int] {
        let glyphs = Array(" ▁▂▃▄▅▆▇█")
        let levels = bars.map { glyphs.firstIndex(of: $0) ?? 0 }
        guard let last = levels.last(where: { $0 > 0 }) else { return [Int](repeating: 0, count: 300) }
        let unit = Int(megabits * 1_000_000 / 8) / last
        let earlier = (0..<240).map { $0 < 4 ? 8 * unit : unit }
        return earlier + (0..<60).map { levels[$0 * levels.count / 60] * unit }
    }

    private static func fragment(_ tail: Int, server: Timestamp, producer: Timestamp)
        -> StreamStatistics.Fragment
    {
        let digits = "9134385233318143238773450301723" + "000000\(tail)"
        let number = FragmentNumber(digits) ?? FragmentNumber(counter: 0, serverMilliseconds: 0, random: 0)
        return StreamStatistics.Fragment(
            FragmentMetadata(number: number, serverTimestamp: server, producerTimestamp: producer)
        )
    }
}
