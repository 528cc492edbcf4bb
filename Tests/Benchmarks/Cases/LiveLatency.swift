import Foundation
import KinesisVideo
import KinesisVideoClient
import Matroska
import NIOCore

/// How late things are on the built `kinescope serve --live-delivery frame`: RECEIVED behind the Cluster that ends a
/// fragment, and each frame at a reader of the live edge.
enum LiveLatency {
    static func run() async throws {
        guard let service = try ServedProgram("--live-delivery", "frame") else { return }
        defer { service.end() }
        let url = service.url
        let client = ServiceClient(endpoint: Endpoint(url: url))
        for (name, framesPerFragment) in [("short", 2), ("long", 50)] {
            _ = try await client.call(
                CreateStream.self,
                CreateStream.Input(streamName: name, dataRetentionInHours: 1)
            )
            try await measure(client, url, name, framesPerFragment)
        }
        await client.shutdown()
    }

    private static func measure(
        _ client: ServiceClient,
        _ url: String,
        _ name: String,
        _ framesPerFragment: Int
    ) async throws {
        let stream = StreamReference(name: name)
        let camera = PacedCamera(framesPerFragment: framesPerFragment, frames: 500)
        let media = try await client.media(
            GetMedia.self,
            GetMedia.Input(stream, from: .now),
            at: url
        )
        let reading = Task { try await readAges(media, camera) }
        let acknowledgements = try await client.putMedia(
            stream,
            startTimestamp: MeasuredStore.now(),
            isAbsolute: false,
            at: url,
            body: camera
        )
        let late = try await camera.waits(for: acknowledgements)
        let ages = try await reading.value
        let length = figure(Double(framesPerFragment * PacedCamera.interval) / 1000)
        show("fragments of \(length) s, RECEIVED behind the next Cluster", "\(Series(late).tail) ms")
        show("fragments of \(length) s, age of a frame at the reader", "\(Series(ages).tail) ms")
    }

    /// Milliseconds from the moment a frame was handed out until its last byte was read.
    private static func readAges(_ media: MediaBody, _ camera: PacedCamera) async throws -> [Double] {
        var reader = ChunkReader()
        var ages: [Double] = []
        for try await part in media {
            for case .frame(let frame) in reader.read(part.readableBytesUInt8Span) {
                let now = ContinuousClock.now
                guard let sent = camera.instant(of: Int(frame.timecode) / PacedCamera.interval) else {
                    continue
                }
                ages.append(sent.duration(to: now).seconds * 1000)
            }
            if ages.count == camera.frames { break }
        }
        return ages
    }
}
