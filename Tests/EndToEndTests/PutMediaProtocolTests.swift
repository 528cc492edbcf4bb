import Foundation
import KinescopeTesting
import KinesisVideo
import Matroska
import Testing

/// PutMedia on the wire, as producers that are not ours see it.
@Suite(.serialized, .timeLimit(.minutes(2))) struct PutMediaProtocolTests {
    private static func body(fragments: Int, from start: UInt64 = 1_763_820_196_000) throws -> [UInt8] {
        var body = ProducerBody()
        body.header()
        for index in 0..<fragments { try body.videoCluster(at: start + UInt64(index) * 1000) }
        return body.bytes
    }

    @Test func acknowledgementsOfAFragmentComeInOrder() async throws {
        try await ServiceProcess.with { service in
            try await service.createStream("gate")
            let lines = try await RawConnection.putMedia(service.url, "gate", try Self.body(fragments: 4))
            let numbers = try await service.fragments("gate").map(\.fragmentNumber)
            #expect(numbers.count == 4)
            for number in numbers {
                let events = lines.filter { $0.fragmentNumber?.padded == number }.map(\.event)
                #expect(events == [.buffering, .received, .persisted])
            }
            for event in [Acknowledgement.Event.buffering, .received, .persisted] {
                let timecodes = lines.filter { $0.event == event }.map(\.fragmentTimecode)
                #expect(timecodes == (0..<4).map { 1_763_820_196_000 + $0 * 1000 })
            }
            #expect(lines.count == 12)
        }
    }

    @Test func withoutRetentionNothingIsPersisted() async throws {
        try await ServiceProcess.with { service in
            try await service.createStream("gate", hours: 0)
            let lines = try await RawConnection.putMedia(service.url, "gate", try Self.body(fragments: 2))
            #expect(lines.filter { $0.event == .received }.count == 2)
            #expect(lines.allSatisfy { $0.event == .buffering || $0.event == .received })
        }
    }

    @Test func aBrokenBodyIsAReadErrorBehindWhatIsOwed() async throws {
        try await ServiceProcess.with { service in
            try await service.createStream("gate")
            try await RawConnection.with(await service.url) { connection in
                try await connection.sendPutMediaHead("gate")
                try await connection.sendChunk(try Self.body(fragments: 2))
                _ = try await connection.receiveHead()
                var events: [Acknowledgement.Event] = []
                while let line = try await connection.receiveAcknowledgement() {
                    events.append(line.event)
                    if line.event == .persisted { try await connection.send("zz\r\n") }
                    if line.event == .error { #expect(line.error?.id == 4000) }
                }
                #expect(
                    events.sorted { $0.rawValue < $1.rawValue }.map(\.rawValue)
                        == ["BUFFERING", "BUFFERING", "ERROR", "PERSISTED", "RECEIVED"]
                )
                #expect(events.last == .error)
            }
            #expect(try await service.fragments("gate").count == 1)
        }
    }

    @Test(arguments: ["1e400", String(repeating: "9", count: 400), "1e30", "-5"])
    func anAbsurdStartIsToldOfWithTheFirstFragment(start: String) async throws {
        try await ServiceProcess.with { service in
            try await service.createStream("gate")
            try await RawConnection.with(await service.url) { connection in
                try await connection.sendPutMediaHead("gate", timecodes: "RELATIVE", start: start)
                #expect(try await connection.receiveHead().status == 200)
                try await connection.sendChunk(try Self.body(fragments: 1, from: 0))
                try await connection.endBody()
                #expect(try await connection.receiveAcknowledgements().map(\.error?.id) == [4007])
            }
        }
    }

    @Test func theHeadIsAnsweredBeforeAnyMedia() async throws {
        try await ServiceProcess.with { service in
            try await service.createStream("gate")
            let url = await service.url
            try await RawConnection.with(url) { connection in
                // Nothing of the body is sent before both have come.
                try await connection.sendPutMediaHead("gate", more: "Expect: 100-continue\r\n")
                #expect(try await connection.receiveHead().status == 100)
                let head = try await connection.receiveHead()
                #expect(head.status == 200)
                #expect(head.fields["content-type"] == "application/json")
                #expect(head.fields["transfer-encoding"] == "chunked")
                #expect(head.fields["x-amzn-requestid"]?.isEmpty == false)
                try await connection.endBody()
                #expect(try await connection.receiveAcknowledgements().isEmpty)
            }
        }
    }

    @Test func anEndOfFragmentTagIsAcknowledgedWhileTheBodyGoesOn() async throws {
        try await ServiceProcess.with { service in
            try await service.createStream("gate")
            try await RawConnection.with(await service.url) { connection in
                var body = ProducerBody()
                body.header()
                try body.videoCluster(at: 5000)
                body.tag(ServiceTags.endOfFragment, "")
                try await connection.sendPutMediaHead("gate", timecodes: "RELATIVE", start: "1763820196.48")
                try await connection.sendChunk(body.bytes)
                _ = try await connection.receiveHead()
                for event in [Acknowledgement.Event.buffering, .received, .persisted] {
                    #expect(try await connection.receiveAcknowledgement()?.event == event)
                }
                try await connection.endBody()
                #expect(try await connection.receiveAcknowledgement() == nil)
            }
            #expect(
                try await service.fragments("gate").map(\.producerTimestamp) == ["2025-11-22T14:03:21.480Z"]
            )
        }
    }

    @Test func quietBodiesAreAnsweredQuietly() async throws {
        try await ServiceProcess.with { service in
            try await service.createStream("gate")
            var tag = ProducerBody()
            tag.tag(ServiceTags.endOfFragment, "")
            for body in [[], tag.bytes] {
                #expect(try await RawConnection.putMedia(service.url, "gate", body).isEmpty)
            }
        }
    }

    @Test(.enabled(if: Captures.real != nil, Comment(rawValue: Captures.realAreMissing)))
    func bodiesOfARealProducerAreTaken() async throws {
        let folder = try #require(Captures.real).appending(path: "producer-c")
        try await ServiceProcess.with { service in
            try await service.createStream("gate")
            let quiet = try Captures.bytes(folder.appending(path: "end-of-fragment-only.mkv"))
            #expect(try await RawConnection.putMedia(service.url, "gate", quiet).isEmpty)
            let media = try Captures.bytes(folder.appending(path: "realtime-h264.mkv"))
            let lines = try await RawConnection.putMedia(service.url, "gate", media)
            #expect(lines.count { $0.event == .persisted } == 2)
            #expect(lines.count == 6)
            let sent = Set(ReceivedChunks.frames(of: media).map(\.data))
            let kept = try await service.media("gate").flatMap(\.frames).map(\.data)
            #expect(Set(kept) == sent)
        }
    }

    @Test func garbageIsAnsweredByOneErrorAndAnOrderlyEnd() async throws {
        try await ServiceProcess.with { service in
            try await service.createStream("gate")
            try await RawConnection.with(await service.url) { connection in
                try await connection.sendPutMediaHead("gate")
                let garbage = [UInt8](repeating: 0xAA, count: 64 << 10)
                try await connection.sendChunk(garbage)
                #expect(try await connection.receiveHead().status == 200)
                let line = try await connection.receiveAcknowledgement()
                #expect(line == Acknowledgement(.error, error: .invalidMedia))
                // The producer has not noticed yet and goes on sending; that must not cost it the answer.
                for _ in 0..<40 { try await connection.sendChunk(garbage) }
                #expect(try await connection.receiveAcknowledgement() == nil)
                #expect(try await connection.receive() == nil)
                for _ in 0..<40 { try await connection.sendChunk(garbage) }
            }
            #expect(try await service.fragments("gate").isEmpty)
        }
    }

    @Test func whatWasWholeAheadOfAnErrorIsPersistedAndAcknowledged() async throws {
        try await ServiceProcess.with { service in
            try await service.createStream("gate")
            let body = try Self.body(fragments: 2) + [UInt8](repeating: 0xAA, count: 100)
            let lines = try await RawConnection.putMedia(service.url, "gate", body)
            // Garbage behind the second Cluster is inside it, as far as anyone can tell.
            #expect(lines.count { $0.event == .persisted } == 1)
            #expect(lines.last?.error == .invalidMedia)
            #expect(lines.count { $0.event == .error } == 1)
            #expect(try await service.media("gate").count == 1)
        }
    }

    @Test(arguments: [
        (["stream-name: none", "fragment-timecode-type: ABSOLUTE", "producer-start-timestamp: 0"], 404),
        (["stream-name: gate", "fragment-timecode-type: LATER", "producer-start-timestamp: 0"], 400),
        (["stream-name: gate", "fragment-timecode-type: RELATIVE"], 400),
        (["stream-name: gate", "fragment-timecode-type: RELATIVE", "producer-start-timestamp: soon"], 400),
        (["stream-name: gate", "fragment-timecode-type: RELATIVE", "producer-start-timestamp: 0x10"], 400),
        (["stream-name: gate", "fragment-timecode-type: RELATIVE", "producer-start-timestamp: nan"], 400),
        (["fragment-timecode-type: RELATIVE", "producer-start-timestamp: 0"], 400),
    ])
    func aRefusalComesInsteadOfTheHundred(fields: [String], status: Int) async throws {
        try await ServiceProcess.with { service in
            try await service.createStream("gate")
            try await RawConnection.with(await service.url) { connection in
                try await connection.send(
                    "POST /putMedia HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n"
                        + fields.map { "x-amzn-\($0)\r\n" }.joined() + "\r\n"
                )
                let head = try await connection.receiveHead()
                #expect(head.status == status)
                let name = status == 404 ? "ResourceNotFoundException" : "InvalidArgumentException"
                #expect(head.fields["x-amzn-errortype"] == name)
                let body = try await connection.receive(
                    exactly: head.fields["content-length"].flatMap { Int($0) } ?? 0
                )
                #expect(
                    try JSONDecoder().decode([String: String].self, from: Data(body))["Message"]?.isEmpty
                        == false
                )
                #expect(try await connection.receive() == nil)
            }
        }
    }

    @Test func aThirdProducerOfAStreamIsRefused() async throws {
        try await ServiceProcess.with { service in
            try await service.createStream("gate")
            let url = await service.url
            try await RawConnection.with(url) { first in
                try await first.sendPutMediaHead("gate")
                #expect(try await first.receiveHead().status == 200)
                try await RawConnection.with(url) { second in
                    try await second.sendPutMediaHead("gate")
                    #expect(try await second.receiveHead().status == 200)
                    try await RawConnection.with(url) { third in
                        try await third.sendPutMediaHead("gate")
                        let head = try await third.receiveHead()
                        #expect(head.status == 400)
                        #expect(head.fields["x-amzn-errortype"] == "ConnectionLimitExceededException")
                    }
                }
                try await first.endBody()
                #expect(try await first.receiveAcknowledgements().isEmpty)
            }
        }
    }

    @Test func curlCanUpload() async throws {
        let curl = URL(filePath: "/usr/bin/curl")
        guard FileManager.default.isExecutableFile(atPath: curl.path) else {
            print("curlCanUpload left out: there is no \(curl.path)")
            return
        }
        try await ServiceProcess.with { service in
            for name in ["h264-bframes", "h264-gop4s", "h265", "h264-pcm", "vp9-opus", "mjpeg"] {
                try await service.createStream(name)
                let file = Captures.made.appending(path: "\(name).mkv")
                let result = try await service.program.run(
                    curl,
                    [
                        "-sS", "--fail-with-body", "--max-time", "20", "-X", "POST", "--data-binary", "@-",
                        "-H", "x-amzn-stream-name: \(name)", "-H", "x-amzn-fragment-timecode-type: RELATIVE",
                        "-H", "x-amzn-producer-start-timestamp: 1763820196", "-H",
                        "Transfer-Encoding: chunked",
                        "-H", "Expect: 100-continue", "\(await service.url)/putMedia",
                    ],
                    input: try Captures.bytes(file)
                )
                #expect(result.status == 0, "\(result.errors) \(result.text)")
                let lines = result.lines.compactMap { Acknowledgement(line: $0) }
                let persisted = lines.count { $0.event == .persisted }
                #expect(persisted > 0 && lines.count == persisted * 3, "\(name): \(result.text)")
                let kept = try await service.media(name)
                #expect(kept.count == persisted)
                #expect(
                    kept.flatMap(\.frames) == ReceivedChunks.frames(of: try Captures.bytes(file)),
                    "\(name)"
                )
            }
        }
    }
}

extension ReceivedChunks {
    /// The frames of a file in order.
    static func frames(of file: [UInt8]) -> [EncodedFrame] {
        var reader = ChunkReader()
        return (reader.read(file.span) + reader.finish()).compactMap {
            if case .frame(let frame) = $0 { frame } else { nil }
        }
    }
}
