import Foundation
import KinescopeTesting
import KinesisVideo
import Testing

/// States of streams and quotas, as clients meet them: 02 Control plane, "State machine"; 09 Limits and quotas.
@Suite(.timeLimit(.minutes(2))) struct StreamLifeTests {
    private static func info(_ url: String, _ name: String) async throws -> StreamInfo? {
        let (head, body) = try await RawConnection.post(url, "/describeStream", #"{"StreamName":"\#(name)"}"#)
        guard head.status == 200 else { return nil }
        return try JSONDecoder().decode(DescribeStream.Output.self, from: Data(body)).streamInfo
    }

    /// Status and name of the error that answers a call; "ok" without one.
    private static func outcome(_ url: String, _ path: String, _ json: String) async throws -> String {
        let (head, _) = try await RawConnection.post(url, path, json)
        return head.status == 200 ? "ok" : "\(head.status) \(head.fields["x-amzn-errortype"] ?? "")"
    }

    private static func update(_ info: StreamInfo) -> String {
        #"{"StreamName":"\#(info.streamName)","CurrentVersion":"\#(info.version)","DeviceName":"cam"}"#
    }

    /// An hour in each state: what is seen here comes from the calls and the restarts, never from the clock.
    @Test func aKilledServiceSettlesWhatWasUnderWay() async throws {
        let inUse = "400 ResourceInUseException"
        try await ServiceProcess.with("--transition-delay", "3600") { service in
            try await service.createStream("gate")
            var url = await service.url
            let created = try #require(try await Self.info(url, "gate"))
            #expect(created.status == .creating)
            #expect(try await Self.outcome(url, "/createStream", #"{"StreamName":"gate"}"#) == inUse)
            #expect(try await Self.outcome(url, "/updateStream", Self.update(created)) == inUse)
            let deletion = #"{"StreamARN":"\#(created.streamARN)"}"#
            #expect(try await Self.outcome(url, "/deleteStream", deletion) == inUse)
            let media = #"{"StreamName":"gate","StartSelector":{"StartSelectorType":"NOW"}}"#
            #expect(try await Self.outcome(url, "/getMedia", media) == "404 ResourceNotFoundException")

            await service.kill()
            try await service.start()
            url = await service.url
            let active = try #require(try await Self.info(url, "gate"))
            #expect(active.status == .active && active.version == created.version)
            #expect(try await Self.outcome(url, "/updateStream", Self.update(active)) == "ok")
            let updating = try #require(try await Self.info(url, "gate"))
            #expect(updating.status == .updating && updating.version != active.version)
            #expect(try await Self.outcome(url, "/updateStream", Self.update(updating)) == inUse)
            // Tags are no metadata of the stream: they change in every state.
            let tags = #"{"StreamName":"gate","Tags":{"a":"b"}}"#
            #expect(try await Self.outcome(url, "/tagStream", tags) == "ok")

            await service.kill()
            try await service.start()
            url = await service.url
            #expect(try await Self.info(url, "gate")?.deviceName == "cam")
            #expect(try await Self.info(url, "gate")?.status == .active)
            #expect(try await Self.outcome(url, "/deleteStream", deletion) == "ok")
            #expect(try await Self.info(url, "gate")?.status == .deleting)
            #expect(try await Self.outcome(url, "/deleteStream", deletion) == inUse)
            #expect(try await Self.outcome(url, "/createStream", #"{"StreamName":"gate"}"#) == inUse)
            #expect(try await service.run("streams").text.contains("DELETING"))

            await service.kill()
            try await service.start()
            #expect(try await Self.info(await service.url, "gate") == nil)
            try await service.createStream("gate")
        }
    }

    @Test func aDeletedStreamLetsGoOfItsProducersAndReaders() async throws {
        try await ServiceProcess.with("--transition-delay", "3600") { service in
            try await service.createStream("gate")
            await service.kill()
            try await service.start()
            let url = await service.url
            let info = try #require(try await Self.info(url, "gate"))
            try await RawConnection.with(url) { producer in
                try await producer.sendPutMediaHead("gate")
                var body = ProducerBody()
                body.header()
                try body.videoCluster(at: 0)
                try body.videoCluster(at: 1000)
                try await producer.sendChunk(body.bytes)
                _ = try await producer.receiveHead()
                while let line = try await producer.receiveAcknowledgement(), line.event != .persisted {}
                try await RawConnection.with(url) { reader in
                    _ = try await reader.openMedia("gate", selector: #"{"StartSelectorType":"EARLIEST"}"#)
                    _ = try await reader.receiveChunk()
                    let deletion = #"{"StreamARN":"\#(info.streamARN)","CurrentVersion":"\#(info.version)"}"#
                    #expect(try await Self.outcome(url, "/deleteStream", deletion) == "ok")
                    while try await reader.receiveChunk() != nil {}
                }
                let last = try await producer.receiveAcknowledgements().last
                #expect(last?.event == .error && last?.error?.id == 4008)
                #expect(last?.fragmentTimecode == 1000 && last?.fragmentNumber != nil)
                // A producer that sends on is not cut off before it has read why.
                // More than the sockets hold: somebody reads it.
                try await producer.sendChunk([UInt8](repeating: 0, count: 32 << 20))
            }
            let selector =
                #"{"FragmentSelectorType":"SERVER_TIMESTAMP","TimestampRange":{"StartTimestamp":0,"EndTimestamp":1}}"#
            for (path, json) in [
                ("/listFragments", #"{"StreamName":"gate","FragmentSelector":\#(selector)}"#),
                ("/getMediaForFragmentList", #"{"StreamName":"gate","Fragments":["1"]}"#),
            ] {
                #expect(try await Self.outcome(url, path, json) == "404 ResourceNotFoundException")
            }
        }
    }

    @Test func transitionsEndByThemselves() async throws {
        try await ServiceProcess.with("--transition-delay", "0.5") { service in
            // The command waits until the stream is ACTIVE.
            #expect(try await service.run("create", "gate", "--retention", "3").status == 0)
            #expect(try await service.run("retention", "gate", "5").status == 0)
            let url = await service.url
            let info = try #require(try await Self.info(url, "gate"))
            #expect(info.status == .active && info.dataRetentionInHours == 5)
            #expect(try await service.run("delete", "gate").status == 0)
            while try await Self.info(url, "gate") != nil {}
            #expect(try await service.run("delete", "gate").status == 3)
        }
    }

    @Test func callRatesHoldOnlyWhereTheyAreAskedFor() async throws {
        let json = #"{"StreamName":"gate"}"#
        let request =
            "POST /describeStream HTTP/1.1\r\nHost: test\r\nContent-Length: \(json.utf8.count)\r\n\r\n\(json)"
        for (limits, isLimited) in [("aws", true), ("none", false)] {
            try await ServiceProcess.with("--limits", limits) { service in
                try await service.createStream("gate")
                // In one go, so that all come in well under a second.
                let errors = try await RawConnection.with(await service.url) { connection in
                    try await connection.send(String(repeating: request, count: 40))
                    var errors: [String?] = []
                    for _ in 0..<40 {
                        let head = try await connection.receiveHead()
                        let length = head.fields["content-length"].flatMap { Int($0) } ?? 0
                        _ = try await connection.receive(exactly: length)
                        errors.append(head.fields["x-amzn-errortype"])
                    }
                    return errors
                }
                #expect(errors.prefix(5).allSatisfy { $0 == nil })
                #expect(errors.contains("ClientLimitExceededException") == isLimited)
                #expect(try await service.run("streams").status == 0)
                // Arguments and existence come before the rate.
                let url = await service.url
                #expect(
                    try await Self.outcome(url, "/describeStream", "{}") == "400 InvalidArgumentException"
                )
                #expect(
                    try await Self.outcome(url, "/describeStream", #"{"StreamName":"none"}"#)
                        == "404 ResourceNotFoundException"
                )
            }
        }
    }

    private static let fromNow = #"{"StartSelectorType":"NOW"}"#

    /// Runs `body` while so many readers are on the stream `gate`.
    private static func withReaders(
        _ count: Int,
        _ url: String,
        _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        guard count > 0 else { return try await body() }
        try await RawConnection.with(url) { reader in
            #expect(try await reader.openMedia("gate", selector: fromNow).status == 200)
            try await withReaders(count - 1, url, body)
        }
    }

    @Test func aFourthReaderHasToWaitUntilOneLeaves() async throws {
        try await ServiceProcess.with("--limits", "aws") { service in
            try await service.createStream("gate")
            let url = await service.url
            @Sendable func read() async throws -> RawConnection.Head {
                try await RawConnection.with(url) { try await $0.openMedia("gate", selector: Self.fromNow) }
            }
            try await Self.withReaders(2, url) {
                try await Self.withReaders(1, url) {
                    let head = try await read()
                    #expect(head.status == 400)
                    #expect(head.fields["x-amzn-errortype"] == "ConnectionLimitExceededException")
                }
                // The service notices a moment later that the third has gone; the rate refuses some tries.
                while try await read().status != 200 {}
            }
        }
    }
}
