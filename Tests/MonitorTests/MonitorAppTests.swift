import KinesisVideo
import KinesisVideoConsumer
import Monitor
import Pixels
import Playback
import Synchronization
import TerminalScreen
import TerminalVideo
import Testing

/// A player that notes what it is asked, and has one red picture of the size wanted.
private final class ScriptedPlayer: VideoPlayer {
    private struct State {
        var commands: [PlayerCommand] = []
        var isClosed = false
        var size = PixelSize(width: 0, height: 0)
    }

    private let state = Mutex(State())
    let source = PixelSize(width: 1280, height: 720)

    var commands: [PlayerCommand] { state.withLock(\.commands) }
    var isClosed: Bool { state.withLock(\.isClosed) }
    var size: PixelSize { state.withLock(\.size) }

    func send(_ command: PlayerCommand) {
        state.withLock { $0.commands.append(command) }
    }

    var status: PlayerStatus { SamplePlayer.shifted() }
    var changes: AsyncStream<Void> { AsyncStream { $0.finish() } }

    func extent(from start: Timestamp, to end: Timestamp) -> TimelineExtent {
        TimelineExtent(fragments: 0, bytes: 0, isListed: false)
    }

    func setPictureSize(_ fit: @escaping @Sendable (PixelSize, Double) -> PixelSize) {
        state.withLock { $0.size = fit(source, 1) }
    }

    func picture(after serial: Int) -> DuePicture? {
        let size = size
        guard serial < size.area else { return nil }
        let address = FragmentNumber("1").map { FrameAddress(fragment: $0, index: 0) }
        return address.map {
            DuePicture(
                serial: size.area,
                image: RGBImage(size: size, color: RGBColor(0xFF0000)),
                sourceSize: source,
                frame: $0,
                time: SampleStreams.now,
                isExact: true
            )
        }
    }

    func fullSizePicture() async -> RGBImage? { nil }

    func columns(from start: Timestamp, to end: Timestamp, count: Int) -> [TimelineColumn] {
        [TimelineColumn](repeating: TimelineColumn(coverage: .archive, bitRate: 1), count: count)
    }

    func place(at time: Timestamp) -> TimelinePlace { .archive }

    func close() {
        state.withLock { $0.isClosed = true }
    }
}

@Suite struct MonitorAppTests {
    private static func key(_ key: KeyPress.Key) -> [InputEvent] { [.key(KeyPress(key))] }

    private static func run(
        _ script: [[InputEvent]],
        stream: String? = nil,
        size: ScreenSize = ScreenSize(rows: 24, columns: 80)
    ) throws -> (screen: MemoryScreen, player: ScriptedPlayer) {
        let screen = MemoryScreen(size: size, script: script)
        let player = ScriptedPlayer()
        let app = MonitorApp(
            screen: screen,
            configuration: MonitorState.Configuration(endpoint: "local:7070"),
            options: MonitorApp.Options(theme: .colorless, depth: .truecolor, stream: stream),
            now: { SampleStreams.now },
            makePlayer: { _, _ in player }
        )
        app.inbox.post(.statistics(SampleStreams.before))
        app.inbox.post(.statistics(SampleStreams.current))
        try app.run()
        return (screen, player)
    }

    @Test func keysLeadFromTheListToThePlayerAndBack() throws {
        let keys = [.down, .enter, .character(" "), .escape, .character("q")].map(Self.key)
        let (screen, player) = try Self.run(keys)
        #expect(player.commands == [.togglePause])
        #expect(player.isClosed && screen.isClosed)
        let titles = screen.frames.map { $0.buffer.text(row: 0).prefix(12) }
        #expect(titles == [" kinescope  ", " front-door ", " front-door ", " kinescope  "])
        #expect(screen.frames.map(\.pictureRegion?.size.columns) == [nil, 64, 64, nil])
    }

    @Test func thePictureIsPaintedOnceAndAgainOnlyWhereItChanged() throws {
        let keys = [.enter, .character(" "), .character("Q")].map(Self.key)
        let (screen, player) = try Self.run([[]] + keys)
        #expect(player.size == PixelSize(width: 64, height: 36))
        let painted = screen.frames.dropFirst().map(\.picture)
        #expect(painted.count == 2)
        #expect(String(decoding: painted[0], as: UTF8.self).contains("255;0;0"))
        #expect(painted[1].isEmpty)
    }

    @Test func thePictureGoesOnAroundTheHelp() throws {
        let keys = [.enter, .character("?"), .character("Q")].map(Self.key)
        let (screen, _) = try Self.run([[]] + keys)
        let help = screen.frames[2]
        #expect(help.pictureRegion == ScreenRectangle(row: 1, column: 8, rows: 18, columns: 64))
        let text = String(decoding: help.picture, as: UTF8.self)
        let rows = text.matches(of: /\[(\d+);(\d+)H/).compactMap { Int($0.1) }
        // The overlay covers rows 3 to 22 of the screen, counted from 1.
        #expect(rows.allSatisfy { $0 == 2 } && !rows.isEmpty)
    }

    @Test func aScreenThatWasLostIsPaintedWhole() throws {
        let screen = MemoryScreen(
            size: ScreenSize(rows: 24, columns: 80),
            script: [[], [], Self.key(.character("q"))]
        )
        screen.isLost = true
        let app = MonitorApp(
            screen: screen,
            configuration: MonitorState.Configuration(endpoint: "local:7070"),
            options: MonitorApp.Options(theme: .colorless, depth: .none),
            now: { SampleStreams.now },
            makePlayer: { _, _ in ScriptedPlayer() }
        )
        try app.run()
        #expect(screen.invalidations == 1)
    }

    @Test func aStreamCanBeOpenedAtOnce() throws {
        let (screen, player) = try Self.run(
            [[], Self.key(.character("l")), Self.key(.character("Q"))],
            stream: "lobby"
        )
        #expect(player.commands == [.live])
        #expect(screen.frames.last?.buffer.text(row: 0).hasPrefix(" lobby") == true)
    }

    @Test func redrawAndSuspendReachTheScreen() throws {
        let script: [[InputEvent]] = [
            [.key(KeyPress("l", .control))], [.key(KeyPress("z", .control))], Self.key(.character("q")),
        ]
        let (screen, _) = try Self.run(script)
        #expect(screen.invalidations == 1)
        #expect(screen.suspensions == 1)
    }

    @Test func theTerminalIsGivenBackWhenInputEnds() {
        let screen = MemoryScreen(size: ScreenSize(rows: 24, columns: 80))
        let app = MonitorApp(
            screen: screen,
            configuration: MonitorState.Configuration(endpoint: "local:7070"),
            options: MonitorApp.Options(theme: .colorless, depth: .none),
            now: { SampleStreams.now },
            makePlayer: { _, _ in ScriptedPlayer() }
        )
        #expect(throws: TerminalError.self) { try app.run() }
        #expect(screen.isClosed)
    }

    @Test func aSlowTerminalIsNotDrawnOn() throws {
        let screen = MemoryScreen(
            size: ScreenSize(rows: 24, columns: 80),
            script: [Self.key(.down), Self.key(.character("q"))]
        )
        screen.isReady = false
        let app = MonitorApp(
            screen: screen,
            configuration: MonitorState.Configuration(endpoint: "local:7070"),
            options: MonitorApp.Options(theme: .colorless, depth: .none),
            now: { SampleStreams.now },
            makePlayer: { _, _ in ScriptedPlayer() }
        )
        try app.run()
        #expect(screen.frames.isEmpty)
    }

    @Test func whatAnOverlayLeavesOfARectangleIsAllOfTheRest() {
        let rectangle = ScreenRectangle(row: 2, column: 2, rows: 3, columns: 4)
        for row in 0...6 {
            for column in 0...7 {
                for (rows, columns) in [(1, 1), (2, 3), (9, 1), (1, 9), (9, 9)] {
                    let overlay = ScreenRectangle(row: row, column: column, rows: rows, columns: columns)
                    let parts = rectangle.parts(around: overlay)
                    for y in 0..<12 {
                        for x in 0..<12 {
                            let isWanted =
                                rectangle.contains(row: y, column: x) && !overlay.contains(row: y, column: x)
                            let holders = parts.count { $0.contains(row: y, column: x) }
                            #expect(holders == (isWanted ? 1 : 0))
                        }
                    }
                }
            }
        }
    }
}
