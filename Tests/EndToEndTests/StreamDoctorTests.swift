import Foundation
import KinescopeTesting
import KinesisVideo
import Matroska
import Testing

/// `kinescope doctor NAME`: why readers find no fragments, or cannot show them.
@Suite(.timeLimit(.minutes(2))) struct StreamDoctorTests {
    private struct Finding: Decodable, Equatable {
        var topic: String
        var state: String
        var evidence: String
        var advice: String?
    }

    private static let avc = TrackEntry(
        number: 1,
        uid: 1,
        type: .video,
        codecID: "V_MPEG4/ISO/AVC",
        // avcC of 64x36 Baseline, as x264 writes it.
        codecPrivate: [
            0x01, 0x42, 0xC0, 0x0A, 0xFF, 0xE1, 0x00, 0x16, 0x67, 0x42, 0xC0, 0x0A, 0xDA, 0x11, 0xFE, 0x7C,
            0x04, 0x40, 0x00, 0x00, 0x03, 0x00, 0x40, 0x00, 0x00, 0x0C, 0x83, 0xC4, 0x89, 0xA8, 0x01, 0x00,
            0x04, 0x68, 0xCE, 0x0F, 0xC8,
        ],
        video: .init(width: 64, height: 36)
    )

    private static func findings(_ service: ServiceProcess, _ stream: String = "gate") async throws -> (
        status: Int32, findings: [String: Finding]
    ) {
        let result = try await service.run("doctor", stream, "--json")
        let list = try result.decoded(Finding.self)
        return (result.status, Dictionary(uniqueKeysWithValues: list.map { ($0.topic, $0) }))
    }

    private static func put(
        _ service: ServiceProcess,
        _ track: TrackEntry = avc,
        at start: Int64 = systemTime(),
        timecodes: String = "ABSOLUTE",
        frames: (Int64) -> [EncodedFrame] = { time in
            (0..<5).map { ProducerBody.frame(1, time + $0 * 40, isKey: $0 == 0) }
        }
    ) async throws -> [Acknowledgement] {
        var media = ProducerBody(tracks: [track])
        media.header()
        for index in 0..<3 {
            let time = start + Int64(index) * 200
            try media.cluster(at: UInt64(time), frames(time))
        }
        return try await RawConnection.putMedia(
            await service.url,
            "gate",
            media.bytes,
            timecodes: timecodes
        )
    }

    private static func systemTime() -> Int64 { Int64(Date().timeIntervalSince1970 * 1000) - 2000 }

    @Test func aStreamInOrderHasNoFaultAndEveryLineHasItsEvidence() async throws {
        try await ServiceProcess.with { service in
            try await service.createStream("gate")
            _ = try await Self.put(service)
            let (status, findings) = try await Self.findings(service)
            #expect(status == 0)
            #expect(
                findings.keys.sorted() == [
                    "clock", "credentials", "data calls", "endpoint", "fragments", "key frames", "last acks",
                    "retention", "stream", "timecodes", "timestamps", "track 1",
                ]
            )
            for finding in findings.values { #expect(finding.state == "ok", "\(finding)") }
            #expect(findings["fragments"]?.evidence.hasPrefix("3 within the last hour") == true)
            #expect(findings["last acks"]?.evidence.hasPrefix("PERSISTED") == true)
            let text = try await service.run("doctor", "gate")
            #expect(text.lines.count == 12 && text.lines.allSatisfy { $0.contains("ok ") })
        }
    }

    @Test func aRetentionOfNothingIsWhyNoFragmentsAreFound() async throws {
        try await ServiceProcess.with { service in
            try await service.createStream("gate", hours: 0)
            _ = try await Self.put(service)
            let (status, findings) = try await Self.findings(service)
            #expect(status == 1)
            #expect(findings["retention"]?.state == "fault")
            #expect(findings["retention"]?.advice?.hasPrefix("kinescope retention gate 24") == true)
            #expect(findings["fragments"]?.evidence == "No fragments found: the retention is 0")
            // The live buffer still tells what the media is like.
            #expect(findings["track 1"]?.state == "ok")
        }
    }

    @Test func aStreamWithoutMediaSaysThatNothingWasEverSent() async throws {
        try await ServiceProcess.with { service in
            try await service.createStream("gate")
            let (status, findings) = try await Self.findings(service)
            #expect(status == 1)
            #expect(findings["fragments"]?.evidence == "No fragments found: nothing is archived at all")
            #expect(findings["last acks"]?.evidence.contains("no producer has sent media") == true)
        }
    }

    @Test func aStreamThatIsNotThereAndAServiceThatIsNotThere() async throws {
        try await ServiceProcess.with { service in
            let (status, findings) = try await Self.findings(service, "yard")
            #expect(status == 1 && findings["stream"]?.state == "fault" && findings["fragments"] == nil)
            await service.kill()
            let (gone, unreachable) = try await Self.findings(service)
            #expect(gone == 1 && unreachable["endpoint"]?.state == "fault")
            #expect(unreachable["endpoint"]?.advice?.contains("/health") == true)
        }
    }

    @Test func startCodesInPlaceOfLengthsAreTold() async throws {
        try await ServiceProcess.with { service in
            try await service.createStream("gate")
            var track = Self.avc
            track.codecPrivate = [0, 0, 0, 1, 0x67, 0x64, 0, 0x0A, 0, 0, 0, 1, 0x68, 0xEB]
            _ = try await Self.put(service, track)
            let inTracks = try await Self.findings(service).findings["track 1"]
            #expect(
                inTracks?.state == "fault"
                    && inTracks?.evidence.contains("codec private data is Annex-B") == true
            )
            _ = try await Self.put(service, at: Self.systemTime() + 1000) { time in
                [EncodedFrame(track: 1, timecode: time, isKey: true, data: [0, 0, 0, 1, 0x65, 1, 2, 3])]
            }
            let inFrames = try await Self.findings(service).findings["track 1"]
            #expect(inFrames?.state == "fault" && inFrames?.evidence.contains("frames are Annex-B") == true)
            track.codecPrivate = []
            _ = try await Self.put(service, track, at: Self.systemTime() + 2000)
            let missing = try await Self.findings(service).findings["track 1"]
            #expect(missing?.evidence.contains("no codec private data") == true)
        }
    }

    @Test func fragmentsWithoutKeyFramesAndWithRepeatedTimesAreTold() async throws {
        try await ServiceProcess.with { service in
            try await service.createStream("gate")
            _ = try await Self.put(service) { time in (0..<4).map { _ in ProducerBody.frame(1, time) } }
            let (status, findings) = try await Self.findings(service)
            #expect(status == 1)
            #expect(
                findings["key frames"]?.evidence
                    == "0 of 4 pictures in the newest fragment, the first is none"
            )
            #expect(findings["timecodes"]?.evidence == "track 1 has 4 frames at 1 times")
        }
    }

    @Test func clocksThatCountFromNothingOrAreDaysOffAreTold() async throws {
        try await ServiceProcess.with { service in
            try await service.createStream("gate")
            _ = try await Self.put(service, at: 0, timecodes: "RELATIVE")
            let zero = try await Self.findings(service).findings["timestamps"]
            #expect(zero?.state == "fault" && zero?.evidence.contains("it counts from 0") == true)
            _ = try await Self.put(service, at: Self.systemTime() - 259_200_000)
            let late = try await Self.findings(service).findings["timestamps"]
            #expect(late?.state == "warning" && late?.advice?.contains("server time") == true)
        }
    }

    @Test func theLastErrorOfAProducerIsTold() async throws {
        let folder = try TemporaryFolder()
        let faults = #"{"fault": "error", "error": 4004, "fragment": 2, "times": 1}"#
        let file = try folder.write(Array(faults.utf8), to: "faults.jsonl")
        try await ServiceProcess.with("--faults", file, in: folder) { service in
            try await service.createStream("gate")
            _ = try await Self.put(service)
            let failed = try await Self.findings(service).findings["last acks"]
            #expect(failed?.state == "fault")
            #expect(failed?.evidence.hasPrefix("FRAGMENT_TIMECODE_LESSER_THAN_PREVIOUS (4004)") == true)
            #expect(failed?.advice?.hasPrefix("timecodes go back or repeat") == true)
        }
    }

    @Test func aServiceThatWantsSignaturesIsToldAndNoSecretIsShown() async throws {
        let key = ["AWS_ACCESS_KEY_ID": "AKIDEXAMPLEGATE", "AWS_SECRET_ACCESS_KEY": "never-to-be-shown"]
        try await ServiceProcess.with("--auth", "sigv4", environment: key) { service in
            _ = try await service.run("create", "gate")
            for arguments in [["doctor", "gate"], ["doctor", "gate", "--json"]] {
                let right = try await service.program.run(
                    BuiltProgram.url,
                    arguments + ["--endpoint", await service.url],
                    environment: key
                )
                #expect(right.text.contains("…GATE"))
                for secret in ["never-to-be-shown", "AKIDEXAMPLEGATE"] {
                    #expect(!right.text.contains(secret) && !right.errors.contains(secret))
                }
            }
            let endpoint = ["--endpoint", await service.url]
            let none = try await service.program.run(BuiltProgram.url, ["doctor", "gate"] + endpoint)
            #expect(none.status == 1 && none.text.contains("none, and the service wants a signature"))
            let wrong = try await service.program.run(
                BuiltProgram.url,
                ["doctor", "gate"] + endpoint,
                environment: [
                    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLEGATE", "AWS_SECRET_ACCESS_KEY": "not-this-one",
                ]
            )
            #expect(wrong.status == 1 && wrong.text.contains("check key, secret, region"))
            #expect(!wrong.text.contains("not-this-one") && !wrong.text.contains("AKIDEXAMPLEGATE"))
            let unknown = try await service.program.run(
                BuiltProgram.url,
                ["doctor", "gate"] + endpoint,
                environment: [
                    "AWS_ACCESS_KEY_ID": "AKIDNOBODYKNOWS", "AWS_SECRET_ACCESS_KEY": "not-this-one",
                ]
            )
            // The service repeats the id in its refusal.
            #expect(unknown.status == 1 && unknown.text.contains("access key …NOWS is not known"))
            #expect(!unknown.text.contains("AKIDNOBODYKNOWS") && !unknown.errors.contains("AKIDNOBODYKNOWS"))
        }
    }
}
