import Foundation
import KinescopeTesting
import KinesisVideo
import Matroska
import NIOCore
import Testing

/// What has been acknowledged as PERSISTED is there after any end of the service.
@Suite(.serialized, .timeLimit(.minutes(10))) struct DurabilityTests {
    /// Uploads until the connection breaks.
    ///
    /// - Returns: frames of each fragment whose PERSISTED was read, by number.
    private static func upload(
        _ url: String,
        _ stream: String,
        persisted: @escaping @Sendable (Int) async -> Void
    ) async throws -> [String: [EncodedFrame]] {
        try await RawConnection.with(url) { connection in
            try await connection.sendPutMediaHead(stream)
            let writer = connection.writer
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    var body = ProducerBody()
                    body.header()
                    for index in 0..<100_000 {
                        try body.videoCluster(at: fragmentStart(index), frames: 5, size: 2000)
                        let chunk =
                            Array("\(String(body.bytes.count, radix: 16))\r\n".utf8) + body.bytes
                            + Array("\r\n".utf8)
                        // The other end goes away in the middle: that is what this is about.
                        do { try await writer.write(ByteBuffer(bytes: chunk)) } catch { return }
                        body = ProducerBody()
                    }
                }
                var kept: [String: [EncodedFrame]] = [:]
                do {
                    _ = try await connection.receiveHead()
                    while let line = try await connection.receiveAcknowledgement() {
                        guard line.event == .persisted, let number = line.fragmentNumber,
                            let timecode = line.fragmentTimecode
                        else { continue }
                        kept[number.padded] = (0..<5).map {
                            ProducerBody.frame(1, timecode + Int64($0) * 40, isKey: $0 == 0, size: 2000)
                        }
                        await persisted(kept.count)
                    }
                } catch {
                    // The service was killed.
                }
                group.cancelAll()
                try await group.waitForAll()
                return kept
            }
        }
    }

    private static func fragmentStart(_ index: Int) -> UInt64 {
        1_763_820_202_000 + UInt64(index) * 200
    }

    @Test func whatWasPersistedOutlivesKills() async throws {
        try await ServiceProcess.with { service in
            var kept: [String: [EncodedFrame]] = [:]
            for (round, goal) in [1, 40, 7, 150, 3].enumerated() {
                let stream = "gate-\(round)"
                try await service.createStream(stream)
                let url = await service.url
                kept = try await Self.upload(url, stream) { count in
                    if count == goal { await service.kill() }
                }
                #expect(kept.count >= goal)
                try await service.start()
                let listed = Set(try await service.fragments(stream).map(\.fragmentNumber))
                #expect(listed.isSuperset(of: kept.keys))
                let media = try await service.media(stream)
                let frames = Dictionary(media.map { ($0.number, $0.frames) }) { first, _ in first }
                #expect(frames.count == media.count, "a fragment came twice")
                for (number, sent) in kept { #expect(frames[number] == sent, "fragment \(number)") }
                // Whatever else is listed can be read as well.
                #expect(Set(frames.keys) == listed)
            }
        }
    }

    /// Kills under load; `KINESCOPE_KILLS` asks for more.
    private static let kills =
        ProcessInfo.processInfo.environment["KINESCOPE_KILLS"].flatMap { Int($0) } ?? 15

    /// Uploads to several streams at once; the service is killed when so many fragments are PERSISTED in all.
    private static func uploads(
        to streams: [String],
        of service: ServiceProcess,
        killedAfter goal: Int
    ) async throws -> [String: [String: [EncodedFrame]]] {
        let url = await service.url
        let counter = PersistedCounter()
        return await withTaskGroup(of: (String, [String: [EncodedFrame]]).self) { group in
            for stream in streams {
                group.addTask {
                    // The service may be gone before the last of them has connected.
                    let sent = try? await upload(url, stream) { _ in
                        if await counter.add() == goal { await service.kill() }
                    }
                    return (stream, sent ?? [:])
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    private actor PersistedCounter {
        private var count = 0

        func add() -> Int {
            count += 1
            return count
        }
    }

    @Test func killsUnderLoadLoseNothingAndRepeatNothing() async throws {
        try await ServiceProcess.with { service in
            let streams = (0..<4).map { "gate-\($0)" }
            for stream in streams { try await service.createStream(stream) }
            var kept: [String: [String: [EncodedFrame]]] = [:]
            for round in 0..<Self.kills {
                let goal = Int.random(in: 1...80)
                for (stream, sent) in try await Self.uploads(to: streams, of: service, killedAfter: goal) {
                    kept[stream, default: [:]].merge(sent) { first, _ in first }
                }
                // A check reads everything: in a long run not after each kill.
                if round < 15 || round % 10 == 9 {
                    let check = try await service.program.run("check", service.dataFolder)
                    #expect(check.status == 0, "kill \(round) after \(goal) PERSISTED: \(check.text)")
                }
                try await service.start()
            }
            for stream in streams {
                let sent = kept[stream] ?? [:]
                let listed = try await service.fragments(stream).map(\.fragmentNumber)
                #expect(Set(listed).count == listed.count, "a fragment is listed twice")
                #expect(Set(listed).isSuperset(of: sent.keys))
                let media = try await service.media(stream)
                let frames = Dictionary(media.map { ($0.number, $0.frames) }) { first, _ in first }
                #expect(frames.count == media.count, "a fragment came twice")
                for (number, sent) in sent { #expect(frames[number] == sent, "fragment \(number)") }
                #expect(Set(frames.keys) == Set(listed))
                print("\(stream): \(sent.count) PERSISTED before \(Self.kills) kills, \(listed.count) kept")
            }
        }
    }

    @Test func uploadsGoOnBehindWhatAKillLeft() async throws {
        try await ServiceProcess.with { service in
            try await service.createStream("gate")
            let url = await service.url
            _ = try await Self.upload(url, "gate") { count in if count == 5 { await service.kill() } }
            try await service.start()
            let before = try await service.media("gate").map(\.number)
            var body = ProducerBody()
            body.header()
            for index in 0..<3 { try body.videoCluster(at: UInt64(index) * 1000) }
            let lines = try await RawConnection.putMedia(await service.url, "gate", body.bytes)
            let added = lines.filter { $0.event == .persisted }.compactMap { $0.fragmentNumber?.padded }
            #expect(added.count == 3)
            #expect(try await service.media("gate").map(\.number) == before + added)
        }
    }

    @Test func aKilledServiceLeavesStreamsAndVersionsAsTheyWere() async throws {
        try await ServiceProcess.with { service in
            for index in 0..<5 { try await service.createStream("gate-\(index)", hours: index) }
            let before = try await service.run("streams", "--json").text
            await service.kill()
            try await service.start()
            #expect(try await service.run("streams", "--json").text == before)
        }
    }

    @Test func sigtermEndsTheServiceWithReadersAndProducersOpen() async throws {
        try await ServiceProcess.with { service in
            try await service.createStream("gate")
            let url = await service.url
            try await RawConnection.with(url) { producer in
                try await producer.sendPutMediaHead("gate")
                var body = ProducerBody()
                body.header()
                try body.videoCluster(at: 0)
                try body.videoCluster(at: 1000)
                try await producer.sendChunk(body.bytes)
                _ = try await producer.receiveHead()
                // The second Cluster completes the first.
                while let line = try await producer.receiveAcknowledgement(), line.event != .persisted {}
                try await RawConnection.with(url) { reader in
                    #expect(
                        try await reader.openMedia("gate", selector: #"{"StartSelectorType":"EARLIEST"}"#)
                            .status == 200
                    )
                    try await RawConnection.with(url) { idle in
                        _ = try await idle.openMedia("gate", selector: #"{"StartSelectorType":"NOW"}"#)
                        let status = await service.terminate()
                        let log = await service.log
                        try #require(status == 0, "\(log.suffix(2000))")
                    }
                }
            }
            try await service.start()
            #expect(try await service.media("gate").first?.frames.count == 3)
        }
    }
}
