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
    private let stream: String
    let source = PixelSize(width: 1280, height: 720)

    init(_ stream: String = "front-door") {
        self.stream = stream
    }

    var commands: [PlayerCommand] { state.withLock(\.commands) }
    var isClosed: Bool { state.withLock(\.isClosed) }
    var size: PixelSize { state.withLock(\.size) }

    func send(_ command: PlayerCommand) {
        state.withLock { $0.commands.append(command) }
    }

    var status: PlayerStatus {
        var status = SamplePlayer.shifted()
        status.stream = stream
        return status
    }

    var changes: AsyncStream<Void> { AsyncStream { $0.finish() } }

    func extent(from start: Timestamp, to end: Timestamp) -> TimelineExtent {
        TimelineExtent(fragments: 0, bytes: 0, isListed: false)
    }

    func setPictureSize(_ fit: @escaping @Sendable (PixelSize, Double) -> PixelSize) {
        state.withLock { $0.size = fit(source, 1) }
    }

    func glance(at time: Timestamp, fit: @escaping @Sendable (PixelSize, Double) -> PixelSize) -> Glance? {
        guard let number = FragmentNumber("1") else { return nil }
        let image = RGBImage(size: fit(source, 1), color: RGBColor(0x00FF00))
        return Glance(image: image, frame: FrameAddress(fragment: number, index: 0), time: time)
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
            makePlayer: { _, _, _ in player }
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
        #expect(screen.frames.map { $0.pictureRegions.map(\.size.columns) } == [[], [64], [64], []])
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
        #expect(help.pictureRegions == [ScreenRectangle(row: 1, column: 8, rows: 18, columns: 64)])
        let text = String(decoding: help.picture, as: UTF8.self)
        let rows = text.matches(of: /\[(\d+);(\d+)H/).compactMap { Int($0.1) }
        // The overlay covers rows 3 to 22 of the screen, counted from 1.
        #expect(rows.allSatisfy { $0 == 2 } && !rows.isEmpty)
    }

    @Test func theMomentUnderThePointerIsShownOverThePicture() throws {
        let layout = PlayerLayout(
            size: ScreenSize(rows: 24, columns: 80),
            hasFault: false,
            isInfoShown: false,
            isFull: false,
            showsChrome: true
        )
        let rail = try #require(layout.rail)
        func move(_ column: Int, _ row: Int) -> [InputEvent] {
            [.mouse(MouseEvent(.move, row: row, column: column))]
        }
        let script = [
            [], Self.key(.enter), move(70, rail), move(70, 3), move(70, rail), Self.key(.character("Q")),
        ]
        let (screen, _) = try Self.run(script)
        // At most 24 columns and 7 rows, at the lower right end of a picture of 64 by 18 cells.
        let glance = String(decoding: screen.frames[2].picture, as: UTF8.self)
        #expect(glance.contains("0;255;0") && !glance.contains("255;0;0"))
        let rows = Set(glance.matches(of: /\[(\d+);(\d+)H/).compactMap { Int($0.1) })
        #expect(rows.min().map { $0 >= 13 } == true)
        // Once the pointer has gone the picture comes back there, and only there.
        let after = String(decoding: screen.frames[3].picture, as: UTF8.self)
        #expect(after.contains("255;0;0") && !after.contains("0;255;0"))
        #expect(after.count < String(decoding: screen.frames[1].picture, as: UTF8.self).count)
        #expect(screen.frames[1].pictureRegions == screen.frames[3].pictureRegions)
        // And where the pointer comes back to the same place, so does its picture.
        #expect(screen.frames[4].picture == screen.frames[2].picture)
    }

    @Test func theWallPaintsATileAfterTheOtherAndEndsThemAll() throws {
        let now = Mutex(SampleStreams.now)
        let players = Mutex<[ScriptedPlayer]>([])
        let keys = [.character("w"), .up, .up, .up, .up, .right, .escape, .character("q")].map(Self.key)
        let screen = MemoryScreen(size: ScreenSize(rows: 24, columns: 80), script: [[]] + keys)
        let app = MonitorApp(
            screen: screen,
            configuration: MonitorState.Configuration(endpoint: "local:7070"),
            options: MonitorApp.Options(theme: .colorless, depth: .truecolor),
            // Each look at the clock is a while later, so that the next tile may open.
            now: {
                now.withLock { time in
                    time = time.advanced(byMilliseconds: 100)
                    return time
                }
            },
            makePlayer: { name, _, isTile in
                #expect(isTile)
                let player = ScriptedPlayer(name)
                players.withLock { $0.append(player) }
                return player
            }
        )
        app.inbox.post(.statistics(SampleStreams.current))
        try app.run()
        let regions = screen.frames.map(\.pictureRegions)
        #expect(regions.first == [] && regions.last == [])
        let full = try #require(screen.frames.last { $0.pictureRegions.count == 4 })
        #expect(full.pictureRegions.map(\.column) == [2, 42, 2, 42])
        #expect(full.pictureRegions.map(\.row) == [1, 1, 12, 12])
        #expect(full.pictureRegions.allSatisfy { $0.size == ScreenSize(rows: 10, columns: 36) })
        #expect(full.buffer.text(row: 11).contains("front-door"))
        let opened = players.withLock { $0 }
        #expect(opened.count == 4)
        let allClosed = opened.map(\.isClosed).allSatisfy(\.self)
        #expect(allClosed)
        // All but the focused one show key pictures; the focus has moved to the second.
        #expect(opened[0].commands == [.showKeyFramesOnly(true)])
        #expect(opened[1].commands == [.showKeyFramesOnly(true), .showKeyFramesOnly(false)])
        #expect(opened[2].commands == [.showKeyFramesOnly(true)])
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
            makePlayer: { _, _, _ in ScriptedPlayer() }
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
            makePlayer: { _, _, _ in ScriptedPlayer() }
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
            makePlayer: { _, _, _ in ScriptedPlayer() }
        )
        try app.run()
        #expect(screen.frames.isEmpty)
    }
}
