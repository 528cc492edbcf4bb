import Foundation
import KinescopeTesting
import KinesisVideo
import Synchronization
import Testing

/// Readers and producers that come and go while others are at work.
@Suite(.serialized, .timeLimit(.minutes(3))) struct LiveReadingTests {
    /// A producer that sends a fragment when the one before has been received, until it is cancelled.
    private static func produce(_ url: String, _ stream: String, from start: UInt64) async throws {
        try await RawConnection.with(url) { connection in
            try await connection.sendPutMediaHead(stream)
            var body = ProducerBody()
            body.header()
            var index: UInt64 = 0
            while !Task.isCancelled {
                try body.videoCluster(at: start + index * 200, frames: 5, size: 500)
                try await connection.send(body.bytes, isFirst: index == 0)
                body = ProducerBody()
                index += 1
            }
        }
    }

    @Test func aFollowerGetsEveryFragmentOnceFromTheArchiveIntoTheLiveEdge() async throws {
        // A live buffer of one second: the reader has to start in the archive and catch up.
        try await ServiceProcess.with("--live-buffer", "1") { service in
            try await service.createStream("gate")
            let url = await service.url
            var archived = ProducerBody()
            archived.header()
            for index in 0..<200 {
                try archived.videoCluster(at: 1_763_820_000_000 + UInt64(index) * 200, frames: 5, size: 500)
            }
            _ = try await RawConnection.putMedia(url, "gate", archived.bytes)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await Self.produce(url, "gate", from: 1_763_820_202_000) }
                let follower = try await service.start("get", "gate", "-o", "-", "--follow")
                var received = ReceivedChunks()
                for await part in follower.output {
                    received.take(part)
                    if received.chunks.count >= 320 { break }
                }
                follower.send(SIGTERM)
                #expect(await follower.exitStatus() == 0)
                let listed = try await service.fragments("gate").map(\.fragmentNumber)
                let numbers = received.chunks.map(\.number)
                #expect(numbers.count >= 320)
                #expect(numbers == Array(listed.prefix(numbers.count)))
                #expect(received.chunks.allSatisfy { $0.frames.count == 5 })
                group.cancelAll()
            }
        }
    }

    @Test func twoReadersOfOneStreamGetTheSame() async throws {
        try await ServiceProcess.with { service in
            try await service.createStream("gate")
            let url = await service.url
            let chunks = try await withThrowingTaskGroup(of: [String].self) { group in
                group.addTask {
                    try await Self.produce(url, "gate", from: 1_763_820_202_000)
                    return []
                }
                for _ in 0..<2 {
                    group.addTask {
                        try await RawConnection.with(url) { reader in
                            _ = try await reader.openMedia(
                                "gate",
                                selector: #"{"StartSelectorType":"EARLIEST"}"#
                            )
                            var received = ReceivedChunks()
                            while received.chunks.count < 40, let part = try await reader.receiveChunk() {
                                received.take(part)
                            }
                            return Array(received.chunks.map(\.number).prefix(40))
                        }
                    }
                }
                var results: [[String]] = []
                while results.count < 2, let result = try await group.next() { results.append(result) }
                group.cancelAll()
                return results
            }
            #expect(chunks[0] == chunks[1] && chunks[0].count == 40)
        }
    }

    @Test(arguments: [false, true])
    func aReaderThatLeavesWhileNothingComesIsNoticed(reset: Bool) async throws {
        try await ServiceProcess.with { service in
            try await service.createStream("gate")
            try await RawConnection.with(await service.url) { reader in
                _ = try await reader.openMedia("gate", selector: #"{"StartSelectorType":"NOW"}"#)
                try await service.wait { try await service.statistics("gate")?.readers == 1 }
                try await reader.abort(reset: reset)
            }
            try await service.wait { try await service.statistics("gate")?.readers == 0 }
        }
    }

    @Test func connectionsThatBreakOffHurtNobodyElse() async throws {
        try await ServiceProcess.with { service in
            for stream in ["gate", "broken"] { try await service.createStream(stream) }
            let url = await service.url
            let whole = try await withThrowingTaskGroup(of: [Acknowledgement].self) { group in
                // One producer in order, sent piece by piece while the others break off.
                group.addTask {
                    try await RawConnection.with(url) { connection in
                        try await connection.sendPutMediaHead("gate")
                        var body = ProducerBody()
                        body.header()
                        var lines: [Acknowledgement] = []
                        for index in 0..<50 {
                            try body.videoCluster(at: UInt64(index) * 1000)
                            lines += try await connection.send(body.bytes, isFirst: index == 0)
                            body = ProducerBody()
                        }
                        try await connection.endBody()
                        return try await lines + connection.receiveAcknowledgements()
                    }
                }
                for index in 0..<50 {
                    try await Self.breakOff(url, at: index)
                }
                return try await group.next() ?? []
            }
            #expect(whole.count { $0.event == .persisted } == 50)
            #expect(whole.allSatisfy { $0.event != .error })
            #expect(try await service.media("gate").count == 50)
            // What was cut is not there, what was whole is.
            #expect(try await service.media("broken").allSatisfy { $0.frames.count == 3 })
            try await service.wait { try await service.statistics("broken")?.readers == 0 }
            var body = ProducerBody()
            body.header()
            try body.videoCluster(at: 0)
            #expect(try await RawConnection.putMedia(url, "broken", body.bytes).last?.event == .persisted)
        }
    }

    /// A reader or producer that goes away at a place that depends on `index`, with FIN or RST.
    private static func breakOff(_ url: String, at index: Int) async throws {
        try await RawConnection.with(url) { connection in
            if index % 2 == 0 {
                let head = try await connection.openMedia(
                    "gate",
                    selector: #"{"StartSelectorType":"EARLIEST"}"#
                )
                #expect(head.status == 200)
                for _ in 0..<(index % 5) { _ = try await connection.receive() }
            } else {
                var body = ProducerBody()
                body.header()
                try body.videoCluster(at: 0)
                try body.videoCluster(at: 1000)
                try await connection.sendPutMediaHead("broken")
                // The stream takes two producers; those before may still be on their way out.
                let head = try await connection.receiveHead()
                if head.status == 200 {
                    try await connection.sendChunk(
                        Array(body.bytes[..<(body.bytes.count * (index + 1) / 50)])
                    )
                }
            }
            try await connection.abort(reset: index % 3 == 0)
        }
    }
}

extension RawConnection {
    /// Sends a part of a body that begins a fragment; returns when the fragment before has been received.
    ///
    /// - Returns: the acknowledgements that came meanwhile.
    @discardableResult
    fileprivate func send(_ bytes: [UInt8], isFirst: Bool) async throws -> [Acknowledgement] {
        try await sendChunk(bytes)
        guard !isFirst else {
            _ = try await receiveHead()
            return []
        }
        var lines: [Acknowledgement] = []
        while let line = try await receiveAcknowledgement() {
            lines.append(line)
            if line.event == .received || line.event == .error { break }
        }
        return lines
    }
}
