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
            let info = try await client.stream(named: name)
            // With the version, so that what was made anew or changed in the meantime stays.
            let input = DeleteStream.Input(streamARN: info.streamARN, currentVersion: info.version)
            _ = try await client.call(DeleteStream.self, input)
        }
    }
}
