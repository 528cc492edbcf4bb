import KinesisVideo
import KinesisVideoClient
import KinesisVideoConsumer
import Matroska

/// Follows a stream and goes on where it was after a restart.
func copy(_ name: String, from url: String, checkpoint path: String) async throws {
    let client = ServiceClient(endpoint: Endpoint(url: url))
    let consumer = StreamConsumer(client: client, stream: StreamReference(name: name))
    let checkpoints = CheckpointFile(path: path)
    let fragments = try consumer.follow(resuming: checkpoints.load(), else: .earliest) { event in
        if case .interrupted(let error, let pause) = event {
            print("\(error.map { "\($0)" } ?? "the connection has ended"), again in \(pause)")
        }
    }
    for try await fragment in fragments {
        let keys = fragment.frames.filter(\.isKey).count
        print(fragment.metadata.number, fragment.frames.count, "frames,", keys, "of them key frames")
        try checkpoints.save(Checkpoint(fragment.metadata, of: consumer.stream))
    }
    await client.shutdown()
}

/// Fetches the last hour by four calls at a time.
func fetchLastHour(_ consumer: StreamConsumer, now: Timestamp) async throws {
    let hour = FragmentSelector(clock: .producer, start: now.advanced(byMilliseconds: -3_600_000), end: now)
    let listed = try await consumer.list(hour)
    try await BatchFetcher(consumer).fetch(listed.map(\.number), connections: 4) { metadata, bytes in
        print(metadata.number, bytes.count, "bytes of Matroska")
    }
}
