import Foundation
import KinesisVideoProducer
import Matroska
import MediaCodec
import Pixels

/// The test card as a source: `testcard:`, `testcard:640x360`, `testcard:640x360@25`.
struct TestCardSource: Sendable, Hashable {
    /// Both sides even.
    var size = TestCard.standardSize
    /// Pictures a second, 1 to 60.
    var framesPerSecond = 25

    /// Reads what somebody typed; nil where it is no test card.
    ///
    /// - Throws: CommandFailure for one with a size or a rate that cannot be.
    init?(_ text: String) throws {
        guard text.hasPrefix("testcard:") else { return nil }
        let words = text.dropFirst("testcard:".count)
        guard !words.isEmpty else { return }
        let pattern = /(\d{2,4})x(\d{2,4})(?:@(\d{1,2}))?/
        guard let match = words.wholeMatch(of: pattern), let width = Int(match.1), let height = Int(match.2),
            width % 2 == 0, height % 2 == 0
        else {
            throw CommandFailure(
                .usage,
                "'\(text)' is no test card (try testcard:640x360@25, both sides even)"
            )
        }
        size = PixelSize(width: width, height: height)
        framesPerSecond = match.3.flatMap { Int($0) } ?? 25
        guard (1...60).contains(framesPerSecond) else {
            throw CommandFailure(.usage, "'\(text)' has \(framesPerSecond) pictures a second, wanted 1 to 60")
        }
    }

    /// Opens an encoder of its pictures.
    func encoder() throws(CodecError) -> VideoEncoder {
        try VideoEncoder(
            VideoEncoder.Settings(
                size: size,
                framesPerSecond: framesPerSecond,
                keyFrameInterval: 2 * framesPerSecond
            )
        )
    }

    /// Puts pictures at their time, until the task is cancelled or the limit is reached.
    ///
    /// - Parameters:
    ///   - encoder: an encoder of its own.
    ///   - name: what the card shows.
    ///   - limit: how many pictures; nil for no end.
    ///   - producer: takes them.
    /// - Throws: `CancellationError`; what the encoder and the producer throw.
    func run(
        _ encoder: inout VideoEncoder,
        named name: String,
        limit: Int?,
        into producer: StreamProducer
    ) async throws {
        let card = TestCard(stream: name, seed: 1, size: size)
        var picture = YUV420Picture(size: size)
        let (start, origin) = (Int64(Date().timeIntervalSince1970 * 1000), ContinuousClock.now)
        for number in 0..<(limit ?? .max) {
            let offset = Int64(number) * 1000 / Int64(framesPerSecond)
            try await Task.sleep(until: origin + .milliseconds(offset), clock: .continuous)
            card.draw(at: start + offset, into: &picture)
            let frame = try encoder.encode(picture, timecode: 0)
            try await producer.put(
                MediaFrame(
                    presentationTime: .milliseconds(start + offset),
                    isKey: frame.isKey,
                    data: frame.data
                )
            )
        }
    }
}
