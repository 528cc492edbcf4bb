import Foundation
import KinesisVideo
import KinesisVideoClient
import KinesisVideoConsumer
import Monitor
import Playback
import TerminalScreen

/// The screens on a service: joins the monitor, its players and the statistics feed.
struct Console: Sendable {
    /// The service.
    let client: ServiceClient
    /// The clock that service and screens share.
    let clock: @Sendable () -> Timestamp
    /// A stream to open at once.
    var stream: String?

    /// Runs until the user quits.
    ///
    /// - Throws: TerminalError where there is no terminal to draw on.
    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let profile = TerminalProfile(environment: environment, tmuxFeatures: Self.tmuxFeatures(environment))
        let (theme, warnings) = try ThemeCatalog(environment: environment).theme(
            named: "nitrate",
            depth: profile.colors
        )
        for warning in warnings { report(warning) }
        let inbox = MonitorInbox()
        let (players, playerSink) = AsyncStream.makeStream(of: Player.self)
        let log = PlayerLog.ofEnvironment
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [client] in
                await StatisticsPoller(inbox: inbox) { try await client.statistics() }.run()
            }
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
                            glyphs: profile.isUnicode ? .unicode : .ascii
                        ),
                        options: .init(theme: theme, depth: profile.colors, stream: stream),
                        inbox: inbox,
                        now: clock,
                        makePlayer: { name, retentionHours in
                            let player = makePlayer(name, retentionHours, log)
                            playerSink.yield(player)
                            return player
                        }
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

    /// What tmux knows of the terminal it is shown on; nil outside tmux.
    static func tmuxFeatures(_ environment: [String: String]) -> String? {
        guard environment["TMUX"] != nil else { return nil }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["tmux", "display-message", "-p", "#{client_termfeatures}"]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
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
