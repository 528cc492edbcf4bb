import FragmentStorage
import KinesisVideo
import NIOCore

/// What `GET /metrics` answers.
struct MetricsReport: Sendable {
    let store: FragmentStore
    let metrics: ServiceMetrics

    private typealias Row = (statistics: StreamStatistics, figures: StreamLedger.Figures?)

    /// Writes all figures, those of streams only where the caller may know of them.
    func body(for grant: AccessGrant) -> ByteBuffer {
        let statistics = store.statistics()
        let ledgers = metrics.ledgers(of: statistics.streams.map(\.arn))
        let rows = statistics.streams.filter { grant.covers($0.name) }.map { ($0, ledgers[$0.arn]?.figures) }
        var text = MetricsText()
        Self.write(rows, &text)
        Self.writeLatencies(rows, &text)
        Self.writeErrors(rows, &text)
        text.family("kinescope_requests_total", .counter, "Answers by operation and HTTP status.")
        for (call, count) in metrics.calls.sorted(by: { $0.key < $1.key }) {
            let labels = [("operation", call.operation), ("status", String(call.status))]
            text.sample("kinescope_requests_total", labels, String(count))
        }
        Self.write(.now(), &text)
        return ByteBuffer(string: text.text)
    }

    private static func write(_ rows: [Row], _ text: inout MetricsText) {
        func family(
            _ name: String,
            _ kind: MetricsText.Kind,
            _ help: String,
            _ value: (Row) -> String?
        ) {
            text.family("kinescope_stream_\(name)", kind, help)
            for row in rows {
                guard let value = value(row) else { continue }
                text.sample("kinescope_stream_\(name)", [("stream", row.statistics.name)], value)
            }
        }
        family("received_bytes_total", .counter, "Media bytes received since the service started.") {
            String($0.statistics.receivedBytes ?? 0)
        }
        family("fragments_total", .counter, "Complete fragments received since the service started.") {
            String($0.statistics.receivedFragments ?? 0)
        }
        family("readers", .gauge, "Open GetMedia connections.") { String($0.statistics.readers) }
        family("reader_lag_seconds", .gauge, "How far the slowest reader is behind the newest fragment.") {
            lag($0).map(MetricsText.seconds)
        }
        family("live_buffer_bytes", .gauge, "Bytes of the stream in memory.") {
            String($0.statistics.bufferBytes)
        }
        family("live_buffer_seconds", .gauge, "Seconds of the stream's media in memory.") {
            MetricsText.seconds($0.statistics.bufferMilliseconds)
        }
        family("stored_bytes", .gauge, "Bytes of the stream in the archive.") {
            String($0.statistics.storedBytes)
        }
        family("stored_fragments", .gauge, "Fragments of the stream in the archive.") {
            String($0.statistics.storedFragments)
        }
        family("last_received_timestamp_seconds", .gauge, "When the newest fragment was complete.") {
            $0.statistics.lastReceived?.decimalSeconds
        }
    }

    /// Milliseconds on the server's clock; a reader that waits for its first chunk has no lag yet.
    private static func lag(_ row: Row) -> Int64? {
        let places = row.figures?.readers.values.compactMap { $0?.milliseconds } ?? []
        guard let slowest = places.min(), let newest = row.statistics.lastFragment else { return nil }
        return max(0, newest.serverTimestamp.milliseconds - slowest)
    }

    private static func writeLatencies(_ rows: [Row], _ text: inout MetricsText) {
        let name = "kinescope_stream_ack_seconds"
        text.family(name, .histogram, "From the first byte of a fragment to its acknowledgement.")
        for row in rows {
            for event in [Acknowledgement.Event.buffering, .received, .persisted] {
                guard let histogram = row.figures?.latencies[event] else { continue }
                let labels = [("stream", row.statistics.name), ("event", event.rawValue.lowercased())]
                text.histogram(name, labels, histogram)
            }
        }
    }

    private static func writeErrors(_ rows: [Row], _ text: inout MetricsText) {
        text.family("kinescope_stream_errors_total", .counter, "Error acknowledgements by code.")
        for row in rows {
            for (code, count) in (row.figures?.errors ?? [:]).sorted(by: { $0.key < $1.key }) {
                let labels = [("stream", row.statistics.name), ("code", code)]
                text.sample("kinescope_stream_errors_total", labels, String(count))
            }
        }
    }

    private static func write(_ figures: ProcessFigures, _ text: inout MetricsText) {
        if let open = figures.descriptors {
            text.single("process_open_fds", .gauge, "Open file descriptors.", String(open))
        }
        if let limit = figures.descriptorLimit {
            text.single("process_max_fds", .gauge, "Most file descriptors allowed.", String(limit))
        }
        if let bytes = figures.residentBytes {
            text.single("process_resident_memory_bytes", .gauge, "Resident memory in bytes.", String(bytes))
        }
        text.single(
            "process_cpu_seconds_total",
            .counter,
            "Processor time in seconds.",
            String(figures.processorSeconds)
        )
    }
}
