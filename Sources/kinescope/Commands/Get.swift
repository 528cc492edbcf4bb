import ArgumentParser
import Foundation
import KinesisVideo
import KinesisVideoClient
import KinesisVideoConsumer

/// `kinescope get`: the media of a stream as the service sends it.
struct Get: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read the media of a stream in order.",
        discussion: """
            Begins at the oldest fragment kept, or at --from, and ends at the fragment that was the newest when it began, \
            or at --to; with --follow it goes on for ever. Only whole fragments are written, each as a Matroska \
            document of its own. Times are those of the producer's clock.
            """
    )

    @Argument(help: "Name of the stream.")
    var name: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where to write; - is standard output, if that is no terminal.", valueName: "file")
    )
    var output: String

    @OptionGroup var ends: EndOptions

    @Flag(help: "Go on at the live edge until interrupted.")
    var follow = false

    @OptionGroup var connection: ConnectionOptions

    @Flag(help: "Print one JSON object for each fragment written; not with -o -.")
    var json = false

    func validate() throws {
        if json, output == "-" { throw ValidationError("--json and -o - both want standard output") }
    }

    func run() async throws {
        if output == "-", isatty(STDOUT_FILENO) == 1 {
            throw CommandFailure(.usage, "media is not written to a terminal (try -o FILE, or a pipe)")
        }
        let (first, last) = try ends.read(now: systemClock())
        let (name, follow, output, json) = (name, follow, output, json)
        let file = try OutputFile(path: output)
        let result: Void? = try await Interruption.watching([SIGINT, SIGTERM]) { [connection] in
            try await connection.withClient { client in
                let consumer = StreamConsumer(client: client, stream: StreamReference(name: name))
                let info = try await consumer.patiently { try await client.stream(named: name) }
                let start = try await consumer.patiently { try await first?.start(on: consumer) }
                let end = try await consumer.patiently { try await last?.start(on: consumer) }
                let newest =
                    follow ? nil : try await consumer.patiently { try await consumer.newestFragment() }
                // Nothing is kept: there is nothing to wait for.
                if newest == nil, !follow { return }
                if !follow, let start, info.dataRetentionInHours > 0,
                    try await !consumer.patiently({ try await consumer.keepsMedia(from: start) })
                {
                    return
                }
                let reader = WholeChunkReader(
                    start: start.map { .producerTimestamp($0) } ?? .earliest,
                    lastNumber: newest,
                    lastTime: end
                )
                try await reader.run(consumer, retrying: { report("get: \($0), trying again") }) {
                    chunk,
                    bytes in
                    try file.write(bytes)
                    if json { try JSONLine.write(WrittenFragment(chunk, size: bytes.count)) }
                }
            }
        }
        try file.finish()
        if result == nil, !follow { throw CommandFailure(.interrupted) }
    }
}

/// A fragment as `get --json` prints it.
private struct WrittenFragment: Encodable {
    var fragmentNumber: String
    var producerTimestamp: String
    var serverTimestamp: String
    var sizeBytes: Int

    init(_ metadata: FragmentMetadata, size: Int) {
        fragmentNumber = metadata.number.padded
        producerTimestamp = metadata.producerTimestamp.rfc3339
        serverTimestamp = metadata.serverTimestamp.rfc3339
        sizeBytes = size
    }
}
