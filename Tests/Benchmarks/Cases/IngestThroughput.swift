/// PutMedia over loopback until the last PERSISTED, beside appending and syncing the same bytes to a file.
enum IngestThroughput {
    private static let fragments = 200
    private static let size = 1_000_000

    static func run() async throws {
        try await MeasuredStore.with(retentionHours: 24) { measured in
            try await measured.serving { _, url in try await measure(url) }
        }
    }

    private static func measure(_ url: String) async throws {
        var (walls, processors, bare, ratios): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
        for round in 0...5 {
            var wall = 0.0
            let cost = try await Cost.of {
                wall = try await Upload.start(url, fragments: fragments, size: size)
            }
            let peer = try await Cost.of { try BareFile.append(fragments, of: size) }
            guard round > 0 else { continue }
            walls.append(Double(fragments * size) / 1e6 / wall)
            processors.append(cost.processor.seconds / (Double(fragments * size) / 1e9))
            bare.append(Double(fragments * size) / 1e6 / peer.wall.seconds)
            ratios.append(wall / peer.wall.seconds)
        }
        show(
            "\(fragments) fragments of 1 MB, one connection",
            "\(Series(walls).text) MB/s persisted, the service \(Series(processors).text) CPU s/GB"
        )
        show("append + fdatasync of each", "\(Series(bare).text) MB/s, time ratio \(Series(ratios).text)")
    }
}
