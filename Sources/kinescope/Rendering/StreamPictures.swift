import KinesisVideo
import KinesisVideoClient
import KinesisVideoConsumer
import Matroska
import MediaCodec

/// Draws the media of a stream, fragment by fragment.
struct StreamPictures: ~Copyable {
    private let name: String
    private let settings: FrameRenderer.Settings
    private var output: RenderOutput
    private var renderer: FrameRenderer?

    /// The last picture that was wanted has been drawn.
    private struct Enough: Error {}

    init(name: String, settings: FrameRenderer.Settings, output: RenderOutput) {
        (self.name, self.settings, self.output) = (name, settings, output)
    }

    /// Draws from a moment, or the oldest media, to a moment, or what was the newest when it began.
    ///
    /// - Parameters:
    ///   - client: The service.
    ///   - start: First moment; nil is the oldest media, and the newest where it follows.
    ///   - end: Last moment.
    ///   - isFollowing: True goes on for ever.
    /// - Throws: Where the stream is not there, cannot be read or cannot be decoded.
    mutating func run(
        _ client: ServiceClient,
        from start: Timestamp?,
        to end: Timestamp?,
        isFollowing: Bool
    ) async throws {
        _ = try await client.stream(named: name)
        let consumer = StreamConsumer(client: client, stream: StreamReference(name: name))
        let newest = isFollowing ? nil : try await consumer.newestFragment()
        // Nothing is kept: there is nothing to wait for.
        if newest == nil, !isFollowing { return }
        let oldest: StartSelector = isFollowing ? .now : .earliest
        let reader = WholeChunkReader(
            start: start.map { .producerTimestamp($0) } ?? oldest,
            lastNumber: newest,
            lastTime: end
        )
        do {
            try await reader.run(consumer, retrying: { report("render: \($0), trying again") }) {
                metadata,
                bytes in
                try draw(bytes, from: metadata.producerTimestamp)
            }
        } catch is Enough {}
    }

    /// Draws one fragment, which is a Matroska document of its own.
    private mutating func draw(_ bytes: ArraySlice<UInt8>, from start: Timestamp) throws {
        var rest = bytes
        var input = try MediaFile.open(name: "a fragment of \(name)") { buffer in
            let count = min(buffer.count, rest.count)
            buffer.copyBytes(from: rest.prefix(count))
            rest = rest.dropFirst(count)
            return count
        }
        guard let track = input.tracks.first(where: { $0.type == .video }) else { return }
        var output = output
        defer { self.output = output }
        if renderer == nil { renderer = try FrameRenderer(track: track, settings: settings) }
        try renderer?.follow(track)
        var first: Int64?
        var wantsMore = true
        while wantsMore, let packet = try input.next() {
            guard packet.track == track.number else { continue }
            first = first ?? packet.presentationTime
            // The time line of a fragment's document may be its own; that of the stream is the producer's clock.
            let origin = min(max(0, start.milliseconds), 7_258_118_400_000) * 1_000_000
            let time = origin + (packet.presentationTime - (first ?? 0))
            wantsMore =
                try renderer?.take(packet.data, timecode: time, isKey: packet.isKey) {
                    try output.write($0, at: $1)
                } ?? false
        }
        // A fragment begins with a key frame: what the decoder holds back belongs to this one.
        if wantsMore { wantsMore = try renderer?.finish { try output.write($0, at: $1) } ?? false }
        guard wantsMore else { throw Enough() }
    }
}
