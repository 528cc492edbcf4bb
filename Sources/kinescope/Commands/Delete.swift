import ArgumentParser
import KinesisVideo
import KinesisVideoClient

/// `kinescope delete`: a stream and all that it keeps.
struct Delete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Delete a stream with everything it keeps.",
        discussion: "Asks for no confirmation. Readers and producers of the stream are cut off at once."
    )

    @Argument(help: "Name of the stream.")
    var name: String

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let name = name
        try await connection.withClient { client in
            try await client.delete(try await client.stream(named: name))
        }
    }
}
