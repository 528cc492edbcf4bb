import Foundation
import KinesisVideo
import KinesisVideoClient
import KinesisVideoProducer
import Matroska
import MediaCodec

/// Sends a source that comes by itself and has no end of its own: a camera, the test card.
///
/// A camera that breaks, ends or says nothing is opened again, as often as it takes; where that fails the first time
/// of all the command ends.
actor LiveUpload {
    /// What to send.
    enum Source: Sendable {
        case camera(MediaAddress, MediaAddress.RTSPTransport)
        case testCard(TestCardSource)
    }

    /// What was sent, and what was left out ahead of it.
    struct Outcome: Sendable {
        var report = StreamUpload.Report()
        /// Frames that came ahead of a key frame.
        var leadingFrames = 0
        /// Fragments that do not begin with a key frame.
        var splitFragments = 0
    }

    private let name: String
    private let source: Source
    private let timeout: Duration
    private let spool: FragmentSpool?
    private let progress: UploadProgress
    private var clock = SourceClock()
    private var outcome = Outcome()
    private var camera: (pump: PacketPump, tracks: [TrackEntry])?

    init(name: String, source: Source, timeout: Duration, spool: FragmentSpool?, progress: UploadProgress) {
        self.name = name
        self.source = source
        self.timeout = timeout
        self.spool = spool
        self.progress = progress
    }

    /// Sends until the task is cancelled, or the source cannot be opened at all.
    func run(_ client: ServiceClient) async throws -> Outcome {
        switch source {
        case .testCard(let card):
            let track = try card.encoder().track
            try await produce([track], client) { [name] producer in
                var encoder = try card.encoder()
                try await card.run(&encoder, named: name, limit: nil, into: producer)
            }
        case .camera(let address, let transport):
            var opened = try await open(address, transport)
            // Tracks that have changed get a producer of their own.
            while true {
                camera = opened
                try await produce(opened.tracks, client) { producer in
                    try await self.follow(address, transport, into: producer)
                }
                guard let next = camera, next.tracks != opened.tracks else { break }
                opened = next
            }
        }
        return outcome
    }

    private func produce(
        _ tracks: [TrackEntry],
        _ client: ServiceClient,
        _ body: @escaping @Sendable (StreamProducer) async throws -> Void
    ) async throws {
        var definition = StreamDefinition(name: name, tracks: tracks)
        definition.retentionHours = 24
        definition.stopTimeout = nil
        let progress = progress
        let report = try await StreamProducer.run(definition, client: client, spool: spool) { producer in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { for await event in producer.events { progress.take(event) } }
                defer { group.cancelAll() }
                try await body(producer)
                await self.count(await producer.metrics)
            }
        }
        outcome.report.add(report)
    }

    private func count(_ metrics: ProducerMetrics) {
        outcome.leadingFrames += metrics.dropped[.noKeyFrame] ?? 0
        outcome.splitFragments += metrics.splitFragments
    }

    // MARK: Cameras

    private func open(_ address: MediaAddress, _ transport: MediaAddress.RTSPTransport) async throws
        -> (pump: PacketPump, tracks: [TrackEntry])
    {
        let (pump, summary) = try await PacketPump.open(timeout: timeout) { interrupt in
            try MediaFile.open(address, rtspTransport: transport, encodesVideo: true, interrupt: interrupt)
        }
        try UploadCheck.report(summary, of: address.name)
        return (pump, summary.tracks)
    }

    /// Puts what the camera sends, as long as its tracks stay the same.
    private func follow(
        _ address: MediaAddress,
        _ transport: MediaAddress.RTSPTransport,
        into producer: StreamProducer
    ) async throws {
        var retry = RetryDelay()
        while let current = camera {
            let reason: String
            do {
                while let packet = try await current.pump.next() { try await put(packet, into: producer) }
                reason = "it has ended"
            } catch let error as CodecError {
                reason = "\(error)"
            }
            progress.say("\(address.name): \(reason); opened again")
            // What has come is complete: readers see it now, and not when the camera is back.
            try? await producer.endFragment()
            current.pump.stop()
            camera = try await reopen(address, transport, &retry)
            clock.restart()
            if camera?.tracks != current.tracks { return }
        }
    }

    private func put(_ packet: MediaPacket, into producer: StreamProducer) async throws {
        let (presentation, decode) = clock.place(
            presentation: .nanoseconds(packet.presentationTime),
            decode: .nanoseconds(packet.decodeTime),
            now: .milliseconds(Int64(Date().timeIntervalSince1970 * 1000))
        )
        do {
            try await producer.put(
                MediaFrame(
                    track: packet.track,
                    presentationTime: presentation,
                    decodeTime: decode,
                    isKey: packet.isKey,
                    data: packet.data
                )
            )
        } catch ProducerError.badFrame {
            // Counted there; what follows may be whole again.
        }
    }

    private func reopen(
        _ address: MediaAddress,
        _ transport: MediaAddress.RTSPTransport,
        _ retry: inout RetryDelay
    ) async throws -> (pump: PacketPump, tracks: [TrackEntry]) {
        while true {
            try await Task.sleep(for: retry.next(at: .now, chance: .random(in: 0...1)))
            do {
                return try await open(address, transport)
            } catch let error as CodecError {
                try Task.checkCancellation()
                progress.say("\(error)")
            }
        }
    }
}
