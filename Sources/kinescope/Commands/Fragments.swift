import ArgumentParser
import KinesisVideo
import KinesisVideoClient
import KinesisVideoConsumer
import Monitor

/// `kinescope fragments`: archived fragments of a time range.
struct Fragments: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the archived fragments of a stream.",
        discussion:
            "Times: 14:03, 14:03:04.480, -90s, -1h, \"yesterday 18:00\", RFC 3339, now. A range takes in both ends."
    )

    @Argument(help: "Name of the stream.")
    var name: String

    @OptionGroup var range: RangeOptions
    @OptionGroup var connection: ConnectionOptions

    @Flag(help: "Print one JSON object for each fragment.")
    var json = false

    func run() async throws {
        let (name, range, json) = (name, range, json)
        try await connection.withClient { client in
            _ = try await client.stream(named: name)
            let consumer = StreamConsumer(client: client, stream: StreamReference(name: name))
            let fragments = try await consumer.list(try range.selector(now: systemClock()))
            if json {
                for fragment in fragments { try JSONLine.write(FragmentRow(fragment)) }
                return
            }
            print(
                TextTable.text(
                    ["FRAGMENT", "PRODUCER", "SERVER", "LENGTH", "BYTES"],
                    fragments.map { fragment in
                        [
                            fragment.number.padded, fragment.producerTimestamp.rfc3339,
                            fragment.serverTimestamp.rfc3339,
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

/// A range of time on the command line.
struct RangeOptions: ParsableArguments {
    @Option(
        name: .customLong("from"),
        parsing: .unconditional,
        help: ArgumentHelp("First moment.", valueName: "time")
    )
    var start: String?

    @Option(
        name: .customLong("to"),
        parsing: .unconditional,
        help: ArgumentHelp("Last moment.", valueName: "time")
    )
    var end: String?

    @Option(help: "Clock of the range: producer or server.")
    var clock: Clock = .producer

    enum Clock: String, ExpressibleByArgument, CaseIterable, Sendable {
        case producer, server
    }

    /// The range; without ends it is everything there is.
    func selector(now: Timestamp) throws -> FragmentSelector {
        let start = try start.map { try Self.moment($0, now: now) } ?? Timestamp(milliseconds: 0)
        // Producers' clocks may be ahead: without an end everything counts.
        let end = try end.map { try Self.moment($0, now: now) } ?? ServiceLimits.endOfTime
        guard start <= end else { throw CommandFailure(.usage, "--from is later than --to") }
        return FragmentSelector(clock: clock == .producer ? .producer : .server, start: start, end: end)
    }

    /// A moment as people type it.
    static func moment(_ text: String, now: Timestamp) throws -> Timestamp {
        do {
            switch try TimeExpression(text, now: now) {
            case .now: return now
            case .time(let timestamp): return timestamp
            case .fragment: throw CommandFailure(.usage, "'\(text)' is a fragment, wanted a time")
            }
        } catch let error as TimeExpression.Failure {
            throw CommandFailure(.usage, "'\(text)' is \(error)")
        }
    }
}
