import ArgumentParser
import Foundation

/// `kinescope` without a subcommand: the list of streams, and everything from there.
struct Monitoring: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "monitor",
        abstract: "Show the streams and play them (the default)."
    )

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        guard isatty(STDOUT_FILENO) == 1 else {
            // Behind a pipe the list is text.
            var list = Streams()
            list.connection = connection
            list.json = false
            return try await list.run()
        }
        try await connection.withClient { client in
            try await Console(client: client, clock: systemClock).run()
        }
    }
}

/// `kinescope watch`: straight into the player.
struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Play a stream.")

    @Argument(help: "Name of the stream.")
    var name: String

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let name = name
        try await connection.withClient { client in
            _ = try await client.stream(named: name)
            try await Console(client: client, clock: systemClock, stream: name).run()
        }
    }
}
