/// Figures in the text format that Prometheus reads.
///
/// ```
/// # HELP kinescope_stream_readers Open GetMedia connections.
/// # TYPE kinescope_stream_readers gauge
/// kinescope_stream_readers{stream="lobby"} 2
/// ```
///
/// Source: Prometheus, "Exposition formats", text format 0.0.4.
package struct MetricsText {
    /// How a figure behaves.
    package enum Kind: String {
        case counter, gauge, histogram
    }

    /// The media type of the text.
    static let type = "text/plain; version=0.0.4; charset=utf-8"

    /// What has been written.
    package private(set) var text = ""

    /// Begins a page.
    package init() {}

    /// Begins a family of figures; its samples follow.
    package mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    /// Writes a sample.
    package mutating func sample(_ name: String, _ labels: [(name: String, value: String)], _ value: String) {
        let list = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
        text += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(list)} \(value)\n"
    }

    /// Writes a family of one sample.
    package mutating func single(_ name: String, _ kind: Kind, _ help: String, _ value: String) {
        family(name, kind, help)
        sample(name, [], value)
    }

    /// Writes the buckets, the sum and the count of a histogram; bounds are milliseconds, what is written seconds.
    package mutating func histogram(
        _ name: String,
        _ labels: [(name: String, value: String)],
        _ histogram: LatencyHistogram
    ) {
        var total = 0
        for (count, bound) in zip(histogram.counts, LatencyHistogram.bounds) {
            total += count
            sample("\(name)_bucket", labels + [("le", Self.seconds(bound))], String(total))
        }
        total += histogram.counts.last ?? 0
        sample("\(name)_bucket", labels + [("le", "+Inf")], String(total))
        sample("\(name)_sum", labels, Self.seconds(histogram.sum))
        sample("\(name)_count", labels, String(total))
    }

    static func seconds(_ milliseconds: Int64) -> String {
        String(Double(milliseconds) / 1000)
    }

    /// A label's value may hold anything; these three would end it or its line.
    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
