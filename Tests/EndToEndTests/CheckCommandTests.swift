import Foundation
import KinescopeTesting
import KinesisVideo
import Matroska
import Testing

/// `kinescope check` on folders that a service has used.
@Suite(.timeLimit(.minutes(2))) struct CheckCommandTests {
    /// A line of `check --json`.
    private struct Line: Decodable {
        var kind: String?
        var file: String?
        var offset: Int?
        var moved: String?
    }

    /// Runs `body` with the folder of a service that has ended.
    private static func with(
        killed: Bool = false,
        _ body: @Sendable (ServiceProcess, _ folder: String) async throws -> Void
    ) async throws {
        try await ServiceProcess.with { service in
            try await service.createStream("gate")
            var media = ProducerBody()
            media.header()
            for index in 0..<5 { try media.videoCluster(at: UInt64(index) * 1000) }
            _ = try await RawConnection.putMedia(await service.url, "gate", media.bytes)
            if killed { await service.kill() } else { _ = await service.terminate() }
            try await body(service, service.dataFolder)
        }
    }

    private static func flip(_ path: String, _ offset: Int) throws {
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes[offset] ^= 0x20
        try bytes.write(to: URL(filePath: path))
    }

    private static func segment(_ folder: String) throws -> String {
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
        return try #require(names.first { $0.hasSuffix(".mkv") && !$0.hasPrefix("quarantine") })
    }

    @Test func aFolderInUseIsRefused() async throws {
        try await ServiceProcess.with { service in
            let result = try await service.program.run("check", service.dataFolder)
            #expect(result.status == 1)
            #expect(result.errors.contains("in use by \(await service.url) (stop the service first)"))
        }
    }

    @Test func aFolderIsSoundAfterAnOrderlyEnd() async throws {
        try await Self.with { service, folder in
            let result = try await service.program.run("check", folder)
            #expect(result.status == 0)
            #expect(result.lines.count == 1)
            #expect(result.text.hasPrefix("sound: 1 streams, 1 files, 5 fragments, "))
            #expect(try await service.program.run("check", "--json", folder).output.isEmpty)
        }
    }

    @Test func aFolderHasLeftoversAfterAKill() async throws {
        try await Self.with(killed: true) { service, folder in
            let result = try await service.program.run("check", "--json", folder)
            #expect(result.status == 0)
            let lines = try result.decoded(Line.self)
            #expect(lines.allSatisfy { $0.kind == "leftover" })
            #expect(lines.contains { $0.file == "service.lock" })
            try Self.flip(folder + "/service.lock", 3)
            #expect(try await service.program.run("check", folder).status == 7)
            try await service.start()
            #expect(try await service.fragments("gate").count == 5)
        }
    }

    @Test func aChangedByteIsFoundAndRepaired() async throws {
        try await Self.with { service, folder in
            let segment = try Self.segment(folder)
            try Self.flip(folder + "/" + segment, 100)
            let found = try await service.program.run("check", "--json", folder)
            #expect(found.status == 7)
            #expect(found.errors.contains("damaged (try --repair)"))
            let lines = try found.decoded(Line.self)
            #expect(lines.map(\.kind) == ["damage"])
            #expect(lines.first?.file == segment)
            #expect(lines.first?.offset == 0)
            #expect(
                try await service.program.run("check", folder).text.contains("damage \(segment), byte 0: ")
            )

            let repair = try await service.program.run("check", "--repair", "--json", folder)
            #expect(repair.status == 0)
            #expect(try repair.decoded(Line.self).contains { $0.moved == segment })
            #expect(FileManager.default.fileExists(atPath: "\(folder)/quarantine/1/\(segment)"))
            #expect(try await service.program.run("check", folder).status == 0)
            try await service.start()
            #expect(try await service.fragments("gate").count == 4)
            #expect(try await service.media("gate").count == 4)
        }
    }

    @Test func aFolderThatIsNotThereIsNotFound() async throws {
        let program = try BuiltProgram()
        #expect(try await program.run("check", program.home.path("none")).status == 3)
        #expect(!FileManager.default.fileExists(atPath: program.home.path("none")))
    }

    @Test(arguments: ["gate", "gate=", "gate=0", "=5", "gate=1=2"])
    func aLimitOfAStreamThatCannotBeReadIsWrongUsage(limit: String) async throws {
        #expect(try await BuiltProgram().run("serve", "--max-stream-bytes", limit).status == 2)
    }

    @Test func limitsOfBytesRemoveTheOldestMedia() async throws {
        try await ServiceProcess.with("--max-stream-bytes", "gate=4000000") { service in
            for name in ["gate", "yard"] { try await service.createStream(name) }
            for round in 0..<6 {
                var media = ProducerBody()
                media.header()
                for index in 0..<5 {
                    try media.videoCluster(at: UInt64(round * 5 + index) * 1000, frames: 5, size: 50_000)
                }
                for name in ["gate", "yard"] {
                    _ = try await RawConnection.putMedia(await service.url, name, media.bytes)
                }
            }
            let deadline = ContinuousClock.now + .seconds(10)
            var stored = Int.max
            // The service looks every second.
            while stored > 4_000_000, .now < deadline {
                stored = try #require(try await service.statistics("gate")?.storedBytes)
            }
            #expect(stored <= 4_000_000)
            let listed = try await service.fragments("gate")
            #expect(listed.map(\.sizeBytes).reduce(0, +) == stored)
            #expect(try await service.fragments("yard").count == 30)
            // In front of what the archive keeps there may be what memory still has.
            let media = try await service.media("gate").map(\.number)
            #expect(Array(media.suffix(listed.count)) == listed.map(\.fragmentNumber))
        }
    }
}
