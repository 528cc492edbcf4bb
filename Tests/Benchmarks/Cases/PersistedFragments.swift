import FragmentStorage

/// Fragments of 100 kB made durable by the store itself, beside bare appends with as many bytes in each sync.
enum PersistedFragments {
    private static let count = 960
    private static let size = 100_000

    static func run() async throws {
        for connections in [1, 8, 64] {
            try await MeasuredStore.with(retentionHours: 24) { measured in
                let comparison = try await Comparison(rounds: 3) {
                    try await persist(measured, connections: connections)
                } beside: {
                    try BareFile.append(count, of: size, syncingEvery: connections)
                }
                let rates = comparison.subject.map { Double(count) / $0.wall.seconds }
                show(
                    "\(connections) connections, each awaiting PERSISTED",
                    "\(Series(rates).text) fragments/s, time ratio to a sync every \(connections) appends "
                        + comparison.ratio.text
                )
            }
        }
    }

    private static func persist(_ measured: MeasuredStore, connections: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<connections {
                group.addTask {
                    let connection = try await measured.stream.openConnection()
                    for _ in 0..<count / connections {
                        try await connection.send(size: size).persisted()
                    }
                    connection.close()
                }
            }
            try await group.waitForAll()
        }
    }
}
