import Foundation
import KinesisVideo
import KinesisVideoClient
import KinesisVideoConsumer
import Monitor
import Playback
import Subprocess
import TerminalScreen

/// The screens on a service: joins the monitor, its players and the statistics feed.
struct Console: Sendable {
    /// The service.
    let client: ServiceClient
    /// The clock that service and screens share.
    let clock: @Sendable () -> Timestamp
    /// A stream to open at once.
    var stream: String?
    /// Hours that this stream keeps media, where known.
    var retentionHours: Int?
    /// What to do on it then.
    var commands: [MonitorCommand] = []

    /// Runs until the user quits.
    ///
    /// - Throws: TerminalError where there is no terminal to draw on.
    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let profile = TerminalProfile(
            environment: environment,
            tmuxFeatures: await Self.tmuxFeatures(environment)
        )
        let (theme, warnings) = try ThemeCatalog(environment: environment).theme(
            named: "nitrate",
            depth: profile.colors
        )
        for warning in warnings { report(warning) }
        let inbox = MonitorInbox()
        let (players, playerSink) = AsyncStream.makeStream(of: Player.self)
        let log = PlayerLog.ofEnvironment
        let exports = ExportWorker(client: client, inbox: inbox)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [client] in
                await StatisticsPoller(inbox: inbox) { try await client.statistics() }.run()
            }
            group.addTask { await exports.run() }
            group.addTask { [self] in await watchClock(inbox) }
            group.addTask {
                await withDiscardingTaskGroup { running in
                    for await player in players { running.addTask { await player.run() } }
                    running.cancelAll()
                }
            }
            group.addTask { [self] in
                defer { playerSink.finish() }
                try await MonitorApp.runOnThread(inbox) {
                    MonitorApp(
                        screen: try CursesScreen(terminalType: environment["TERM"]),
                        configuration: .init(
                            endpoint: label,
                            glyphs: profile.isUnicode ? .unicode : .ascii,
                            localZone: .current
                        ),
                        options: .init(
                            theme: theme,
                            depth: profile.colors,
                            stream: stream,
                            retentionHours: retentionHours,
                            commands: commands
                        ),
                        inbox: inbox,
                        now: clock,
                        makePlayer: { name, retentionHours in
                            let player = makePlayer(name, retentionHours, log)
                            playerSink.yield(player)
                            return player
                        },
                        exports: exports.exports
                    )
                }
                throw Finished()
            }
            do {
                while try await group.next() != nil {}
            } catch is Finished {
                group.cancelAll()
            }
        }
    }

    private struct Finished: Error {}

    /// Compares the service's clock with the one that the screens show, every two seconds.
    private func watchClock(_ inbox: MonitorInbox) async {
        while !Task.isCancelled {
            if let offset = client.clockOffset {
                // The Date header tells the offset from this machine's clock, which the screens' may not be.
                let machine = Int64(Date().timeIntervalSince1970)
                inbox.post(.clockOffset(machine + offset - clock().milliseconds / 1000))
            }
            try? await Task.sleep(for: .seconds(2))
        }
    }

    private func makePlayer(_ name: String, _ retentionHours: Int?, _ log: PlayerLog?) -> Player {
        let consumer = StreamConsumer(client: client, stream: StreamReference(name: name))
        return Player(
            stream: name,
            source: ServiceMedia(consumer),
            settings: PlayerSettings(retentionHours: retentionHours),
            clock: PlayerClock(wall: clock),
            log: { log?.write($0) }
        )
    }

    /// How the title names the service: `local:7070`, `aws:eu-west-1`, or host and port.
    private var label: String {
        guard let url = URL(string: client.endpoint.url), let host = url.host else {
            return client.endpoint.url
        }
        if host.hasSuffix("amazonaws.com") || host.hasSuffix("amazonaws.com.cn") {
            return "aws:\(client.endpoint.region)"
        }
        let name = host == "127.0.0.1" || host == "localhost" ? "local" : host
        return url.port.map { "\(name):\($0)" } ?? name
    }

    /// What tmux knows of the terminal it is shown on; nil outside tmux, and where it does not say so in a second.
    static func tmuxFeatures(_ environment: [String: String]) async -> String? {
        guard environment["TMUX"] != nil else { return nil }
        return await withTaskGroup(of: String?.self) { group in
            group.addTask {
                let answer = try? await Subprocess.run(
                    .name("tmux"),
                    arguments: ["display-message", "-p", "#{client_termfeatures}"],
                    output: .string(limit: 4096)
                )
                return answer?.standardOutput
            }
            group.addTask {
                try? await Task.sleep(for: .seconds(1))
                return nil
            }
            defer { group.cancelAll() }
            return await group.next()??.trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }
}

/// A file that says what became of each frame, where `KINESCOPE_PLAYER_LOG` names one.
final class PlayerLog: Sendable {
    private let file: LogFile

    static var ofEnvironment: PlayerLog? {
        ProcessInfo.processInfo.environment["KINESCOPE_PLAYER_LOG"].flatMap { LogFile($0) }.map(
            PlayerLog.init
        )
    }

    private init(file: LogFile) {
        self.file = file
    }

    func write(_ entry: PlayerLogEntry) {
        file.write("\(entry)")
    }
}
