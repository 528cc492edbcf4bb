import Foundation
import KinescopeTesting
import KinesisVideo
import KinesisVideoClient
import KinesisVideoConsumer
import Synchronization
import Testing

/// The consumer library against a service that fails in every way it can.
@Suite(.timeLimit(.minutes(2))) struct ConsumerTests {
    private static let start: UInt64 = 1_763_820_202_000

    private static func media(_ indices: Range<Int>, size: Int = 500) throws -> [UInt8] {
        var media = ProducerBody()
        media.header()
        for index in indices {
            try media.videoCluster(at: start + UInt64(index) * 200, frames: 5, size: size)
        }
        return media.bytes
    }

    /// Runs `body` with a consumer of the stream `gate`.
    private static func consuming<Result: Sendable>(
        _ url: String,
        _ body: @Sendable (StreamConsumer) async throws -> Result
    ) async throws -> Result {
        let client = ServiceClient(endpoint: Endpoint(url: url))
        do {
            let result = try await body(StreamConsumer(client: client, stream: StreamReference(name: "gate")))
            await client.shutdown()
            return result
        } catch {
            await client.shutdown()
            throw error
        }
    }

    private static func read(_ fragments: FragmentSequence, _ count: Int) async throws -> [ReceivedFragment] {
        var read: [ReceivedFragment] = []
        for try await fragment in fragments {
            read.append(fragment)
            if read.count == count { break }
        }
        return read
    }

    /// What a reader is to have: each fragment once, in order, frame by frame.
    private static func check(_ read: [ReceivedFragment], _ service: ServiceProcess) async throws {
        let kept = try await service.media("gate")
        #expect(read.map(\.metadata.number.padded) == kept.map(\.number))
        #expect(read.map(\.frames) == kept.map(\.frames))
        for fragment in read {
            let whole = ReceivedChunks.reading(Array(fragment.bytes))
            #expect(whole.map(\.frames) == [fragment.frames])
            #expect(
                fragment.frames.last.map { fragment.producerTime(of: $0) }?.milliseconds
                    == fragment.metadata.producerTimestamp.milliseconds + 160
            )
        }
    }

    @Test func endsCutsSilenceAndThrottlingLeaveNoGapAndNoRepeat() async throws {
        let folder = try TemporaryFolder()
        let faults = """
            {"fault": "end", "operation": "getMedia", "byte": 5000, "every": 3}
            {"fault": "reset", "operation": "getMedia", "byte": 9000, "every": 3, "skip": 1}
            {"fault": "throttle", "operation": "getMedia", "every": 4, "skip": 2}
            {"fault": "stall", "operation": "getMedia", "byte": 3500, "milliseconds": 60000, "skip": 5, "times": 1}
            {"fault": "refuse", "operation": "getDataEndpoint", "every": 3, "skip": 1}
            """
        let file = try folder.write(Array(faults.utf8), to: "faults.jsonl")
        try await ServiceProcess.with("--faults", file, in: folder) { service in
            try await service.createStream("gate")
            _ = try await RawConnection.putMedia(await service.url, "gate", try Self.media(0..<20))
            let events = Mutex<[String]>([])
            let read = try await Self.consuming(await service.url) { consumer in
                var options = ReadingOptions()
                options.silence = .seconds(1)
                let fragments = consumer.follow(from: .earliest, options: options) { event in
                    guard case .interrupted(let error, _) = event else { return }
                    events.withLock { $0.append(error.map { "\($0)" } ?? "end") }
                }
                return try await Self.read(fragments, 20)
            }
            // The rules count what `get` asks, too: it reads what is kept once more, by way of the same faults.
            try await Self.check(read, service)
            let seen = events.withLock { $0 }
            for kind in ["end", "ClientLimitExceeded", "ServiceUnavailable", "cannot reach", "in time"] {
                #expect(seen.contains { $0.contains(kind) }, "no \(kind) in \(seen)")
            }
        }
    }

    @Test func aReaderOutlivesItsService() async throws {
        try await ServiceProcess.with { service in
            try await service.createStream("gate")
            let url = await service.url
            _ = try await RawConnection.putMedia(url, "gate", try Self.media(0..<5))
            try await Self.consuming(url) { consumer in
                var iterator = consumer.follow(from: .earliest).makeAsyncIterator()
                var read: [ReceivedFragment] = []
                for _ in 0..<5 { read.append(try #require(try await iterator.next())) }
                await service.kill()
                try await service.start(isSamePort: true)
                _ = try await RawConnection.putMedia(url, "gate", try Self.media(5..<9))
                for _ in 0..<4 { read.append(try #require(try await iterator.next())) }
                try await Self.check(read, service)
            }
        }
    }

    @Test func aReaderFindsTheStreamAtItsNewAddress() async throws {
        // One service tells where the media is, another has it; then both are others.
        try await ServiceProcess.with { data in
            try await data.createStream("gate")
            let read = Watched<[ReceivedFragment]>([])
            let first = await data.url
            let (url, reading) = try await ServiceProcess.with("--public-url", first) { directory in
                try await directory.createStream("gate")
                _ = try await RawConnection.putMedia(first, "gate", try Self.media(0..<4))
                let url = await directory.url
                let reading = Task {
                    try await Self.consuming(url) { consumer in
                        for try await fragment in consumer.follow(from: .earliest) {
                            read.update { $0.append(fragment) }
                        }
                    }
                }
                try await read.wait { $0.count == 4 }
                await data.kill()
                return (url, reading)
            }
            try await data.start()
            let second = await data.url
            let port = try #require(URL(string: url)?.port)
            try await ServiceProcess.with("--port", "\(port)", "--public-url", second) { moved in
                #expect(await moved.url == url)
                try await moved.createStream("gate")
                _ = try await RawConnection.putMedia(second, "gate", try Self.media(4..<7))
                try await read.wait { $0.count == 7 }
            }
            reading.cancel()
            _ = await reading.result
            try await Self.check(read.value, data)
        }
    }

    @Test func aReaderThatIsStartedAgainGoesOnBehindItsCheckpoint() async throws {
        try await ServiceProcess.with { service in
            try await service.createStream("gate")
            let url = await service.url
            _ = try await RawConnection.putMedia(url, "gate", try Self.media(0..<12))
            let file = CheckpointFile(path: service.program.home.path("gate.checkpoint"))
            var read: [ReceivedFragment] = []
            for count in [5, 1, 6] {
                let part = try await Self.consuming(url) { consumer in
                    let fragments = try consumer.follow(resuming: try file.load(), else: .earliest)
                    let part = try await Self.read(fragments, count)
                    for fragment in part {
                        try file.save(Checkpoint(fragment.metadata, of: consumer.stream))
                    }
                    return part
                }
                read += part
            }
            try await Self.check(read, service)
        }
    }

    @Test func aSlowReaderHoldsTheServiceBackAndMissesNothing() async throws {
        try await ServiceProcess.with("--live-buffer", "1") { service in
            try await service.createStream("gate")
            let url = await service.url
            // More than sockets and buffers hold between the two.
            _ = try await RawConnection.putMedia(url, "gate", try Self.media(0..<40, size: 200_000))
            try await Task.sleep(for: .milliseconds(1500))
            _ = try await RawConnection.putMedia(url, "gate", try Self.media(40..<41))
            @Sendable func lag() async throws -> Double {
                let (_, body) = try await RawConnection.get(url, "/metrics")
                let line = String(decoding: body, as: UTF8.self).split(separator: "\n").first {
                    $0.hasPrefix("kinescope_stream_reader_lag_seconds{")
                }
                return line.flatMap { $0.split(separator: " ").last.flatMap { Double($0) } } ?? 0
            }
            try await Self.consuming(url) { consumer in
                var iterator = consumer.follow(from: .earliest).makeAsyncIterator()
                var read = [try #require(try await iterator.next())]
                // What is pushed at a reader that does not ask would be with it by now.
                for _ in 0..<20 {
                    #expect(try await lag() > 1)
                    try await Task.sleep(for: .milliseconds(50))
                }
                for _ in 0..<40 { read.append(try #require(try await iterator.next())) }
                #expect(try await lag() < 1)
                try await Self.check(read, service)
            }
        }
    }

    @Test func aStreamThatIsNotThereEndsReadingAtOnce() async throws {
        try await ServiceProcess.with { service in
            try await Self.consuming(await service.url) { consumer in
                _ = await #expect(throws: ClientError.self) {
                    for try await _ in consumer.follow(from: .now) {}
                }
            }
        }
    }
}
