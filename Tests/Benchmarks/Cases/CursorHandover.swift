import FragmentStorage
import KinesisVideo
import KinesisVideoClient
import KinesisVideoConsumer
import NIOCore

/// From the moment a fragment is complete until a reader has it, and a reader's way from the archive to live.
enum CursorHandover {
    private static let clock = ContinuousClock()
    private static let size = 20_000

    static func run() async throws {
        try await MeasuredStore.with(retentionHours: 0) { measured in
            show("in the store", "\(try await inStore(measured, count: 2_000).tail) µs")
            try await measured.serving { client, _ in
                show("by GetMedia over loopback", "\(try await overHTTP(measured, client, 1_000).tail) µs")
            }
        }
        // So little memory that almost all of the way is archive.
        try await MeasuredStore.with(retentionHours: 24, liveBytes: 2_000_000, archiveToLive)
    }

    private static func inStore(_ measured: MeasuredStore, count: Int) async throws -> Series {
        let cursor = try measured.stream.openCursor(.earliest)
        let (arrivals, sink) = AsyncStream.makeStream(of: ContinuousClock.Instant.self)
        async let reading: Void = {
            for _ in 0..<count {
                _ = try await cursor.next()
                sink.yield(clock.now)
            }
        }()
        let times = try await handovers(measured, count, arrivals)
        try await reading
        return times
    }

    private static func overHTTP(
        _ measured: MeasuredStore,
        _ client: ServiceClient,
        _ count: Int
    ) async throws -> Series {
        let consumer = StreamConsumer(client: client, stream: StreamReference(name: MeasuredStore.streamName))
        guard let newest = measured.stream.statistics().lastFragment.flatMap({ FragmentNumber($0.number) })
        else {
            preconditionFailure("the stream has no fragment")
        }
        let body = try await consumer.liveBody(from: .afterFragment(newest))
        let (arrivals, sink) = AsyncStream.makeStream(of: ContinuousClock.Instant.self)
        let reading = Task {
            var missing = size
            for try await buffer in body {
                missing -= buffer.readableBytes
                // Tags come with the media, so the fragment is there when as many bytes are.
                guard missing <= 0 else { continue }
                missing = size
                sink.yield(clock.now)
            }
        }
        defer { reading.cancel() }
        return try await handovers(measured, count, arrivals)
    }

    /// Sends fragments one by one, the next when the reader has the one before; microseconds of each handover.
    private static func handovers(
        _ measured: MeasuredStore,
        _ count: Int,
        _ arrivals: AsyncStream<ContinuousClock.Instant>
    ) async throws -> Series {
        let connection = try await measured.stream.openConnection()
        defer { connection.close() }
        var iterator = arrivals.makeAsyncIterator()
        var times: [Double] = []
        for _ in 0..<count {
            let fragment = try await connection.fill(size: size)
            let begin = clock.now
            _ = try fragment.complete(length: 900, frameCount: 25)
            guard let arrival = await iterator.next() else { break }
            times.append(begin.duration(to: arrival).seconds * 1e6)
        }
        return Series(times)
    }

    private static func archiveToLive(_ measured: MeasuredStore) async throws {
        let connection = try await measured.stream.openConnection()
        let count = 2_000
        try await connection.archive(count, size: size)
        var steps: [Double] = []
        for _ in 0..<5 {
            let cursor = try measured.stream.openCursor(.earliest)
            var numbers: Set<FragmentNumber> = []
            for _ in 0..<count {
                let begin = clock.now
                guard case .chunk(let chunk)? = try await cursor.next() else { continue }
                steps.append(begin.duration(to: clock.now).seconds * 1e6)
                numbers.insert(chunk.info.number)
            }
            precondition(numbers.count == count, "a fragment is missing or came twice")
        }
        show("steps from archive to live, \(count) fragments five times", "\(Series(steps).tail) µs")
    }
}
