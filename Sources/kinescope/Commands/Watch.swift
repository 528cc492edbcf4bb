import ArgumentParser
import Foundation
import KinesisVideo
import Monitor

/// `kinescope` without a subcommand: the list of streams, and everything from there.
struct Monitoring: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "monitor",
        abstract: "Show the streams and play them (the default)."
    )

    @OptionGroup var screen: ScreenOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        guard isatty(STDOUT_FILENO) == 1 else {
            // Behind a pipe the list is text.
            var list = Streams()
            list.connection = connection
            list.json = false
            return try await list.run()
        }
        let journey = ConsoleJourney(connection: connection, settings: try screen.settings())
        try await journey.run(commands: screen.commands ?? "")
    }
}

/// `kinescope watch`: straight into the player.
struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Play a stream.")

    @Argument(help: "Name of the stream.")
    var name: String

    @Option(
        name: .customLong("at"),
        parsing: .unconditional,
        help: ArgumentHelp(
            "Where to begin: 14:03, -90s, \"yesterday 18:00\", RFC 3339, #FRAGMENT. Default: live.",
            valueName: "time"
        )
    )
    var start: String?

    @OptionGroup var screen: ScreenOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard let start else { return }
        do {
            _ = try TimeExpression(start, now: systemClock())
        } catch {
            throw ValidationError("--at is '\(start)': \(error)")
        }
    }

    func run() async throws {
        let (name, settings) = (name, try screen.settings())
        let commands = [start.map { "seek \($0)" }, screen.commands].compactMap { $0 }.joined(separator: ";")
        let next = try await connection.withClient { client in
            let info = try await client.stream(named: name)
            let console = Console(
                client: client,
                clock: systemClock,
                settings: settings,
                stream: name,
                retentionHours: info.dataRetentionInHours,
                commands: commands
            )
            return try await console.run()
        }
        guard let next else { return }
        try await ConsoleJourney(connection: connection, settings: settings).run(from: next)
    }
}
