import FragmentStorage
import Glibc
import KinescopeTesting
import KinesisVideo
import KinesisVideoClient
import KinesisVideoServer
import Logging
import NIOCore

/// A store in a temporary folder with one stream, and the service on it where a case needs HTTP.
struct MeasuredStore: Sendable {
    static let streamName = "camera"

    let folder: TemporaryFolder
    let store: FragmentStore
    let stream: StoredStream

    /// Runs `body` with a store that is closed and removed afterwards.
    ///
    /// A retention of 0 hours keeps fragments in memory only; `liveBytes` bounds what is there beside the archive.
    static func with(
        retentionHours: Int,
        liveBytes: Int = 200_000_000,
        _ body: (MeasuredStore) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        let store = try await open(folder, liveBytes: liveBytes)
        let stream = try await store.createStream(.measured(streamName, retentionHours: retentionHours))
        do {
            try await body(MeasuredStore(folder: folder, store: store, stream: stream))
        } catch {
            await store.close()
            throw error
        }
        await store.close()
    }

    /// Opens the store of a folder.
    static func open(_ folder: TemporaryFolder, liveBytes: Int = 200_000_000) async throws -> FragmentStore {
        var configuration = StoreConfiguration()
        configuration.liveBytes = liveBytes
        return try await FragmentStore.open(
            directory: folder.path,
            configuration: configuration,
            logger: Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() },
            clock: now
        )
    }

    /// Serves the store over loopback while `body` runs.
    func serving(_ body: @escaping @Sendable (ServiceClient, _ url: String) async throws -> Void) async throws
    {
        var configuration = ServiceConfiguration()
        configuration.port = 0
        let service = KinesisVideoService(
            store: store,
            configuration: configuration,
            logger: Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() },
            clock: Self.now
        )
        let (ports, sink) = AsyncStream.makeStream(of: Int.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run { sink.yield($0) } }
            group.addTask {
                guard let port = await ports.first(where: { _ in true }) else { return }
                let url = "http://127.0.0.1:\(port)"
                let client = ServiceClient(endpoint: Endpoint(url: url))
                do {
                    try await body(client, url)
                } catch {
                    await client.shutdown()
                    throw error
                }
                await client.shutdown()
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// The machine's clock.
    @Sendable static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

extension StreamRecord {
    /// A stream that is made now.
    static func measured(_ name: String, retentionHours: Int) -> StreamRecord {
        StreamRecord(
            info: StreamInfo(
                streamName: name,
                streamARN: "arn:aws:kinesisvideo:local-1:000000000000:stream/\(name)/1700000000000",
                version: "1",
                status: .active,
                creationTime: MeasuredStore.now(),
                dataRetentionInHours: retentionHours
            )
        )
    }
}

extension IngestConnection {
    /// Sends one fragment of `size` bytes of media.
    func send(producer: Int64 = 0, size: Int) async throws -> FragmentReceipt {
        try await fill(producer: producer, size: size).complete(length: 900, frameCount: 25)
    }

    /// Sends all of a fragment but its end.
    func fill(producer: Int64 = 0, size: Int) async throws -> OpenFragment {
        let fragment = try await beginFragment()
        fragment.announce(
            producerTimestamp: Timestamp(milliseconds: producer),
            header: ByteBuffer(string: "header"),
            serviceTags: ByteBuffer(string: "tags")
        )
        fragment.append(ByteBuffer(repeating: 7, count: size))
        return fragment
    }

    /// Sends many fragments and waits until all are archived.
    func archive(_ count: Int, size: Int) async throws {
        var receipts: [FragmentReceipt] = []
        for index in 0..<count {
            receipts.append(try await send(producer: Int64(index) * 1000, size: size))
        }
        for receipt in receipts { try await receipt.persisted() }
    }
}
