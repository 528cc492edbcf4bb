import Foundation
import KinescopeTesting
import KinesisVideo
import Testing

/// `serve --faults`: what goes wrong on purpose does so where the file says, and nowhere else.
@Suite(.timeLimit(.minutes(2))) struct FaultTests {
    /// A service with these faults.
    private static func with(
        _ faults: String,
        _ body: @Sendable (ServiceProcess) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(Array(faults.utf8), to: "faults.jsonl")
        try await ServiceProcess.with("--faults", file, in: folder, body: body)
    }

    private static func media(_ count: Int, size: Int = 100) throws -> [UInt8] {
        var media = ProducerBody()
        media.header()
        for index in 0..<count {
            try media.videoCluster(at: 1_763_820_202_000 + UInt64(index) * 200, frames: 5, size: size)
        }
        return media.bytes
    }

    @Test(arguments: [
        4000, 4001, 4002, 4003, 4004, 4006, 4007, 4008, 4009, 4010, 4011, 4012, 4500, 4507, 5000, 5001,
    ])
    func aProducerIsToldOfEachErrorAtItsFragment(id: Int) async throws {
        try await Self.with(#"{"fault": "error", "error": \#(id), "fragment": 3, "stream": "gate"}"#) {
            service in
            for stream in ["gate", "yard"] { try await service.createStream(stream) }
            let lines = try await RawConnection.putMedia(await service.url, "gate", try Self.media(5))
            #expect(lines.filter { $0.event == .persisted }.count == 2)
            #expect(lines.last?.event == .error && lines.last?.error?.id == id)
            #expect(lines.last?.fragmentTimecode == 1_763_820_202_400)
            #expect(try await service.fragments("gate").count == 2)
            let other = try await RawConnection.putMedia(await service.url, "yard", try Self.media(5))
            #expect(other.count { $0.event == .persisted } == 5 && !other.contains { $0.event == .error })
        }
    }

    @Test func anUploadIsResetAtItsByteAndWhatWasWholeStays() async throws {
        // Behind the third fragment's beginning, ahead of its end.
        let two = try Self.media(2, size: 2000).count
        try await Self.with(
            #"{"fault": "reset", "operation": "putMedia", "byte": \#(two + 500), "times": 1}"#
        ) {
            service in
            try await service.createStream("gate")
            let media = try Self.media(5, size: 2000)
            await #expect(throws: (any Error).self) {
                _ = try await RawConnection.putMedia(await service.url, "gate", media)
            }
            try await service.wait { try await service.fragments("gate").count >= 2 }
            #expect(try await service.fragments("gate").count == 2)
            let again = try await RawConnection.putMedia(await service.url, "gate", media)
            #expect(again.count { $0.event == .persisted } == 5)
        }
    }

    @Test func readingEndsOrIsResetAtItsByteAndGoesOn() async throws {
        let faults = """
            {"fault": "end", "operation": "getMedia", "byte": 700, "times": 1}
            {"fault": "reset", "operation": "getMedia", "byte": 1500, "skip": 1, "times": 1}
            """
        try await Self.with(faults) { service in
            try await service.createStream("gate")
            _ = try await RawConnection.putMedia(await service.url, "gate", try Self.media(12))
            let get = try await service.run("get", "gate", "-o", "-")
            #expect(get.status == 0, "\(get.errors)")
            let numbers = ReceivedChunks.reading(get.output).map(\.number)
            #expect(numbers == (try await service.fragments("gate").map(\.fragmentNumber)))
            #expect(get.errors.contains("trying again"))
            #expect(await service.log.components(separatedBy: "is=").count == 3)
        }
    }

    @Test func callsAreThrottledRefusedAndDelayedAsOftenAsTheFileSays() async throws {
        let faults = """
            {"fault": "throttle", "operation": "listFragments", "times": 1}
            {"fault": "refuse", "error": "ExpiredTokenException", "status": 403, "operation": "listFragments", "skip": 1, "times": 1}
            {"fault": "delay", "milliseconds": 300, "operation": "listFragments", "skip": 2}
            {"fault": "reset", "operation": "describeStream", "stream": "yard"}
            """
        try await Self.with(faults) { service in
            for stream in ["gate", "yard"] { try await service.createStream(stream) }
            #expect(try await service.run("fragments", "gate").status == 6)
            let denied = try await service.run("fragments", "gate")
            #expect(denied.status == 4 && denied.errors.contains("ExpiredTokenException"))
            let start = ContinuousClock.now
            #expect(try await service.run("fragments", "gate").status == 0)
            #expect(start.duration(to: .now) >= .milliseconds(300))
            #expect(try await service.run("fragments", "yard").status == 5)
            // What only looks at the service is never hurt.
            #expect(try await RawConnection.get(await service.url, "/health").head.status == 200)
        }
    }

    @Test func aBadFileKeepsTheServiceFromStarting() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(Array("{\"fault\": \"reset\", \"bytes\": 4}".utf8), to: "faults.jsonl")
        let error = await #expect(throws: ServiceProcess.StartFailure.self) {
            try await ServiceProcess.with("--faults", file, in: folder) { _ in }
        }
        #expect(error?.description.contains("ended with 2") == true)
        #expect(error?.description.contains("faults.jsonl:1: 'bytes' is no member of a fault") == true)
        let missing = await #expect(throws: ServiceProcess.StartFailure.self) {
            try await ServiceProcess.with("--faults", folder.path("none"), in: folder) { _ in }
        }
        #expect(missing?.description.contains("ended with 3") == true)
    }
}
