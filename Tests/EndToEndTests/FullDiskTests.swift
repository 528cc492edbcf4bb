import Foundation
import KinescopeTesting
import KinesisVideo
import Matroska
import Testing

/// A disk that takes no more: refused fragments are told of, everything else goes on.
@Suite(.serialized, .timeLimit(.minutes(2))) struct FullDiskTests {
    private static func body(_ clusters: Int, from start: Int = 0, size: Int = 20_000) throws -> [UInt8] {
        var body = ProducerBody()
        body.header()
        for index in start..<start + clusters {
            try body.videoCluster(at: UInt64(index) * 1000, frames: 5, size: size)
        }
        return body.bytes
    }

    /// Uploads until a fragment is refused.
    ///
    /// - Returns: numbers of the fragments whose PERSISTED came.
    private static func fill(_ url: String, _ stream: String) async throws -> (
        persisted: [String], error: Int?
    ) {
        var persisted: [String] = []
        for round in 0..<60 {
            let lines = try await RawConnection.putMedia(url, stream, try body(5, from: round * 5))
            persisted += lines.filter { $0.event == .persisted }.compactMap { $0.fragmentNumber?.padded }
            if let line = lines.first(where: { $0.event == .error }) {
                #expect(lines.last?.event == .error)
                return (persisted, line.error?.id)
            }
        }
        return (persisted, nil)
    }

    private static func expectIntact(_ service: ServiceProcess, _ stream: String, _ persisted: [String])
        async throws
    {
        let listed = try await service.fragments(stream).map(\.fragmentNumber)
        #expect(listed.sorted() == persisted.sorted())
        let media = try await service.media(stream).filter { persisted.contains($0.number) }
        #expect(media.map(\.number).sorted() == persisted.sorted())
        #expect(media.allSatisfy { $0.frames.count == 5 })
    }

    @Test(.enabled(if: SmallDisk.isAvailable, "file systems cannot be mounted here"))
    func aFullDiskRefusesFragmentsUntilThereIsRoom() async throws {
        let disk = try SmallDisk(megabytes: 8)
        try await ServiceProcess.with(in: disk.folder) { service in
            for name in ["full", "memory"] {
                try await service.createStream(name, hours: name == "full" ? 1 : 0)
            }
            let filler = disk.folder.path("filler")
            try Data(repeating: 1, count: 3 << 20).write(to: URL(filePath: filler))
            let url = await service.url
            let (persisted, error) = try await Self.fill(url, "full")
            #expect(error == 5001)
            #expect(!persisted.isEmpty)
            // Still served, and other streams take media.
            let lines = try await RawConnection.putMedia(url, "memory", try Self.body(3))
            #expect(lines.filter { $0.event == .received }.count == 3)
            #expect(!lines.contains { $0.event == .error })
            try await Self.expectIntact(service, "full", persisted)

            try FileManager.default.removeItem(atPath: filler)
            let after = try await RawConnection.putMedia(url, "full", try Self.body(3, from: 500))
            let added = after.filter { $0.event == .persisted }.compactMap { $0.fragmentNumber?.padded }
            #expect(added.count == 3)
            await service.kill()
            try await service.start()
            try await Self.expectIntact(service, "full", persisted + added)
        }
    }

    @Test func aLimitOnFileSizesRefusesFragmentsAndEndsNothing() async throws {
        // Room for the index, not for a whole segment.
        try await ServiceProcess.with(fileSizeLimit: 8 << 20) { service in
            try await service.createStream("gate")
            let (persisted, error) = try await Self.fill(await service.url, "gate")
            #expect(error == 5001)
            #expect(!persisted.isEmpty)
            try await Self.expectIntact(service, "gate", persisted)
            #expect(try await RawConnection.get(await service.url, "/health").head.status == 200)
            let lines = try await RawConnection.putMedia(
                await service.url,
                "gate",
                try Self.body(1, from: 900)
            )
            let added = lines.filter { $0.event == .persisted }.compactMap { $0.fragmentNumber?.padded }
            #expect(added.count == 1)
            #expect(await service.terminate() == 0)
            try await service.start()
            try await Self.expectIntact(service, "gate", persisted + added)
        }
    }
}
