import KinesisVideo
import MediaCodec
import Pixels
import Playback
import Synchronization
import Testing

/// The player with real pictures, a real decoder and real time.
@Suite(.timeLimit(.minutes(1))) struct PlayerTests {
    private let origin = Timestamp(milliseconds: 1_763_820_000_000)

    /// Runs a player until the body returns.
    private func withPlayer(
        opening: PlayerSettings.Opening,
        firstLive: Int = 10,
        log: (@Sendable (PlayerLogEntry) -> Void)? = nil,
        _ body: (Player, SampleCamera) async throws -> Void
    ) async throws {
        let camera = try SampleCamera(origin: origin, firstLive: firstLive)
        let wall = origin.advanced(byMilliseconds: 4000)
        let start = ContinuousClock.now
        let clock = PlayerClock(wall: {
            wall.advanced(byMilliseconds: Int64((ContinuousClock.now - start).milliseconds))
        })
        let player = Player(
            stream: "door",
            source: camera,
            settings: PlayerSettings(opening: opening),
            clock: clock,
            log: log
        )
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await player.run() }
            do {
                try await body(player, camera)
            } catch {
                Issue.record(error)
            }
            player.close()
        }
    }

    /// Waits for the exact picture of a moment.
    private func picture(at time: Timestamp, _ player: Player) async -> DuePicture? {
        for await _ in player.changes {
            if let picture = player.picture(after: 0), picture.isExact, picture.time == time {
                return picture
            }
        }
        return nil
    }

    @Test func showsTheFrameThatWasAskedFor() async throws {
        try await withPlayer(opening: .time(origin.advanced(byMilliseconds: 1234))) { player, _ in
            player.send(.pause)
            let time = origin.advanced(byMilliseconds: 1200)
            let shown = try #require(await picture(at: time, player))
            #expect(TestCard.time(in: shown.image) == UInt32(truncatingIfNeeded: time.milliseconds))
            #expect(shown.sourceSize == SampleCamera.size)
            let status = player.status
            #expect(status.badge == .archive)
            #expect(status.codec?.hasPrefix("h264 ") == true)
            #expect(status.pixelFormat == "yuv420p")
            #expect(status.frameType == "I")
            #expect(status.frameCount == SampleCamera.framesPerFragment)
        }
    }

    @Test func stepsToTheNeighbouringPictures() async throws {
        try await withPlayer(opening: .time(origin.advanced(byMilliseconds: 800))) { player, _ in
            player.send(.pause)
            var time = origin.advanced(byMilliseconds: 800)
            _ = try #require(await picture(at: time, player))
            for step in [1, 1, -1, -1, -1, -1] {
                player.send(.stepFrames(step))
                time = time.advanced(byMilliseconds: Int64(step) * SampleCamera.frameInterval)
                let shown = try #require(await picture(at: time, player))
                #expect(TestCard.time(in: shown.image) == UInt32(truncatingIfNeeded: time.milliseconds))
            }
        }
    }

    @Test func givesAGlanceOfWhatIsInMemoryAndOfNothingElse() async throws {
        try await withPlayer(opening: .time(origin.advanced(byMilliseconds: 800))) { player, _ in
            player.send(.pause)
            _ = try #require(await picture(at: origin.advanced(byMilliseconds: 800), player))
            let size = PixelSize(width: 40, height: 18)
            let time = origin.advanced(byMilliseconds: 1000)
            var glance = player.glance(at: time) { _, _ in size }
            var changes = player.changes.makeAsyncIterator()
            while glance == nil, await changes.next() != nil {
                glance = player.glance(at: time) { _, _ in size }
            }
            let seen = try #require(glance)
            // The key frame of its fragment, and the picture on screen stays.
            #expect(seen.time == origin.advanced(byMilliseconds: 800) && seen.image.size == size)
            #expect(TestCard.time(in: seen.image) == UInt32(truncatingIfNeeded: seen.time.milliseconds))
            #expect(player.picture(after: 0)?.time == origin.advanced(byMilliseconds: 800))
            #expect(player.glance(at: origin.advanced(byMilliseconds: -60_000)) { _, _ in size } == nil)
        }
    }

    @Test func scalesToTheSizeAskedForAndKeepsTheFullOne() async throws {
        try await withPlayer(opening: .time(origin)) { player, _ in
            player.send(.pause)
            _ = try #require(await picture(at: origin, player))
            player.setPictureSize { source, aspect in
                aspect == 1 ? PixelSize(width: source.width / 4, height: source.height / 5) : source
            }
            let wanted = PixelSize(width: 40, height: 18)
            var scaled = player.picture(after: 0)
            var changes = player.changes.makeAsyncIterator()
            while scaled?.image.size != wanted, await changes.next() != nil {
                scaled = player.picture(after: scaled?.serial ?? 0) ?? scaled
            }
            let image = try #require(scaled?.image)
            #expect(TestCard.time(in: image) == UInt32(truncatingIfNeeded: origin.milliseconds))
            #expect(await player.fullSizePicture()?.size == SampleCamera.size)
        }
    }

    @Test func playsOutOfTheArchiveIntoLiveWithoutLossOrRepetition() async throws {
        let drawn = Mutex<[PlayerLogEntry]>([])
        let (first, last) = (origin.advanced(byMilliseconds: 2000), origin.advanced(byMilliseconds: 3960))
        try await withPlayer(
            opening: .time(first),
            firstLive: 8,
            log: { entry in drawn.withLock { $0.append(entry) } }
        ) { player, _ in
            _ = try #require(await picture(at: last, player))
        }
        let times = drawn.withLock { $0 }.filter(\.isExact).map(\.time.milliseconds)
        #expect(times == Array(stride(from: first.milliseconds, through: last.milliseconds, by: 40)))
    }

    @Test func endsWhenItIsClosed() async throws {
        var ended: Player?
        try await withPlayer(opening: .live, firstLive: 8) { player, _ in ended = player }
        let player = try #require(ended)
        for await _ in player.changes {}
        #expect(await player.fullSizePicture() == nil)
    }
}
