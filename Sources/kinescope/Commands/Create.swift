import ArgumentParser
import KinesisVideo
import KinesisVideoClient

/// `kinescope create`: a new stream.
struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Create a stream.",
        discussion: "Returns when the stream takes media, and prints its ARN."
    )

    @Argument(help: "Name of the stream.")
    var name: String

    @Option(help: ArgumentHelp("Hours to keep fragments; 0 keeps them in memory only.", valueName: "hours"))
    var retention = 24

    @Option(help: ArgumentHelp("What it will carry, such as video/h264,audio/aac.", valueName: "type"))
    var mediaType: String?

    @Option(
        name: .customLong("tag"),
        help: ArgumentHelp("A tag; may be given several times.", valueName: "key=value")
    )
    var tags: [TagAssignment] = []

    @OptionGroup var connection: ConnectionOptions

    @Flag(help: "Print the stream as a JSON object.")
    var json = false

    func run() async throws {
        let input = CreateStream.Input(
            streamName: name,
            mediaType: mediaType,
            dataRetentionInHours: retention,
            tags: tags.isEmpty ? nil : TagAssignment.map(tags)
        )
        try Self.check(input)
        let json = json
        try await connection.withClient { client in
            _ = try await client.call(CreateStream.self, input)
            let info = try await client.activeStream(named: input.streamName)
            if json {
                try JSONLine.write(StreamRow(info))
            } else {
                print(info.streamARN)
            }
        }
    }

    /// What the service would refuse as malformed is wrong usage here.
    static func check(_ input: some CheckedInput) throws {
        do {
            try input.validate()
        } catch {
            throw CommandFailure(.usage, error.message)
        }
    }
}
