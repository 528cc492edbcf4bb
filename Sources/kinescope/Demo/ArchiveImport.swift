import Foundation
import FragmentStorage
import KinesisVideo
import KinesisVideoServer
import Logging
import Matroska
import NIOCore

/// Puts into the archive what the cameras would have sent before the demo began, newest first.
struct ArchiveImport: Sendable {
    /// Fragments that are made and stored at a time: enough for a minute's sparkline, soon enough for the first look.
    private static let batch = 20

    let cameras: [(DemoCamera, StoredStream)]
    /// Where the archive ends and live begins, on the service's clock.
    let start: Int64
    let seed: UInt64
    let logger: Logger

    /// Imports everything; returns early where the task is cancelled.
    func run() async throws {
        var imports: [(camera: DemoCamera, stream: StoredStream, numbers: ImportRange, places: [Int64])] = []
        for (camera, stream) in cameras {
            let count = camera.archive / DemoCamera.fragmentLength
            let numbers = try await stream.reserveImport(count: Int(count))
            imports.append((camera, stream, numbers, (1...count).filter { !camera.isInGap(place: $0) }))
        }
        let longest = imports.map(\.places.count).max() ?? 0
        for first in stride(from: 0, to: longest, by: Self.batch) {
            for item in imports {
                try Task.checkCancellation()
                let places = Array(item.places.dropFirst(first).prefix(Self.batch))
                guard !places.isEmpty else { continue }
                try await item.stream.importFragments(try await chunks(item.camera, places, item.numbers))
            }
        }
        logger.info("archive imported")
    }

    /// The chunks of some fragments, oldest first, made on a thread that gives way to everything else.
    ///
    /// - Parameters:
    ///   - camera: whose pictures.
    ///   - places: how many fragments before the start each lies, nearest first.
    ///   - numbers: where the fragments' numbers come from.
    /// - Returns: the chunks.
    /// - Throws: CodecError where the encoder fails.
    private func chunks(
        _ camera: DemoCamera,
        _ places: [Int64],
        _ numbers: ImportRange
    ) async throws -> [StoredChunk] {
        let (start, seed) = (start, seed)
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                // On Linux this is the priority of the calling thread alone.
                setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 15)
                continuation.resume(
                    with: Result { try Self.makeChunks(camera, places, numbers, start: start, seed: seed) }
                )
            }
        }
    }

    private static func makeChunks(
        _ camera: DemoCamera,
        _ places: [Int64],
        _ numbers: ImportRange,
        start: Int64,
        seed: UInt64
    ) throws -> [StoredChunk] {
        var pictures = try CameraPictures(camera, seed: seed, interval: DemoCamera.archiveInterval)
        let writer = SegmentWriter(tracks: [pictures.track], uid: (0..<16).map { _ in .random(in: 0...255) })
        // The service's own way from a producer's bytes to a chunk.
        var ingest = PutMediaIngest(timecodeType: .absolute, startTimestamp: Timestamp(milliseconds: 0))
        _ = ingest.read(ByteBuffer(bytes: writer.header()))
        var chunks: [StoredChunk] = []
        for place in places.reversed() {
            let distance = place * DemoCamera.fragmentLength
            let time = start - distance + camera.clockError
            var bytes = writer.clusterStart(timestamp: UInt64(time))
            for offset in stride(from: 0, to: DemoCamera.fragmentLength, by: Int(DemoCamera.archiveInterval))
            {
                let frame = try pictures.frame(at: time + offset)
                bytes += try writer.block(frame, clusterTimestamp: UInt64(time))
            }
            bytes += writer.tags(Tag(ServiceTags.endOfFragment, ""))
            let metadata = numbers.metadata(
                at: numbers.count - Int(place),
                serverTimestamp: Timestamp(milliseconds: start - distance + DemoCamera.archiveLatency),
                producerTimestamp: Timestamp(milliseconds: time)
            )
            chunks.append(try chunk(ingest.read(ByteBuffer(bytes: bytes)), metadata))
        }
        return chunks
    }

    private static func chunk(_ actions: [PutMediaIngest.Action], _ metadata: FragmentMetadata) throws
        -> StoredChunk
    {
        var header = ByteBuffer()
        var media: [ByteBuffer] = []
        for action in actions {
            switch action {
            case .announce(_, _, let announced): header = announced
            case .append(let part): media.append(part)
            case .complete(let length, let frameCount):
                let tags = ByteBuffer(bytes: ChunkComposer.fragmentTags(metadata))
                return StoredChunk(
                    metadata: metadata,
                    length: length,
                    headerLength: header.readableBytes,
                    frameCount: frameCount,
                    parts: [header, tags] + media
                )
            case .fail(let error, let detail, _):
                throw CommandFailure(.failed, "a sample fragment was refused: \(error), \(detail)")
            case .begin, .discard: break
            }
        }
        throw CommandFailure(.failed, "a sample fragment was not completed")
    }
}
