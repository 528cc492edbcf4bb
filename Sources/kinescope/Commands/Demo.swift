import ArgumentParser
import Foundation
import FragmentStorage
import KinesisVideo
import KinesisVideoClient
import KinesisVideoServer
import Logging
import Monitor

/// `kinescope demo`: cameras that do not exist, on a service that does.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Start sample cameras and show them.",
        discussion: """
            Four cameras send live H.264 to a service in this process, one has stopped 41 seconds ago, the calls of one \
            fail, and a last stream is still being made. What the cameras would have sent before is put into the \
            archive in the background, newest first. Every picture carries its time as two rows of squares. Without \
            --data-dir everything is gone at the end.
            """
    )

    @Option(
        help: ArgumentHelp(
            "Time at which the demo's one clock starts, RFC 3339. Default: now.",
            valueName: "time"
        )
    )
    var clock: String?

    @Option(help: "Changes the scenes of the cameras.")
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Folder of the data. Default: a temporary one.", valueName: "dir"))
    var dataDir: String?

    @Option(help: "Port of the service. Default: 7070 if free, else a free one.")
    var port: Int?

    @Option(help: ArgumentHelp("Bytes kept; the oldest media goes first.", valueName: "bytes"))
    var size = 2_000_000_000

    @OptionGroup var screen: ScreenOptions

    func run() async throws {
        let settings = try screen.settings()
        guard let next = try await show(settings, commands: screen.commands ?? "") else { return }
        let connection = try ConnectionOptions.parse([])
        try await ConsoleJourney(connection: connection, settings: settings).run(from: next)
    }

    /// Runs cameras, service and screens until the user quits, or goes to another service.
    ///
    /// - Parameters:
    ///   - settings: What the user has set.
    ///   - commands: Commands of the palette to run at once.
    ///   - failure: A failure to be told at once; nil for none.
    /// - Returns: Where to go on; nil where the user quits.
    /// - Throws: CommandFailure, and what the service throws that cannot be started.
    func show(_ settings: Settings, commands: String, failure: String? = nil) async throws
        -> ConsoleDestination?
    {
        let start = try clock.map { text in
            guard let timestamp = Timestamp(rfc3339: text) else {
                throw ValidationError("--clock is '\(text)', wanted RFC 3339 such as 2025-11-22T14:03:22Z")
            }
            return timestamp
        }
        let offset = start.map { $0.milliseconds - systemClock().milliseconds } ?? 0
        let clock: @Sendable () -> Timestamp = { systemClock().advanced(byMilliseconds: offset) }
        let place = try DemoFolder(path: dataDir)
        defer { place.remove() }
        guard let folder = try DataFolder.take(place.path) else {
            throw CommandFailure(
                .failed,
                "\(place.path) is in use by another service (try another --data-dir)"
            )
        }
        var options = RunningService.Options()
        options.clock = clock
        options.configuration.port = port ?? 7070
        options.configuration.liveDelivery = .frame
        options.allowsOtherPort = port == nil
        options.store.archiveBytes = size
        let isOnTerminal = isatty(STDOUT_FILENO) == 1
        options.logger = Logger(label: "kinescope") { label in
            isOnTerminal ? FileLogHandler.standard() : StreamLogHandler.standardError(label: label)
        }
        let seed = seed
        let destination = try await Interruption.watching([SIGTERM, SIGINT, SIGHUP]) { [options] in
            try await RunningService.with(folder, options) { store, url in
                try await ServiceClient.with(endpoint: Endpoint(url: url)) { client in
                    let fixture = DemoFixture(
                        store: store,
                        client: client,
                        clock: clock,
                        seed: seed,
                        logger: options.logger
                    )
                    return try await fixture.run { () async throws -> ConsoleDestination? in
                        guard isOnTerminal else {
                            print("listening on \(url)")
                            fflush(nil)
                            await Interruption.cancellation()
                            return nil
                        }
                        let console = Console(
                            client: client,
                            clock: clock,
                            settings: settings,
                            commands: commands,
                            failure: failure
                        )
                        return try await console.run()
                    }
                }
            }
        }
        return destination ?? nil
    }
}
