import Foundation
import KinescopeTesting
import KinesisVideo
import Testing

/// `GET /metrics`, `--metrics-listen` and the acknowledgements of a stream.
@Suite(.serialized, .timeLimit(.minutes(2))) struct MetricsTests {
    private static func metrics(_ url: String) async throws -> Metrics {
        let (head, body) = try await RawConnection.get(url, "/metrics")
        try #require(head.status == 200)
        #expect(head.fields["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
        return try Metrics(String(decoding: body, as: UTF8.self))
    }

    private static func upload(_ url: String, _ stream: String, fragments: Int) async throws
        -> [Acknowledgement]
    {
        var body = ProducerBody()
        body.header()
        for index in 0..<fragments { try body.videoCluster(at: 1_763_820_202_000 + UInt64(index) * 1000) }
        return try await RawConnection.putMedia(url, stream, body.bytes)
    }

    @Test func figuresFollowWhatHappens() async throws {
        try await ServiceProcess.with { service in
            let url = await service.url
            try await service.createStream("gate")
            _ = try await Self.upload(url, "gate", fragments: 4)
            let before = try await Self.metrics(url)
            let stream = #"{stream="gate"}"#
            #expect(before["kinescope_stream_fragments_total\(stream)"] == 4)
            #expect(try #require(before["kinescope_stream_received_bytes_total\(stream)"]) > 400)
            #expect(before["kinescope_stream_stored_fragments\(stream)"] == 4)
            #expect(before["kinescope_stream_readers\(stream)"] == 0)
            #expect(before["kinescope_stream_reader_lag_seconds\(stream)"] == nil)
            for event in ["buffering", "received", "persisted"] {
                let labels = #"{stream="gate",event="\#(event)""#
                #expect(before["kinescope_stream_ack_seconds_count\(labels)}"] == 4)
                #expect(before["kinescope_stream_ack_seconds_bucket\(labels),le=\"+Inf\"}"] == 4)
                let buckets = before.samples.filter {
                    $0.key.hasPrefix("kinescope_stream_ack_seconds_bucket\(labels)")
                }
                #expect(buckets.count == 14)
                #expect(try #require(before["kinescope_stream_ack_seconds_sum\(labels)}"]) < 20)
            }
            #expect(before[#"kinescope_requests_total{operation="putMedia",status="200"}"#] == 1)
            #expect(try #require(before["process_resident_memory_bytes"]) > 1_000_000)
            #expect(try #require(before["process_open_fds"]) > 5)
            #expect(try #require(before["process_cpu_seconds_total"]) > 0)

            // A reader that has read the first of four fragments, and waits to be read from.
            try await RawConnection.with(url) { reader in
                let selector = #"{"StartSelectorType":"EARLIEST"}"#
                #expect(try await reader.openMedia("gate", selector: selector).status == 200)
                var chunks = ReceivedChunks()
                while chunks.chunks.count < 4, let chunk = try await reader.receiveChunk() {
                    chunks.take(chunk)
                }
                let during = try await Self.metrics(url)
                #expect(during["kinescope_stream_readers\(stream)"] == 1)
                #expect(during["kinescope_stream_reader_lag_seconds\(stream)"] == 0)
            }
            var garbage = ProducerBody()
            garbage.append(Array("this is no Matroska".utf8))
            let lines = try await RawConnection.putMedia(url, "gate", garbage.bytes)
            #expect(lines.last?.event == .error)
            let after = try await Self.metrics(url)
            #expect(after[#"kinescope_stream_errors_total{stream="gate",code="INVALID_MKV_DATA"}"#] == 1)
        }
    }

    @Test func theNewestAcknowledgementsOfAStreamAreListed() async throws {
        try await ServiceProcess.with { service in
            let url = await service.url
            try await service.createStream("gate")
            let lines = try await Self.upload(url, "gate", fragments: 3)
            let log = try await Self.log(url, "gate")
            #expect(log.dropped == 0)
            #expect(log.acknowledgements.map(\.event) == lines.map(\.event))
            #expect(log.acknowledgements.map(\.fragmentNumber) == lines.map { $0.fragmentNumber?.padded })
            #expect(log.acknowledgements.map(\.fragmentTimecode) == lines.map(\.fragmentTimecode))
            #expect(log.acknowledgements.allSatisfy { (0..<20_000).contains($0.milliseconds ?? -1) })
            #expect(log.acknowledgements.allSatisfy { $0.time <= log.now })
            // Three lines a fragment: the oldest are let go of.
            _ = try await Self.upload(url, "gate", fragments: 200)
            let later = try await Self.log(url, "gate")
            #expect(later.acknowledgements.count == 512 && later.dropped == 609 - 512)
            #expect(later.acknowledgements.last?.event == .persisted)
            #expect(
                zip(later.acknowledgements, later.acknowledgements.dropFirst()).allSatisfy {
                    $0.time <= $1.time
                }
            )
            let missing = try await RawConnection.get(url, AcknowledgementLog.path(of: "none")).head
            #expect(missing.status == 404)
        }
    }

    private static func log(_ url: String, _ stream: String) async throws -> AcknowledgementLog {
        let (_, body) = try await RawConnection.get(url, AcknowledgementLog.path(of: stream))
        return try JSONDecoder().decode(AcknowledgementLog.self, from: Data(body))
    }

    @Test func anAddressOfTheirOwnServesMetricsUnsignedAndNothingElse() async throws {
        try await ServiceProcess.with(
            "--auth",
            "sigv4",
            "--metrics-listen",
            "127.0.0.1:0",
            environment: SignedCall.environment
        ) { service in
            let url = await service.url
            #expect(try await RawConnection.get(url, "/metrics").head.status == 403)
            let line = try #require(
                await service.log.split(separator: "\n").first { $0.contains(" metrics ") }
            )
            let port = try #require(line.firstMatch(of: #/port=(\d+)/#)?.1)
            let own = "http://127.0.0.1:\(port)"
            let metrics = try await Self.metrics(own)
            #expect(metrics["process_open_fds"] != nil)
            #expect(try await RawConnection.get(own, "/health").head.status == 200)
            for path in [ServiceStatistics.path, "/", "/metrics/x"] {
                #expect(try await RawConnection.get(own, path).head.status == 404)
            }
            #expect(try await RawConnection.post(own, "/listStreams", "{}").head.status == 404)
        }
    }
}

/// Samples of a metrics page, each line of which was well formed.
struct Metrics {
    var samples: [String: Double] = [:]

    init(_ text: String) throws {
        var families: Set<Substring> = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("# TYPE ") {
                // A family is described once.
                try #require(families.insert(line.split(separator: " ")[2]).inserted, "\(line)")
                continue
            }
            if line.hasPrefix("# HELP ") { continue }
            let match = try #require(
                line.wholeMatch(of: #/([a-z_]+(?:\{(?:[a-z]+="(?:[^"\\\n]|\\.)*",?)*\})?) ([0-9.e+-]+)/#),
                "\(line)"
            )
            try #require(samples[String(match.1)] == nil, "\(line)")
            samples[String(match.1)] = Double(match.2)
        }
    }

    subscript(_ name: String) -> Double? { samples[name] }
}
