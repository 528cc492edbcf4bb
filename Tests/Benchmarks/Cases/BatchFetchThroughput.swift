import FragmentStorage
import KinesisVideo
import KinesisVideoClient
import KinesisVideoConsumer
import NIOCore

/// An archive fetched by number over several connections and cut into fragments, beside a plain download of the same
/// bytes from the same service.
enum BatchFetchThroughput {
    private static let fragments = 250
    private static let size = 1_000_000

    static func run() async throws {
        try await MeasuredStore.with(retentionHours: 24, liveBytes: 2_000_000) { measured in
            try await measured.serving { client, url in
                let stream = StreamReference(name: MeasuredStore.streamName)
                // Real media: the fetcher reads what it cuts.
                _ = try await Upload.start(url, fragments: fragments, size: size)
                let consumer = StreamConsumer(client: client, stream: stream)
                let start = Timestamp(milliseconds: 0)
                let listed = try await consumer.list(
                    FragmentSelector(clock: .server, start: start, end: ServiceLimits.endOfTime)
                )
                precondition(listed.count == fragments, "a fragment is missing")
                let numbers = listed.map(\.number)
                for connections in [1, 2, 4] {
                    let comparison = try await Comparison {
                        var bytes = 0
                        try await BatchFetcher(consumer).fetch(numbers, connections: connections) {
                            bytes += $1.count
                        }
                        precondition(bytes >= fragments * size, "the media is not whole")
                    } beside: {
                        let input = GetMediaForFragmentList.Input(stream, fragments: numbers.map(\.padded))
                        var bytes = 0
                        for try await buffer in try await client.media(
                            GetMediaForFragmentList.self,
                            input,
                            at: url
                        ) {
                            bytes += buffer.readableBytes
                        }
                        precondition(bytes >= fragments * size, "the download is not whole")
                    }
                    show(
                        "\(fragments) fragments of 1 MB over \(connections) connections",
                        comparison.throughput(of: fragments * size, peer: "plain download")
                    )
                }
            }
        }
    }
}
