import KinesisVideo
import Matroska
import MediaCodec
import Pixels
import Playback

/// Real pictures behind the media protocol: ten fragments of a test card whose squares show each frame's producer time.
struct SampleCamera: MediaSource {
    static let size = PixelSize(width: 160, height: 90)
    static let frameInterval: Int64 = 40
    static let framesPerFragment = 10

    let origin: Timestamp
    let track: TrackEntry
    let fragments: [[EncodedFrame]]
    /// Fragments before this one are archived; GetMedia gives the rest at once and then stays open.
    let firstLive: Int

    init(origin: Timestamp, firstLive: Int) throws {
        self.origin = origin
        self.firstLive = firstLive
        let card = TestCard(stream: "door", seed: 1, size: Self.size)
        var encoder = try VideoEncoder(
            VideoEncoder.Settings(size: Self.size, keyFrameInterval: Self.framesPerFragment)
        )
        track = encoder.track
        var picture = YUV420Picture(size: Self.size)
        var fragments: [[EncodedFrame]] = []
        for fragment in 0..<10 {
            var frames: [EncodedFrame] = []
            for index in 0..<Self.framesPerFragment {
                let time = Int64(fragment * Self.framesPerFragment + index) * Self.frameInterval
                card.draw(at: origin.milliseconds + time, into: &picture)
                frames.append(try encoder.encode(picture, timecode: 7000 + time))
            }
            fragments.append(frames)
        }
        self.fragments = fragments
    }

    func number(_ index: Int) -> FragmentNumber {
        guard let number = FragmentNumber(String(500 + index)) else { fatalError("\(index) is no number") }
        return number
    }

    func metadata(_ index: Int) -> FragmentMetadata {
        let start = origin.advanced(
            byMilliseconds: Int64(index * Self.framesPerFragment) * Self.frameInterval
        )
        return FragmentMetadata(number: number(index), serverTimestamp: start, producerTimestamp: start)
    }

    private func events(_ index: Int) -> [MediaEvent] {
        [.fragmentBegan(metadata(index), tracks: [track], timestampScale: 1_000_000)]
            + fragments[index].map { .frame($0) } + [.fragmentEnded(isComplete: true, millisBehindNow: 0)]
    }

    func live(from selector: StartSelector) -> AsyncThrowingStream<MediaEvent, any Error> {
        var first = firstLive
        if case .afterFragment(let number) = selector, let known = Int(number.description) {
            first = known - 499
        }
        return AsyncThrowingStream { continuation in
            for index in min(first, 10)..<10 {
                for event in events(index) { continuation.yield(event) }
            }
        }
    }

    func fragments(_ numbers: [FragmentNumber]) -> AsyncThrowingStream<MediaEvent, any Error> {
        AsyncThrowingStream { continuation in
            for number in numbers {
                guard let index = Int(number.description).map({ $0 - 500 }), index >= 0, index < firstLive
                else {
                    return continuation.finish(throwing: MediaSourceError(.fragmentMissing(number), "gone"))
                }
                for event in events(index) { continuation.yield(event) }
            }
            continuation.finish()
        }
    }

    func list(_ selector: FragmentSelector) async throws -> [FragmentInfo] {
        (0..<firstLive).map { index in
            FragmentInfo(
                metadata: metadata(index),
                size: fragments[index].reduce(0) { $0 + $1.data.count },
                length: Int64(Self.framesPerFragment - 1) * Self.frameInterval
            )
        }
        .filter { $0.producerTimestamp >= selector.start && $0.producerTimestamp <= selector.end }
    }
}
