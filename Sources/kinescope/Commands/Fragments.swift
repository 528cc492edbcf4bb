import ArgumentParser
import KinesisVideo
import KinesisVideoClient
import KinesisVideoConsumer

/// `kinescope fragments`: archived fragments of a time range.
struct Fragments: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the archived fragments of a stream.",
        discussion:
            "Times: 14:03, 14:03:04.480, -90s, -1h, \"yesterday 18:00\", RFC 3339, now, #FRAGMENT. A range takes in both ends."
    )

    @Argument(help: "Name of the stream.")
    var name: String

    @OptionGroup var range: RangeOptions
    @OptionGroup var connection: ConnectionOptions

    @Flag(help: "Print one JSON object for each fragment.")
    var json = false

    func run() async throws {
        let (name, range, zone, json) = (name, range, range.ends.zone.zone, json)
        try await connection.withClient { client in
            _ = try await client.stream(named: name)
            let consumer = StreamConsumer(client: client, stream: StreamReference(name: name))
            let fragments = try await consumer.list(
                try await range.selector(now: systemClock(), on: consumer)
            )
            if json {
                for fragment in fragments { try JSONLine.write(FragmentRow(fragment)) }
                return
            }
            print(
                TextTable.text(
                    ["FRAGMENT", "PRODUCER", "SERVER", "LENGTH", "BYTES"],
                    fragments.map { fragment in
                        [
                            fragment.number.padded, zone.text(fragment.producerTimestamp),
                            zone.text(fragment.serverTimestamp),
                            Timestamp(milliseconds: fragment.length).decimalSeconds + " s",
                            "\(fragment.size)",
                        ]
                    }
                )
            )
        }
    }
}

/// A fragment as `fragments --json` prints it.
struct FragmentRow: Encodable {
    var fragmentNumber: String
    var producerTimestamp: String
    var serverTimestamp: String
    var lengthMilliseconds: Int64
    var sizeBytes: Int

    init(_ info: FragmentInfo) {
        fragmentNumber = info.number.padded
        producerTimestamp = info.producerTimestamp.rfc3339
        serverTimestamp = info.serverTimestamp.rfc3339
        lengthMilliseconds = info.length
        sizeBytes = info.size
    }
}
