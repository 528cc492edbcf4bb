import ArgumentParser
import Foundation
import KinesisVideo
import Monitor
import Playback

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

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Where to begin: a time, or # and the number of a fragment.", valueName: "time")
    )
    var at: String?

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let (name, commands) = (name, try opening.map { [$0] } ?? [])
        try await connection.withClient { client in
            let info = try await client.stream(named: name)
            let hours = info.dataRetentionInHours
            try await Console(
                client: client,
                clock: systemClock,
                stream: name,
                retentionHours: hours,
                commands: commands
            ).run()
        }
    }

    /// What brings the player to the place asked for; nil for live.
    private var opening: MonitorCommand? {
        get throws {
            guard let at else { return nil }
            do {
                switch try TimeExpression(at, now: systemClock()) {
                case .now: return nil
                case .time(let time): return .player(.seek(to: time))
                case .fragment(let number): return .player(.seekToFragment(number))
                }
            } catch {
                throw CommandFailure(.usage, "'\(at)' is \(error)")
            }
        }
    }
}
