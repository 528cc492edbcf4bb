import Foundation
import KinescopeTesting
import KinesisVideo
import KinesisVideoServer
import NIOCore
import Testing

/// Connections that want nothing, too much or the wrong thing.
@Suite(.serialized, .timeLimit(.minutes(2))) struct RobustnessTests {
    private static let health = "GET /health HTTP/1.1\r\nHost: test\r\n\r\n"

    private static func withImpatientService(
        idle: Duration = .seconds(2),
        _ body: @escaping @Sendable (_ url: String) async throws -> Void
    ) async throws {
        try await LoopbackService.with {
            $0.patience.head = .seconds(1)
            $0.patience.idle = idle
        } _: { url in
            try await body(url)
        }
    }

    @Test(arguments: ["", "GET /health HT", "GET /health HTTP/1.1\r\nHost: test\r\nX-Slow: "])
    func aConnectionWithoutAWholeHeadIsClosed(text: String) async throws {
        try await Self.withImpatientService { url in
            try await RawConnection.with(url) { connection in
                if !text.isEmpty { try await connection.send(text) }
                // With bytes on their way it may be a reset; the suite's limit ends a wait that never does.
                do { while try await connection.receive() != nil {} } catch is IOError {}
            }
        }
    }

    @Test func aHeadThatDripsIsCutOffAllTheSame() async throws {
        try await Self.withImpatientService { url in
            try await RawConnection.with(url) { connection in
                let writer = connection.writer
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        // Each byte comes well within the time; the head never does.
                        while !Task.isCancelled {
                            do {
                                try await writer.write(ByteBuffer(string: "G"))
                                try await Task.sleep(for: .milliseconds(50))
                            } catch { return }
                        }
                    }
                    do { while try await connection.receive() != nil {} } catch {}
                    group.cancelAll()
                    try await group.waitForAll()
                }
            }
        }
    }

    @Test func anIdleConnectionIsKeptLongerThanASlowOne() async throws {
        try await Self.withImpatientService { url in
            try await RawConnection.with(url) { connection in
                try await connection.send(Self.health)
                #expect(try await connection.receiveAnswer().head.status == 200)
                let idle = try await ContinuousClock().measure {
                    while try await connection.receive() != nil {}
                }
                #expect(idle > .milliseconds(1500))
            }
        }
    }

    @Test func aLaterRequestCountsFromItsFirstByte() async throws {
        try await Self.withImpatientService(idle: .seconds(600)) { url in
            try await RawConnection.with(url) { connection in
                for _ in 0..<3 {
                    try await connection.send(Self.health)
                    #expect(try await connection.receiveAnswer().head.status == 200)
                }
                try await connection.send("GET /hea")
                // By the idle time it would last ten minutes, which is longer than the suite may take.
                do { while try await connection.receive() != nil {} } catch is IOError {}
            }
        }
    }

    @Test func anOpenUploadIsNoIdleConnection() async throws {
        try await Self.withImpatientService { url in
            _ = try await RawConnection.post(url, "/createStream", #"{"StreamName":"gate"}"#)
            try await RawConnection.with(url) { connection in
                try await connection.sendPutMediaHead("gate")
                #expect(try await connection.receiveHead().status == 200)
                // Five seconds of silence, then the service says so: the connection is there.
                #expect(try await connection.receiveAcknowledgement()?.event == .idle)
                try await connection.endBody()
                #expect(try await connection.receiveAcknowledgement() == nil)
            }
        }
    }

    @Test(arguments: [
        "GET /health HTTP/1.1\r\nHost: test\r\nX-Large: " + String(repeating: "x", count: 70_000)
            + "\r\n\r\n",
        "GET /health HTTP/1.1\r\nHost: test\r\n"
            + (0..<1200).map { "X-\($0): \(String(repeating: "y", count: 80))\r\n" }.joined() + "\r\n",
        "GET /health HTTP/1.1\r\nHost: test\r\nX-Endless: " + String(repeating: "x", count: 2_000_000),
        "GET /" + String(repeating: "p", count: 200_000) + " HTTP/1.1\r\nHost: test\r\n\r\n",
    ])
    func aHeadThatIsTooLargeIsAnswered431(request: String) async throws {
        try await ServiceProcess.with { service in
            let url = await service.url
            try await RawConnection.with(url) { connection in
                let writer = connection.writer
                try await withThrowingTaskGroup(of: Void.self) { group in
                    // The service may close before it has all.
                    group.addTask { try? await writer.write(ByteBuffer(string: request)) }
                    let head = try await connection.receiveHead()
                    #expect(head.status == 431, "\(request.prefix(60))")
                    #expect(head.fields["connection"] == "close")
                    #expect(head.fields["x-amzn-requestid"]?.count == 36)
                    group.cancelAll()
                }
            }
            #expect(try await RawConnection.get(url, "/health").head.status == 200)
        }
    }

    @Test(arguments: [
        "NONSENSE\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u{16}\u{03}\u{01}\u{02}\u{00}",
        "POST /listStreams HTTP/1.1\r\nHost: t\r\nContent-Length: ten\r\n\r\n",
        "POST /listStreams HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
    ])
    func whatIsNoHTTPIsRefusedAndClosed(request: String) async throws {
        try await ServiceProcess.with { service in
            let url = await service.url
            try await RawConnection.with(url) { connection in
                try await connection.send(request)
                let head = try await connection.receiveHead()
                #expect(head.status == 400)
                #expect(head.fields["x-amzn-errortype"] == "InvalidArgumentException")
                #expect(head.fields["x-amzn-requestid"]?.count == 36)
            }
            #expect(try await RawConnection.get(url, "/health").head.status == 200)
        }
    }

    /// Behind a request that is still owed its answer, too, and in its turn.
    @Test(arguments: [
        ("Content-Length: abc\r\n", 400),
        ("X-Large: " + String(repeating: "x", count: 200_000) + "\r\n", 431),
    ])
    func whatIsNoHTTPBehindARequestIsRefusedInItsTurn(field: String, status: Int) async throws {
        try await ServiceProcess.with { service in
            try await RawConnection.with(await service.url) { connection in
                let request = "POST /listStreams HTTP/1.1\r\nHost: t\r\n"
                let writer = connection.writer
                try await withThrowingTaskGroup(of: Void.self) { group in
                    // The service may close before it has all.
                    group.addTask {
                        let text = "\(request)Content-Length: 2\r\n\r\n{}\(request)\(field)\r\n"
                        try? await writer.write(ByteBuffer(string: text))
                    }
                    #expect(try await connection.receiveAnswer().head.status == 200)
                    let head = try await connection.receiveHead()
                    #expect(head.status == status)
                    #expect(head.fields["x-amzn-errortype"] != nil && head.fields["connection"] == "close")
                    #expect(head.fields["x-amzn-requestid"]?.count == 36)
                    group.cancelAll()
                }
            }
        }
    }

    /// Who has nothing more to send gets all that was asked for.
    @Test func aListOfFragmentsIsSentWholeToWhoHasEndedTheSendingSide() async throws {
        try await ServiceProcess.with { service in
            let url = await service.url
            try await service.createStream("gate")
            var media = ProducerBody()
            media.header()
            for index in 0..<40 {
                try media.videoCluster(at: 1_763_820_202_000 + UInt64(index) * 200, frames: 5, size: 20_000)
            }
            let numbers = try await RawConnection.putMedia(url, "gate", media.bytes)
                .filter { $0.event == .persisted }.compactMap { $0.fragmentNumber?.padded }
            #expect(numbers.count == 40)
            let list = numbers.map { "\"\($0)\"" }.joined(separator: ",")
            let json = "{\"StreamName\":\"gate\",\"Fragments\":[\(list)]}"
            let bytes = try await RawConnection.with(url) { connection in
                try await connection.send(
                    "POST /getMediaForFragmentList HTTP/1.1\r\nHost: t\r\nContent-Length: \(json.utf8.count)\r\n\r\n\(json)"
                )
                connection.endSending()
                #expect(try await connection.receiveHead().status == 200)
                var bytes: [UInt8] = []
                while let chunk = try await connection.receiveChunk() { bytes += chunk }
                return bytes
            }
            #expect(ReceivedChunks.reading(bytes).map(\.number) == numbers)
        }
    }

    @Test(arguments: ["zz\r\n{}\r\n0\r\n\r\n", "2\r\n{}XX\r\n0\r\n\r\n", "FFFFFFFFFFFFFFFFF\r\n"])
    func aBodyWithBrokenChunksIsRefusedAndClosed(body: String) async throws {
        try await ServiceProcess.with { service in
            try await RawConnection.with(await service.url) { connection in
                try await connection.send(
                    "POST /listStreams HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n\(body)"
                )
                let head = try await connection.receiveHead()
                #expect(head.status == 400)
                #expect(head.fields["x-amzn-errortype"] == "InvalidArgumentException")
                #expect(head.fields["connection"] == "close")
            }
        }
    }

    @Test(arguments: ["", "Expect: 100-continue\r\n"])
    func aBodyThatIsAnnouncedTooLargeIsNotWaitedFor(more: String) async throws {
        try await ServiceProcess.with { service in
            try await RawConnection.with(await service.url) { connection in
                try await connection.send(
                    "POST /listStreams HTTP/1.1\r\nHost: t\r\nContent-Length: 99999999999\r\n\(more)\r\n"
                )
                #expect(try await connection.receiveHead().status == 413)
            }
        }
    }

    /// A connection that came in the last moment used to end the program before its producers had their due.
    @Test func aServiceThatEndsWhileConnectionsComeEndsInOrder() async throws {
        for _ in 0..<6 {
            try await ServiceProcess.with { service in
                let url = await service.url
                let opened = Watched(0)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<8 {
                        group.addTask {
                            while !Task.isCancelled {
                                // Nobody is let in any more at some point, which is no failure.
                                try? await RawConnection.with(url) { _ in opened.update { $0 += 1 } }
                            }
                        }
                    }
                    try await opened.wait { $0 >= 100 }
                    let status = await service.terminate()
                    let log = await service.log
                    #expect(status == 0, "\(log.suffix(2000))")
                    group.cancelAll()
                }
            }
        }
    }

    @Test func aThousandHalfOpenConnectionsTakeLittleAndLeaveNothing() async throws {
        try await ServiceProcess.with { service in
            let url = await service.url
            @Sendable func figures() async throws -> Metrics {
                let (_, body) = try await RawConnection.get(url, "/metrics")
                return try Metrics(String(decoding: body, as: UTF8.self))
            }
            let before = try await figures()
            let during = try await Self.holding(1000, url) { try await figures() }
            let opened = try #require(during["process_open_fds"]) - #require(before["process_open_fds"])
            #expect(opened >= 1000 && opened < 1100)
            let bytes =
                try #require(during["process_resident_memory_bytes"])
                - #require(before["process_resident_memory_bytes"])
            #expect(bytes < 100_000_000, "\(bytes) bytes for 1000 connections")
            let start = ContinuousClock.now
            while let open = try await figures()["process_open_fds"],
                open > (before["process_open_fds"] ?? 0) + 5
            {
                try #require(start.duration(to: .now) < .seconds(20), "\(open) descriptors are still open")
            }
        }
    }

    /// Opens connections that each have sent half a head, and runs `body` while they stay.
    private static func holding(
        _ count: Int,
        _ url: String,
        _ body: @escaping @Sendable () async throws -> Metrics
    ) async throws -> Metrics {
        let (opened, sink) = AsyncStream.makeStream(of: Void.self)
        return try await withThrowingTaskGroup(of: Metrics?.self) { group in
            for _ in 0..<count {
                group.addTask {
                    try await RawConnection.with(url) { connection in
                        // The first request shows that the service has accepted the connection.
                        try await connection.send(Self.health)
                        _ = try await connection.receiveAnswer()
                        try await connection.send("POST /listStreams HTTP/1.1\r\nHost: test\r\nX-Half: ")
                        sink.yield()
                        while try await connection.receive() != nil {}
                    }
                    return nil
                }
            }
            var iterator = opened.makeAsyncIterator()
            for _ in 0..<count { await iterator.next() }
            let metrics = try await body()
            group.cancelAll()
            return metrics
        }
    }

    @Test func anEndInOrderPaysWhatProducersAreOwed() async throws {
        try await ServiceProcess.with { service in
            try await service.createStream("gate")
            let url = await service.url
            try await RawConnection.with(url) { producer in
                try await producer.sendPutMediaHead("gate")
                var body = ProducerBody()
                body.header()
                for index in 0..<20 { try body.videoCluster(at: UInt64(index) * 1000) }
                try await producer.sendChunk(body.bytes)
                _ = try await producer.receiveHead()
                // The last of them has come in; the service is told to end while the archive is still written.
                var received: Set<FragmentNumber> = []
                var persisted: Set<FragmentNumber> = []
                func take(_ line: Acknowledgement) {
                    guard let number = line.fragmentNumber else { return }
                    if line.event == .received { received.insert(number) }
                    if line.event == .persisted { persisted.insert(number) }
                }
                while received.count < 19, let line = try await producer.receiveAcknowledgement() {
                    take(line)
                }
                let ending = Task { await service.terminate() }
                // An orderly end of the body, no broken connection.
                while let line = try await producer.receiveAcknowledgement() { take(line) }
                // The last fragment is whole, though nothing behind it says so.
                #expect(received.count == 20 && persisted == received)
                #expect(await ending.value == 0)
            }
        }
    }
}
