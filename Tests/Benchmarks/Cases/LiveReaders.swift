import FragmentStorage
import KinesisVideo

/// Many readers of one live stream share one copy of each fragment.
enum LiveReaders {
    private static let readers = 500
    private static let count = 200

    static func run() async throws {
        try await MeasuredStore.with(retentionHours: 0) { measured in
            let cost = try await Cost.of {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<readers {
                        let cursor = try measured.stream.openCursor(.earliest)
                        group.addTask { for _ in 0..<count { _ = try await cursor.next() } }
                    }
                    let connection = try await measured.stream.openConnection()
                    for _ in 0..<count { _ = try await connection.send(size: 100_000) }
                    try await group.waitForAll()
                }
            }
            let handed = Double(readers * count)
            show(
                "\(readers) readers of \(count) fragments",
                "\(figure(handed / cost.wall.seconds)) fragments/s handed out, "
                    + "\(figure(cost.processor.seconds / handed * 1e6)) CPU µs each"
            )
        }
    }
}
