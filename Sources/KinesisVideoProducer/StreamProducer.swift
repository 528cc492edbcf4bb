import KinesisVideo
public import KinesisVideoClient

/// Sends the frames of one stream: frames in, fragments out, and what happens on the way as events.
///
/// ```
/// put(frame) > FragmentBuilder > UploadWindow (and FragmentSpool) > PutMedia connections
///                                  ^ acknowledgements, StreamHealth > events
/// ```
/// A producer lives as long as the closure that it is given to; then the stream is ended and the last PERSISTED
/// awaited. Call `put` from one task per track.
public actor StreamProducer {
    /// What happens, in order; for one reader.
    ///
    /// Of more than 4,096 events that nobody reads the oldest are lost.
    public nonisolated var events: AsyncStream<ProducerEvent> { ledger.events }

    private let definition: StreamDefinition
    private let time: ProducerTime
    private let ledger: ProducerLedger
    private let started: ContinuousClock.Instant
    private var builder: FragmentBuilder
    private var feed: UploadFeed?
    private var finished: ContinuousClock.Instant?
    /// One caller at a time hands parts over, so that they stay in order.
    private var isHandingOver = false
    private var turns = Wakeup()

    init(_ definition: StreamDefinition, time: ProducerTime) throws(ProducerError) {
        self.definition = definition
        self.time = time
        builder = try FragmentBuilder(definition)
        ledger = ProducerLedger(definition, time: time)
        started = time.now()
    }

    // MARK: Media

    /// Takes a frame; those of one track in decode order.
    ///
    /// An offline producer waits here until there is room; the others never wait for the service.
    ///
    /// - Throws: ProducerError for a frame that cannot be sent, or that is refused for want of room;
    ///   SpoolError where the disk does not take it; `CancellationError`.
    public func put(_ frame: MediaFrame) async throws {
        guard let feed, finished == nil else { throw ProducerError.stopped }
        let now = time.now()
        var frame = frame
        if !definition.usesFrameTimes {
            let moment = time.sinceEpoch()
            (frame.presentationTime, frame.decodeTime) = (moment, moment)
        }
        do {
            try await checkRoom(for: frame, feed)
            try await handOver { (producer) throws(ProducerError) in try producer.builder.put(frame) }
        } catch let error as ProducerError {
            ledger.countRefusal()
            throw error
        }
        await perform(ledger.tookFrame(of: frame.data.count, await feed.load, at: now))
    }

    /// Takes metadata for the fragment that is being made, or the next where none is.
    ///
    /// - Parameters:
    ///   - name: 1 to 128 bytes, not beginning with `AWS`.
    ///   - value: at most 256 bytes; empty takes a persistent item away.
    ///   - isPersistent: true where every fragment from now on has it.
    /// - Throws: `ProducerError.badMetadata` for the eleventh item of a fragment, and what else breaks its limit.
    public func putMetadata(_ name: String, _ value: String, isPersistent: Bool = false) throws {
        try builder.putMetadata(name, value, isPersistent: isPersistent)
    }

    /// Asks the service to do something with the fragment that is being made, or the next where none is.
    ///
    /// - Throws: `ProducerError.badMetadata`.
    public func putEvent(_ event: FragmentEvent) throws {
        try builder.putEvent(event)
    }

    /// Ends the open fragment: the service has it complete at once, and frames are dropped until the next key frame.
    ///
    /// - Throws: `ProducerError.noOpenFragment`, `ProducerError.fragmentsAreTimed`; what `put` throws.
    public func endFragment() async throws {
        try await handOver { (producer) throws(ProducerError) in try producer.builder.endFragment() }
    }

    /// Gives the connection up and makes another, as after a change of networks; nothing is lost.
    public func resetConnection() async {
        await feed?.reset("the producer asked for another connection")
    }

    /// Figures since the start.
    public var metrics: ProducerMetrics {
        get async {
            let load = await feed?.load
            var figures = ledger.figures
            figures.storedBytes = load?.bytes ?? 0
            figures.storageBytes = definition.storageBytes
            figures.storedDuration = load?.held ?? .zero
            figures.unsentDuration = load?.unsent ?? .zero
            figures.splitFragments = builder.splitFragments
            figures.uptime = started.duration(to: time.now())
            return figures
        }
    }

    private func checkRoom(for frame: MediaFrame, _ feed: UploadFeed) async throws {
        guard definition.mode != .offline, definition.dropPolicy == .refuseNewest else { return }
        let load = await feed.load
        guard load.bytes + frame.data.count <= definition.storageBytes, load.held <= definition.bufferDuration
        else { throw ProducerError.storeFull(bytes: load.bytes) }
    }

    private func handOver(
        _ make: (isolated StreamProducer) throws(ProducerError) -> [StreamUpload.Part]
    ) async throws {
        guard let feed else { throw ProducerError.stopped }
        while isHandingOver { try await turns.change().wait() }
        isHandingOver = true
        defer {
            isHandingOver = false
            turns.wake()
        }
        let parts = try make(self)
        for drop in builder.takeDrops() { ledger.note(.dropped(drop)) }
        for part in parts { try await feed.append(part) }
    }

    private func perform(_ actions: [StreamHealth.Action]) async {
        for action in actions {
            switch action {
            case .report(let event): ledger.note(event)
            case .reset(let reason): await feed?.reset(reason)
            // A frame that comes meanwhile has ended the silence.
            case .endFragment: try? await endFragment()
            }
        }
    }
}

// MARK: - Life

extension StreamProducer {
    /// How often a producer looks after itself.
    private static let watchInterval = Duration.seconds(5)

    /// Runs a producer: finds or makes the stream, lends the producer, ends the stream when the closure returns, and
    /// waits until the service has all of it.
    ///
    /// Outages are waited out, as far as the content store and the spool reach.
    ///
    /// - Parameters:
    ///   - definition: what is sent and how.
    ///   - client: calls the service.
    ///   - spool: keeps on disk what is not safe yet; nil keeps it in memory alone.
    ///   - body: puts frames.
    /// - Returns: what became of what was sent.
    /// - Throws: ProducerError, SpoolError; ClientError where the service refuses the stream; what `body` throws.
    @discardableResult
    public static func run(
        _ definition: StreamDefinition,
        client: ServiceClient,
        spool: FragmentSpool? = nil,
        _ body: @escaping @Sendable (StreamProducer) async throws -> Void
    ) async throws -> StreamUpload.Report {
        try definition.validate()
        let hours = try await definition.prepare(client, time: .system)
        let stream = StreamReference(name: definition.name)
        return try await run(
            definition,
            transport: ClientTransport(client: client, stream: stream),
            retentionHours: hours,
            spool: spool,
            body
        )
    }

    /// Runs a producer over connections of another kind, such as those of a ``ClientTransport`` that renews its
    /// credentials.
    ///
    /// - Parameters:
    ///   - definition: what is sent and how.
    ///   - transport: makes connections.
    ///   - retentionHours: hours that the stream keeps its fragments: with 0 they are safe when they are RECEIVED.
    ///   - spool: keeps on disk what is not safe yet.
    ///   - time: the clock.
    ///   - body: puts frames.
    /// - Returns: what became of what was sent.
    /// - Throws: ProducerError, SpoolError; what `transport` and `body` throw.
    @discardableResult
    public static func run(
        _ definition: StreamDefinition,
        transport: any MediaTransport,
        retentionHours: Int,
        spool: FragmentSpool? = nil,
        time: ProducerTime = .system,
        _ body: @escaping @Sendable (StreamProducer) async throws -> Void
    ) async throws -> StreamUpload.Report {
        guard definition.mode != .offline || retentionHours > 0 else {
            throw ProducerError.badDefinition("an offline producer needs a stream with retention")
        }
        var configuration = definition.uploadConfiguration
        configuration.awaitsPersisted = retentionHours > 0
        configuration.time = time
        let upload = StreamUpload(
            transport: transport,
            tracks: [],
            title: definition.name,
            spool: spool,
            configuration: configuration
        )
        let producer = try StreamProducer(definition, time: time)
        // Not the producer, which keeps the feed: neither would ever go, nor the lock on the spool's folder.
        let ledger = producer.ledger
        let observe = { @Sendable (event: StreamUpload.Event) in ledger.observe(event) }
        let feed = UploadFeed(configuration, spool: spool, observe)
        await producer.begin(feed)
        if retentionHours != definition.retentionHours {
            let words =
                "the stream keeps \(retentionHours) h, not the \(definition.retentionHours) h of its definition"
            producer.ledger.note(.warning(words))
        }
        defer { producer.ledger.finish() }
        return try await withThrowingTaskGroup(of: StreamUpload.Report?.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                try await producer.watch(feed, spool)
                return nil
            }
            group.addTask {
                try await upload.run(feed, observe) {
                    try await body(producer)
                    try await producer.finish(spool)
                }
            }
            while let ended = try await group.next() {
                if let report = ended { return report }
            }
            throw CancellationError()
        }
    }

    private func begin(_ feed: UploadFeed) {
        self.feed = feed
    }

    private func finish(_ spool: FragmentSpool?) async throws {
        try await handOver { (producer) throws(ProducerError) in producer.builder.finish() }
        finished = time.now()
        await spool?.endFragment()
        await feed?.finish()
    }

    private func watch(_ feed: UploadFeed, _ spool: FragmentSpool?) async throws {
        while true {
            try await time.sleep(Self.watchInterval)
            let now = time.now()
            if let finished, let limit = definition.stopTimeout, finished.duration(to: now) >= limit {
                throw ProducerError.stopTimedOut(limit)
            }
            if let failure = await spool?.takeFailure() {
                ledger.note(.warning("the spool may not outlive a power failure: \(failure)"))
            }
            await perform(ledger.tick(await feed.load, at: now))
        }
    }
}
