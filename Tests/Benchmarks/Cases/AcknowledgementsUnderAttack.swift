import Foundation
import KinesisVideo
import KinesisVideoClient

/// How long a camera waits for RECEIVED while others attack the service, to how long it waits in peace; and what is
/// left of the attack afterwards.
enum AcknowledgementsUnderAttack {
    /// Frames of a camera in each of the two halves; a fragment has two.
    private static let frames = 400
    private static let halfOpen = 1000

    /// What connections say that never ask for anything whole.
    private static let beginnings = [
        "", "POST /putM", "POST /getMedia HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
        "POST /putMedia HTTP/1.1\r\nHost: 127.0.0.1\r\nx-amzn-stream-name: attacked\r\n"
            + "x-amzn-fragment-timecode-type: ABSOLUTE\r\nx-amzn-producer-start-timestamp: 0\r\n"
            + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n\u{1A}E",
        "POST /listStreams HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999\r\n\r\n{",
        "GET /" + String(repeating: "x", count: 70_000),
    ]

    static func run() async throws {
        guard let service = try ServedProgram() else { return }
        defer { service.end() }
        let client = ServiceClient(endpoint: Endpoint(url: service.url))
        for name in ["camera", "attacked"] {
            _ = try await client.call(
                CreateStream.self,
                CreateStream.Input(streamName: name, dataRetentionInHours: 1)
            )
        }
        let peace = Series(try await measure(client, service))
        let (descriptors, size) = (service.descriptors, service.megabytes)
        let port = service.port
        let attacker = Task { await attack(port) }
        let war = Series(try await measure(client, service))
        attacker.cancel()
        let rounds = await attacker.value
        show("RECEIVED in peace", "\(peace.tail) ms")
        show(
            "RECEIVED beside \(halfOpen) half-open requests and \(rounds) broken off a round later",
            "\(war.tail) ms"
        )
        show("p99 to p99 in peace", "\(figure(war.percentile(99) / peace.percentile(99))), goal 2")
        try await settled(service, descriptors)
        show("descriptors", "\(descriptors) before, \(service.descriptors) after")
        show(
            "resident size",
            "\(figure(size)) MB before, \(figure(service.peakMegabytes)) MB at most, "
                + "\(figure(service.megabytes)) MB after"
        )
        await client.shutdown()
    }

    private static func measure(_ client: ServiceClient, _ service: ServedProgram) async throws -> [Double] {
        let camera = PacedCamera(framesPerFragment: 2, frames: frames)
        let acknowledgements = try await client.putMedia(
            StreamReference(name: "camera"),
            startTimestamp: MeasuredStore.now(),
            isAbsolute: false,
            at: service.url,
            body: camera
        )
        return try await camera.waits(for: acknowledgements)
    }

    /// Holds half-open requests, and opens and breaks off others as fast as one thread can.
    ///
    /// - Returns: how many were broken off.
    private static func attack(_ port: UInt16) async -> Int {
        let held = beginnings.flatMap {
            PlainSocket.open(halfOpen / beginnings.count, saying: $0, port: port)
        }
        var broken = 0
        while !Task.isCancelled {
            let some = beginnings.flatMap { PlainSocket.open(2, saying: $0, port: port) }
            PlainSocket.abandon(some)
            broken += some.count
            try? await Task.sleep(for: .milliseconds(20))
        }
        PlainSocket.abandon(held)
        return broken
    }

    /// Waits until the service has let go of what the attack left, a while at most.
    private static func settled(_ service: ServedProgram, _ descriptors: Int) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while service.descriptors > descriptors, .now < deadline {
            try await Task.sleep(for: .milliseconds(100))
        }
    }
}
