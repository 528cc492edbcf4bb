import Foundation
import KinesisVideo
import KinesisVideoClient
import KinesisVideoConsumer
import MediaCodec
import Monitor
import Playback
import TerminalScreen
import TerminalVideo

/// The screens on a service: joins the monitor, its players and the statistics feed.
struct Console: Sendable {
    /// The service.
    let client: ServiceClient
    /// The clock that service and screens share.
    let clock: @Sendable () -> Timestamp
    /// What the user has set.
    var settings = Settings()
    /// A stream to open at once.
    var stream: String?
    /// Hours that this stream keeps media, where known.
    var retentionHours: Int?
    /// Commands of the palette to run at once.
    var commands = ""
    /// A failure to be told at once; nil for none.
    var failure: String?
    /// A file to look into, with no service behind; nil where the service is shown.
    var file: String?

    /// Runs until the user quits, or goes to another service.
    ///
    /// - Returns: Where to go on; nil where the user quits.
    /// - Throws: TerminalError where there is no terminal to draw on.
    func run() async throws -> ConsoleDestination? {
        defer { TerminalInquiry.end() }
        let terminal = await ConsoleTerminal(settings)
        let channels = ConsoleChannels()
        let inbox = MonitorInbox()
        let themes = ThemeCatalog(environment: terminal.environment)
        let theme = theme(of: themes, terminal, inbox)
        if let failure { inbox.post(.toast(failure, isError: true)) }
        for warning in settings.warnings { inbox.post(.note(.warning, source: "config", warning)) }
        let exports = ExportWorker(client: client, inbox: inbox, folder: settings["export.dir"].text)
        let inspections = InspectionWorker(client: client, inbox: inbox)
        let bell = try ScreenBell()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            addReports(to: &group, channels, inbox)
            group.addTask { await exports.run() }
            group.addTask { await inspections.run() }
            group.addTask { [client] in
                await PreviewWorker(client: client, inbox: inbox).run(channels.previews)
            }
            if file == nil { group.addTask { [self] in await watchClock(inbox) } }
            if let tmux = terminal.tmux { group.addTask { await tmux.watchDiscarded(inbox) } }
            group.addTask { await channels.runPlayers(bell) }
            group.addTask { [self] in
                defer { channels.finish() }
                let destination = try await show(
                    on: terminal,
                    theme,
                    themes,
                    inbox,
                    channels,
                    exports,
                    inspections,
                    bell
                )
                throw Finished(destination: destination)
            }
            do {
                while try await group.next() != nil {}
            } catch let end as Finished {
                group.cancelAll()
                return end.destination
            }
            return nil
        }
    }

    /// What tells of the streams, and what changes them.
    private func addReports(
        to group: inout ThrowingTaskGroup<Void, any Error>,
        _ channels: ConsoleChannels,
        _ inbox: MonitorInbox
    ) {
        let watch = StreamWatch()
        group.addTask { [client, clock, settings, file] in
            guard file == nil else { return }
            let reports = StreamReports(
                client: client,
                inbox: inbox,
                clock: clock,
                settings: settings,
                watch: watch
            )
            await reports.run()
        }
        group.addTask { [client] in
            await channels.runRequests(StreamChanges(client: client, inbox: inbox, watch: watch))
        }
    }

    /// Runs the screens on a thread of their own, to their end.
    private func show(
        on terminal: ConsoleTerminal,
        _ theme: Theme,
        _ themes: ThemeCatalog,
        _ inbox: MonitorInbox,
        _ channels: ConsoleChannels,
        _ exports: ExportWorker,
        _ inspections: InspectionWorker,
        _ bell: ScreenBell
    ) async throws -> ConsoleDestination? {
        let log = PlayerLog.ofEnvironment
        return try await MonitorApp.runOnThread(inbox) {
            MonitorApp(
                screen: try CursesScreen(
                    terminalType: terminal.environment["TERM"],
                    mouse: settings.isOn("mouse"),
                    hover: settings.isOn("hover") && terminal.reportsMotion,
                    bell: bell
                ),
                configuration: configuration(terminal.profile, themes),
                options: options(theme, terminal, themes),
                inbox: inbox,
                now: clock,
                makePlayer: { name, retentionHours, isTile in
                    let player = makePlayer(name, retentionHours, isTile: isTile, log)
                    channels.playerSink.yield(player)
                    return player
                },
                exports: exports.exports,
                inspect: { inspections.take($0) },
                request: { channels.requestSink.yield($0) }
            )
        }
    }

    private struct Finished: Error {
        var destination: ConsoleDestination?
    }

    private func themeName(_ terminal: ConsoleTerminal) -> String {
        settings.themeName(environment: terminal.environment, background: terminal.background)
    }

    /// The theme that is set; one that cannot be had leaves the built-in one and a word on why.
    private func theme(of themes: ThemeCatalog, _ terminal: ConsoleTerminal, _ inbox: MonitorInbox) -> Theme {
        let depth = terminal.profile.colors
        do {
            let (theme, warnings) = try themes.theme(named: themeName(terminal), depth: depth)
            for warning in warnings { inbox.post(.note(.warning, source: "theme", warning)) }
            return theme
        } catch {
            inbox.post(.toast("\(error)", isError: true))
            return ThemeReader.builtIn("nitrate", depth: depth) ?? .colorless
        }
    }

    private func configuration(
        _ profile: TerminalProfile,
        _ themes: ThemeCatalog
    ) -> MonitorState.Configuration {
        var configuration = MonitorState.Configuration(
            endpoint: label,
            keymap: settings.keymap,
            glyphs: profile.isUnicode ? .unicode : .ascii,
            localZone: .current
        )
        configuration.themes = themes.names
        configuration.endpoints += settings.endpoints.keys.sorted()
        configuration.pictureModes = profile.modes
        if let mode = PictureMode(rawValue: settings["player.renderer"].text), profile.modes.contains(mode) {
            // The first is taken at the start.
            configuration.pictureModes = [mode] + profile.modes.filter { $0 != mode }
        }
        configuration.wallGrid = settings.number("wall.grid")
        configuration.step = Int64(settings.number("player.seek")) * 1000
        configuration.keymap.setStep(seconds: settings.number("player.seek"))
        configuration.beginsInLocalZone = settings["zone"].text == "local"
        configuration.beginsWithServerClock = settings["clock"].text == "server"
        configuration.pinnedQuality = Int(settings["screen.quality"].text).flatMap(OutputQuality.init)
        configuration.clipContainer = MediaContainer(rawValue: settings["export.container"].text) ?? .mp4
        if settings.isOn("read_only") { configuration.forbidChanges() }
        return configuration
    }

    private func options(
        _ theme: Theme,
        _ terminal: ConsoleTerminal,
        _ themes: ThemeCatalog
    ) -> MonitorApp.Options {
        let profile = terminal.profile
        var options = MonitorApp.Options(
            theme: theme,
            depth: profile.colors,
            stream: stream,
            retentionHours: retentionHours,
            commands: commands
        )
        options.themeName = themeName(terminal)
        options.themes = themes
        options.file = file
        options.cell = profile.cell
        options.repeatsGlyphs = profile.repeatsGlyphs
        options.frameInterval = .seconds(1) / max(1, settings.number("screen.fps"))
        options.frameLatency = .milliseconds(settings.number("screen.target_latency_ms"))
        options.wallInterval = .seconds(1) / max(1, settings.number("wall.fps"))
        return options
    }

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

    /// Bytes of media that a tile of the wall keeps: sixteen of them stay below 400 MB.
    private static let tileMemory = 24 << 20

    private func makePlayer(_ name: String, _ retentionHours: Int?, isTile: Bool, _ log: PlayerLog?) -> Player
    {
        var playerSettings = PlayerSettings(
            opening: !isTile && settings["player.on_open"].text == "oldest" ? .oldest : .live,
            memory: isTile ? Self.tileMemory : settings.bytes("player.memory"),
            maximumRate: Double(settings.number("player.rate_max")),
            retentionHours: retentionHours
        )
        playerSettings.gaps = GapPolicy(rawValue: settings["player.gaps"].text) ?? .skip
        let consumer = StreamConsumer(client: client, stream: StreamReference(name: name))
        return Player(
            stream: name,
            source: ServiceMedia(consumer),
            settings: playerSettings,
            clock: PlayerClock(wall: clock),
            log: { log?.write($0) }
        )
    }

    /// How the title names the service: `local:7070`, `aws:eu-west-1`, or host and port.
    private var label: String {
        guard let url = URL(string: client.endpoint.url), let host = url.host else {
            return client.endpoint.url
        }
        if client.endpoint.isAmazon { return "aws:\(client.endpoint.region)" }
        let name = host == "127.0.0.1" || host == "localhost" ? "local" : host
        return url.port.map { "\(name):\($0)" } ?? name
    }
}

extension Endpoint {
    /// True for the real service.
    var isAmazon: Bool {
        let host = URL(string: url)?.host ?? ""
        return host.hasSuffix("amazonaws.com") || host.hasSuffix("amazonaws.com.cn")
    }
}
