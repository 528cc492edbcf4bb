import Foundation

/// Processor time of the service alone, beside a copy between two sockets, and what more readers add to it.
enum ServiceCost {
    private static let fragments = 100
    private static let size = 1_000_000
    private static let rounds = 5

    private static let request =
        "{\"StreamName\":\"\(MeasuredStore.streamName)\",\"StartSelector\":{\"StartSelectorType\":\"NOW\"}}"

    static func run() async throws {
        try await MeasuredStore.with(retentionHours: 24) { measured in
            try await measured.serving { _, url in
                let port = port(of: url)
                // The first round has nothing to read before it and does not count.
                _ = try await processor(url, port, readers: 0)
                var series: [[Double]] = [[], [], []]
                var (ingest, reading): ([Double], [Double]) = ([], [])
                for _ in 0..<rounds {
                    let copy = await PlainSocket.copy(fragments * size)
                    for (place, readers) in [0, 1, 3].enumerated() {
                        series[place].append(try await processor(url, port, readers: readers).seconds)
                    }
                    ingest.append(last(series[0]) / (copy.reader + copy.writer).seconds)
                    let readers = last(series[2]) - last(series[0])
                    reading.append(readers / 3 / (copy.reader + copy.writer).seconds)
                }
                let gigabytes = Double(fragments * size) / 1e9
                for (readers, costs) in zip([0, 1, 3], series) {
                    let perGigabyte = Series(costs.map { $0 / gigabytes })
                    show("ingest and \(readers) live readers", "\(perGigabyte.text) CPU s/GB of the service")
                }
                show("ingest, checked and synced, to a plain socket copy", "\(Series(ingest).text), goal 3")
                show("each reader to a plain socket copy", "\(Series(reading).text), goal 3")
                let more = Series(zip(series[2], series[1]).map { $0 / $1 })
                show("3 live readers to 1", "\(more.text), goal 1.3")
            }
        }
    }

    /// One upload with so many readers, less what the readers' own threads took.
    private static func processor(_ url: String, _ port: UInt16, readers: Int) async throws -> Duration {
        var own = Duration.zero
        let all = try await Cost.of {
            own = try await withThrowingTaskGroup(of: Duration.self) { group in
                for _ in 0..<readers {
                    group.addTask {
                        // The last fragment may have no successor to end it.
                        let bytes = (fragments - 2) * size
                        return await PlainSocket.post(request, to: "/getMedia", port: port, reading: bytes)
                    }
                }
                _ = try await Upload.start(url, fragments: fragments, size: size)
                return try await group.reduce(.zero, +)
            }
        }
        return all.processor - own
    }

    private static func port(of url: String) -> UInt16 {
        guard let port = url.split(separator: ":").last.flatMap({ UInt16($0) }) else {
            preconditionFailure("\(url) has no port")
        }
        return port
    }

    private static func last(_ values: [Double]) -> Double { values.last ?? 0 }
}
