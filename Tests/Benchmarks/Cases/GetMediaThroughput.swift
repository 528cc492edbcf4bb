import FragmentStorage
import KinescopeTesting
import KinesisVideo
import KinesisVideoClient
import NIOCore

/// GetMedia out of the archive over loopback, client included, beside reading the same segment files.
enum GetMediaThroughput {
    private static let fragments = 250
    private static let size = 1_000_000

    static func run() async throws {
        try await MeasuredStore.with(retentionHours: 24, liveBytes: 2_000_000) { measured in
            let connection = try await measured.stream.openConnection()
            try await connection.archive(fragments, size: size)
            connection.close()
            let segments = try measured.folder.files(ending: ".mkv")
            try await measured.serving { client, url in
                let stream = StreamReference(name: MeasuredStore.streamName)
                let comparison = try await Comparison {
                    let input = GetMedia.Input(stream, from: .earliest)
                    var missing = fragments * size
                    for try await buffer in try await client.media(GetMedia.self, input, at: url) {
                        missing -= buffer.readableBytes
                        // A stream has no end: all media is there when as many bytes are.
                        if missing <= 0 { break }
                    }
                } beside: {
                    precondition(BareFile.read(segments) >= fragments * size, "the archive is not whole")
                }
                let processor = comparison.subject.map {
                    $0.processor.seconds / (Double(fragments * size) / 1e9)
                }
                show(
                    "\(fragments) fragments of 1 MB",
                    comparison.throughput(of: fragments * size, peer: "read")
                        + ", \(Series(processor).text) CPU s/GB at both ends"
                )
            }
        }
    }
}
