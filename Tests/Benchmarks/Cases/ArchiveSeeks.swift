import KinescopeTesting
import KinesisVideo
import KinesisVideoConsumer
import Matroska
import MediaCodec
import Pixels
import Playback

/// Seeks of a whole player into fragments of two seconds, 1280x720 at 25 frames a second, beside decoding the same key
/// frame by hand.
///
/// Media comes out of memory, so that the figures are the player's own: state, decoder, scaler, threads.
enum ArchiveSeeks {
    private static let clock = ContinuousClock()

    static func run() async throws {
        let film = try ArchivedFilm(fragments: 60)
        let player = Player(
            stream: "film",
            source: film,
            settings: PlayerSettings(opening: .time(film.start(of: 30))),
            clock: PlayerClock(wall: { film.start(of: 62) })
        )
        player.setPictureSize { _, _ in PixelSize(width: 64, height: 36) }
        async let playing: Void = player.run()
        player.send(.pause)
        try await wait("the first picture") { player.picture(after: 0) != nil }
        let bare = try (0..<40).map { try direct(film, $0) }
        show("key frame read, decoded and scaled by hand", "\(Series(bare).tail) ms")
        show(
            "key-frame seek, fragment not in memory",
            "\(Series(try await seeks(player, film, offset: 0)).tail) ms"
        )
        show(
            "exact seek, 1.96 s behind the key frame",
            "\(Series(try await seeks(player, film, offset: 1960)).tail) ms"
        )
        let idle = try await Cost.of { try await Task.sleep(for: .seconds(5)) }
        show("CPU while paused", "\(figure(idle.processor.seconds / idle.wall.seconds * 100)) %")
        player.close()
        await playing
    }

    /// Milliseconds from the command to the exact picture, all over the film so that each needs a fetch.
    private static func seeks(_ player: Player, _ film: ArchivedFilm, offset: Int64) async throws -> [Double]
    {
        var times: [Double] = []
        for index in 0..<40 {
            let target = film.start(of: index * 17 % 60).advanced(byMilliseconds: offset)
            let begin = clock.now
            player.send(.seek(to: target))
            try await wait("the picture of \(target.rfc3339)") {
                player.picture(after: 0).map { $0.time == target && $0.isExact } == true
            }
            times.append(begin.duration(to: clock.now).seconds * 1e3)
            // The player keeps four calls a second; a seek that waits for that would measure politeness.
            try await Task.sleep(for: .milliseconds(300))
        }
        return times
    }

    private static func direct(_ film: ArchivedFilm, _ index: Int) throws -> Double {
        let begin = clock.now
        var decoder = try VideoDecoder(track: film.track)
        var scaler = FrameScaler()
        guard let frame = film.frames.first else { preconditionFailure("there is no frame") }
        try decoder.send(frame.data, timecode: 0, isKey: true)
        try decoder.drain()
        guard let picture = try decoder.receive() else { preconditionFailure("no picture came out") }
        var image = RGBImage(size: PixelSize(width: 64, height: 36))
        scaler.scale(picture, into: &image)
        return begin.duration(to: clock.now).seconds * 1e3
    }

    private static func wait(_ event: String, _ isSo: () -> Bool) async throws {
        let deadline = clock.now + .seconds(20)
        while !isSo() {
            precondition(clock.now < deadline, "no \(event)")
            try await Task.sleep(for: .milliseconds(1))
        }
    }
}

/// One encoded fragment, archived again and again.
private struct ArchivedFilm: MediaSource {
    let track: TrackEntry
    let frames: [EncodedFrame]
    private let count: Int

    init(fragments: Int) throws {
        let size = PixelSize(width: 1280, height: 720)
        let card = TestCard(stream: "film", seed: 1, size: size)
        var encoder = try VideoEncoder(VideoEncoder.Settings(size: size))
        var picture = YUV420Picture(size: size)
        var frames: [EncodedFrame] = []
        for index in 0..<50 {
            card.draw(at: Int64(index) * 40, into: &picture)
            frames.append(try encoder.encode(picture, timecode: Int64(index) * 40))
        }
        (self.frames, track, count) = (frames, encoder.track, fragments)
    }

    func start(of index: Int) -> Timestamp {
        Timestamp(milliseconds: 1_763_820_000_000 + Int64(index) * 2000)
    }

    private func metadata(_ index: Int) -> FragmentMetadata {
        guard let number = FragmentNumber(String(500 + index)) else { preconditionFailure("no number") }
        return FragmentMetadata(
            number: number,
            serverTimestamp: start(of: index),
            producerTimestamp: start(of: index)
        )
    }

    func live(from selector: StartSelector) -> AsyncThrowingStream<MediaEvent, any Error> {
        AsyncThrowingStream { _ in }
    }

    func fragments(_ numbers: [FragmentNumber]) -> AsyncThrowingStream<MediaEvent, any Error> {
        AsyncThrowingStream { continuation in
            for number in numbers {
                guard let index = Int(number.description).map({ $0 - 500 }) else { continue }
                continuation.yield(
                    .fragmentBegan(metadata(index), tracks: [track], timestampScale: 1_000_000)
                )
                for frame in frames { continuation.yield(.frame(frame)) }
                continuation.yield(.fragmentEnded(isComplete: true, millisBehindNow: 0))
            }
            continuation.finish()
        }
    }

    func list(_ selector: FragmentSelector) async throws -> [FragmentInfo] {
        let size = frames.reduce(0) { $0 + $1.data.count }
        return (0..<count).map { FragmentInfo(metadata: metadata($0), size: size, length: 1960) }
            .filter { $0.producerTimestamp >= selector.start && $0.producerTimestamp <= selector.end }
    }
}
