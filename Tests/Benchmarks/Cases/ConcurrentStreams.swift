import FragmentStorage
import KinesisVideo

/// Acknowledgements of 16 streams that upload at once, beside those of one; each waits for PERSISTED before it goes on.
enum ConcurrentStreams {
    private static let streams = 16
    private static let count = 60
    private static let size = 100_000

    static func run() async throws {
        try await MeasuredStore.with(retentionHours: 24) { measured in
            var all = [measured.stream]
            for index in 1..<streams {
                all.append(
                    try await measured.store.createStream(.measured("camera-\(index)", retentionHours: 24))
                )
            }
            let one = [measured.stream]
            let comparison = try await Comparison { [all] in
                try await persist(all)
            } beside: {
                try await persist(one)
            }
            let rates = comparison.subject.map { Double(streams * count) / $0.wall.seconds }
            let single = comparison.peer.map { Double(count) / $0.wall.seconds }
            show(
                "\(streams) streams",
                "\(Series(rates).text) acks/s, one stream \(Series(single).text) acks/s, ratio "
                    + Series(zip(rates, single).map { $0 / $1 }).text
            )
        }
    }

    private static func persist(_ streams: [StoredStream]) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for stream in streams {
                group.addTask {
                    let connection = try await stream.openConnection()
                    for _ in 0..<count { try await connection.send(size: size).persisted() }
                    connection.close()
                }
            }
            try await group.waitForAll()
        }
    }
}
