import Foundation
import FragmentStorage
import KinescopeTesting
import KinesisVideo
import Logging
import NIOCore

/// A store in a temporary folder, with one stream that archives a day.
struct StoreFixture: Sendable {
    let folder: TemporaryFolder
    let clock: ManualClock
    let store: FragmentStore
    let stream: StoredStream

    init(
        retentionHours: Int = 24,
        importCapacity: Int = 0,
        configuration: StoreConfiguration = StoreConfiguration()
    ) async throws {
        folder = try TemporaryFolder()
        clock = ManualClock()
        store = try await Self.open(folder, clock: clock, configuration: configuration)
        stream = try await store.createStream(
            .sample("camera", retentionHours: retentionHours),
            importCapacity: importCapacity
        )
    }

    static func open(
        _ folder: TemporaryFolder,
        clock: ManualClock,
        configuration: StoreConfiguration = StoreConfiguration()
    ) async throws -> FragmentStore {
        try await FragmentStore.open(
            directory: folder.path,
            configuration: configuration,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            clock: { clock.now }
        )
    }
}

extension StreamRecord {
    static func sample(_ name: String, retentionHours: Int = 24) -> StreamRecord {
        StreamRecord(
            info: StreamInfo(
                streamName: name,
                streamARN: "arn:aws:kinesisvideo:local-1:000000000000:stream/\(name)/1700000000000",
                version: "1",
                status: .active,
                creationTime: Timestamp(milliseconds: 1_700_000_000_000),
                dataRetentionInHours: retentionHours
            )
        )
    }
}

extension IngestConnection {
    /// Sends one fragment; its media repeats the number's last byte.
    @discardableResult
    func send(
        producer: Int64 = 0,
        length: Int64 = 900,
        size: Int = 200
    ) async throws -> FragmentReceipt {
        let fragment = try await beginFragment()
        fragment.announce(producer: producer)
        fragment.append(ByteBuffer(repeating: fragment.number.fill, count: size))
        return try fragment.complete(length: length, frameCount: 25)
    }

    /// Sends one fragment and waits until it is archived.
    @discardableResult
    func archive(producer: Int64 = 0, length: Int64 = 900, size: Int = 200) async throws -> FragmentInfo {
        let receipt = try await send(producer: producer, length: length, size: size)
        try await receipt.persisted()
        return receipt.info
    }
}

extension OpenFragment {
    func announce(producer: Int64 = 0) {
        announce(
            producerTimestamp: Timestamp(milliseconds: producer),
            header: ByteBuffer(string: "header"),
            serviceTags: ByteBuffer(string: "tags \(number.padded)")
        )
    }
}

extension FragmentNumber {
    /// A byte that differs from fragment to fragment.
    var fill: UInt8 { description.utf8.reduce(0) { $0 &* 31 &+ $1 } }
}

extension StoredStream {
    /// Everything in the archive.
    func everything(limit: Int = 100_000) async throws -> [FragmentInfo] {
        let all = FragmentSelector(
            clock: .server,
            start: Timestamp(milliseconds: 0),
            end: Timestamp(milliseconds: .max)
        )
        return try await listFragments(all, limit: limit)
    }
}

extension FragmentCursor {
    /// The next `count` whole fragments.
    func chunks(_ count: Int) async throws -> [StoredChunk] {
        var chunks: [StoredChunk] = []
        while chunks.count < count, case .chunk(let chunk)? = try await next() { chunks.append(chunk) }
        return chunks
    }

    /// The numbers of the next `count` whole fragments.
    func numbers(_ count: Int) async throws -> [FragmentNumber] {
        try await chunks(count).map(\.info.number)
    }
}

extension TemporaryFolder {
    /// Removes the index, as a user may.
    func removeIndex() throws {
        for suffix in ["index.sqlite", "index.sqlite-wal", "index.sqlite-shm"] {
            for file in try files(ending: suffix) { try FileManager.default.removeItem(atPath: file) }
        }
    }
}
