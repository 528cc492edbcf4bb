import ArgumentParser
import Foundation
import KinesisVideo
import KinesisVideoConsumer
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
            list.zone = try ZoneOptions.parse(screen.zone.map { ["--zone", $0] } ?? [])
            list.json = false
            return try await list.run()
        }
        let journey = ConsoleJourney(connection: connection, settings: try screen.settings())
        try await journey.run(commands: screen.commands ?? "")
    }
}

/// `kinescope watch`: straight into the player, or onto the wall.
struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play a stream, or several side by side.",
        discussion:
            "Several streams, or one with --wall, are shown as a wall; --at then brings all of them there."
    )

    @Argument(help: ArgumentHelp("Names of streams.", valueName: "name"))
    var names: [String]

    @Option(
        name: .customLong("at"),
        parsing: .unconditional,
        help: ArgumentHelp(
            "Where to begin: 14:03, -90s, \"yesterday 18:00\", RFC 3339, #FRAGMENT. Default: live.",
            valueName: "time"
        )
    )
    var start: String?

    @Flag(help: "Show the wall, also of a single stream.")
    var wall = false

    @OptionGroup var screen: ScreenOptions
    @OptionGroup var connection: ConnectionOptions

    private var isWall: Bool { wall || names.count > 1 }

    func validate() throws {
        // What stands in a command of the palette cannot hold what ends one; no stream is named so.
        if let name = names.first(where: { $0.contains { $0 == ";" || $0.isWhitespace } }) {
            throw ValidationError("'\(name)' is no name of a stream")
        }
        guard let start else { return }
        do {
            if case .fragment = try TimeExpression(start, now: systemClock()), isWall {
                throw ValidationError("--at is '\(start)': a fragment is of one stream, wanted a time")
            }
        } catch let error as TimeExpression.Failure {
            throw ValidationError("--at is '\(start)': \(error)")
        }
    }

    func run() async throws {
        let settings = try screen.settings()
        let (names, isWall, start, ownCommands) = (names, isWall, start, screen.commands)
        // Without a player `wall` opens one tile after the other, `seek` brings them to their time.
        let wallCommand = isWall ? "wall \(names.joined(separator: " "))" : nil
        let place = try start.map { try TimeArgument($0, now: systemClock(), zone: .utc) }
        let next = try await connection.withClient { client in
            var retentionHours: Int?
            for name in names { retentionHours = try await client.stream(named: name).dataRetentionInHours }
            let stream = StreamReference(name: names.first ?? "")
            let number = try await place?.completedNumber(on: StreamConsumer(client: client, stream: stream))
            let seek = number.map { "seek #\($0)" } ?? start.map { "seek \($0)" }
            let commands = [wallCommand, seek, ownCommands].compactMap { $0 }
            let console = Console(
                client: client,
                clock: systemClock,
                settings: settings,
                stream: isWall ? nil : names.first,
                retentionHours: isWall ? nil : retentionHours,
                commands: commands.joined(separator: ";")
            )
            return try await console.run()
        }
        guard let next else { return }
        try await ConsoleJourney(connection: connection, settings: settings).run(from: next)
    }
}
