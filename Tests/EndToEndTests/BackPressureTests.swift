import FragmentStorage
import KinescopeTesting
import KinesisVideo
import KinesisVideoServer
import NIOCore
import Testing

/// A producer that sends faster than the service may take is slowed down, not refused; one that falls silent is let go.
@Suite(.serialized, .timeLimit(.minutes(2))) struct BackPressureTests {
    private static let frameBytes = 100_000

    /// Sends fragments of half a megabyte each and ends the body.
    private static func send(_ count: Int, by writer: NIOAsyncChannelOutboundWriter<ByteBuffer>) async throws
    {
        var body = ProducerBody()
        body.header()
        for index in 0..<count {
            try body.videoCluster(at: UInt64(index) * 1000, frames: 5, size: frameBytes)
            let size = String(body.bytes.count, radix: 16)
            try await writer.write(
                ByteBuffer(bytes: Array("\(size)\r\n".utf8) + body.bytes + Array("\r\n".utf8))
            )
            body = ProducerBody()
        }
        try await writer.write(ByteBuffer(string: "0\r\n\r\n"))
    }

    /// Sends two fragments, a second each and the later one less its last bytes, and leaves the body open.
    private static func beginUpload(leavingOut cut: Int = 0, by connection: RawConnection) async throws {
        try await connection.sendPutMediaHead("gate")
        var body = ProducerBody()
        body.header()
        try body.videoCluster(at: 0)
        try body.videoCluster(at: 1000)
        try await connection.sendChunk(Array(body.bytes.dropLast(cut)))
        _ = try await connection.receiveHead()
    }

    private static func createStream(_ url: String, _ name: String, hours: Int) async throws {
        let body = #"{"StreamName":"\#(name)","DataRetentionInHours":\#(hours)}"#
        let answer = try await RawConnection.exchange(
            url,
            "POST /createStream HTTP/1.1\r\nHost: test\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        )
        #expect(answer.head.status == 200)
    }

    @Test func aDiskThatStallsHoldsProducersUpAndNothingElse() async throws {
        let disk = StallingDisk()
        var settings = StoreConfiguration()
        settings.queueBytes = 4_000_000
        let fragments = 60
        try await LoopbackService.with(store: settings, calls: disk) { url in
            try await Self.createStream(url, "gate", hours: 1)
            try await Self.createStream(url, "memory", hours: 0)
            try await RawConnection.with(url) { connection in
                try await connection.sendPutMediaHead("gate")
                let sender = connection.writer
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await Self.send(fragments, by: sender) }
                    _ = try await connection.receiveHead()
                    var events: [Acknowledgement.Event] = []
                    while events.count(where: { $0 == .received }) < 8,
                        let line = try await connection.receiveAcknowledgement()
                    {
                        events.append(line.event)
                    }
                    // A stream without an archive waits for no disk.
                    var body = ProducerBody()
                    body.header()
                    for index in 0..<20 {
                        try body.videoCluster(at: UInt64(index) * 1000, frames: 5, size: Self.frameBytes)
                    }
                    let others = try await RawConnection.putMedia(url, "memory", body.bytes)
                    #expect(
                        others.map(\.event)
                            == Array(repeating: [.buffering, .received], count: 20).flatMap { $0 }
                    )

                    disk.release()
                    while let line = try await connection.receiveAcknowledgement() {
                        events.append(line.event)
                    }
                    try await group.waitForAll()
                    let ahead = events.prefix(while: { $0 != .persisted }).count { $0 == .received }
                    #expect(ahead == 8, "so many fragments were taken in while none could be written")
                    #expect(events.count { $0 == .persisted } == fragments)
                    #expect(!events.contains(.error))
                }
            }
        }
    }

    @Test(arguments: [0, 2])
    func anUploadThatFallsSilentEndsAsIfItsBodyDid(cut: Int) async throws {
        try await LoopbackService.with({ $0.patience.silence = .seconds(1) }) { url in
            try await Self.createStream(url, "gate", hours: 1)
            try await RawConnection.with(url) { connection in
                try await Self.beginUpload(leavingOut: cut, by: connection)
                let events = try await connection.receiveAcknowledgements().map {
                    "\($0.event) \($0.fragmentTimecode ?? -1)"
                }
                // What is not whole is dropped without a word.
                let last = cut == 0 ? ["received 1000", "persisted 1000"] : []
                #expect(
                    events.sorted()
                        == (["buffering 0", "received 0", "persisted 0", "buffering 1000"] + last).sorted()
                )
            }
        }
    }

    @Test func aConnectionThatIsTooOldEndsWith4003BehindWhatItIsOwed() async throws {
        try await LoopbackService.with({ $0.patience.age = .seconds(1) }) { url in
            try await Self.createStream(url, "gate", hours: 1)
            try await RawConnection.with(url) { connection in
                try await Self.beginUpload(by: connection)
                let lines = try await connection.receiveAcknowledgements()
                #expect(lines.prefix { $0.event != .error }.contains { $0.event == .persisted })
                #expect(lines.last?.error?.id == 4003)
                #expect(lines.count { $0.event == .error } == 1)
            }
            // The next connection of the same producer is taken at once.
            var body = ProducerBody()
            body.header()
            try body.videoCluster(at: 1000)
            let lines = try await RawConnection.putMedia(url, "gate", body.bytes)
            #expect(lines.map(\.event) == [.buffering, .received, .persisted])
        }
    }

    @Test func noAcknowledgementIsLeftOutHoweverLateItIsRead() async throws {
        let fragments = 12_000
        try await ServiceProcess.with { service in
            try await service.createStream("gate")
            try await RawConnection.with(await service.url) { connection in
                try await connection.sendPutMediaHead("gate")
                var body = ProducerBody()
                body.header()
                for index in 0..<fragments { try body.videoCluster(at: UInt64(index) * 100, frames: 1) }
                // The last one begins ahead of the end of the one before it.
                try body.videoCluster(at: 0)
                try await connection.sendChunk(body.bytes)
                try await connection.endBody()
                _ = try await connection.receiveHead()
                let lines = try await connection.receiveAcknowledgements()
                for event in [Acknowledgement.Event.received, .persisted] {
                    let timecodes = lines.filter { $0.event == event }.map(\.fragmentTimecode)
                    #expect(timecodes == (0..<fragments).map { Int64($0) * 100 }, "\(event)")
                }
                #expect(lines.last?.error?.id == 4004)
                #expect(lines.count { $0.event == .error } == 1)
            }
        }
    }

    @Test func theFragmentsOfTheRealServiceAreKeptByReadingSlower() async throws {
        let fragments = 14
        try await ServiceProcess.with("--limits", "aws") { service in
            try await service.createStream("gate")
            var body = ProducerBody()
            body.header()
            for index in 0..<fragments { try body.videoCluster(at: UInt64(index) * 100, frames: 1) }
            let start = ContinuousClock.now
            let url = await service.url
            let lines = try await RawConnection.with(url) { [bytes = body.bytes] connection in
                try await connection.sendPutMediaHead("gate")
                // A producer sends a fragment at a time.
                for part in stride(from: 0, to: bytes.count, by: 100) {
                    try await connection.sendChunk(Array(bytes[part..<min(part + 100, bytes.count)]))
                    await Task.yield()
                }
                try await connection.endBody()
                _ = try await connection.receiveHead()
                return try await connection.receiveAcknowledgements()
            }
            #expect(lines.count { $0.event == .persisted } == fragments)
            // Of 14 a second's worth of five may come at once; the last is not waited for.
            #expect(start.duration(to: .now) >= .milliseconds(1500))
        }
    }

    @Test func theBandwidthOfTheRealServiceIsKeptByReadingSlower() async throws {
        let fragments = 60
        try await ServiceProcess.with("--limits", "aws") { service in
            try await service.createStream("gate")
            let url = await service.url
            let start = ContinuousClock.now
            let lines = try await RawConnection.with(url) { connection in
                try await connection.sendPutMediaHead("gate")
                let sender = connection.writer
                return try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await Self.send(fragments, by: sender) }
                    _ = try await connection.receiveHead()
                    return try await connection.receiveAcknowledgements()
                }
            }
            // Of 30 MB one second's worth may come at once.
            #expect(start.duration(to: .now) >= .milliseconds(1350))
            #expect(lines.count { $0.event == .persisted } == fragments)
            #expect(!lines.contains { $0.event == .error })
        }
    }
}
