public import KinesisVideo
public import KinesisVideoClient
public import Matroska

/// Sends media of one stream by PutMedia, over as many connections as it takes.
///
/// Whatever ends a connection, the next goes on at the oldest fragment that the service has not got safely: see
/// ``UploadWindow``. A connection is replaced before its time is over, while the old one still waits for its last
/// acknowledgements.
///
/// ```swift
/// let upload = StreamUpload(client: client, stream: StreamReference(name: "lobby"), tracks: tracks)
/// let report = try await upload.run({ try await nextPart() }) { event in ... }
/// ```
public struct StreamUpload: Sendable {
    /// What to send next.
    public enum Part: Sendable, Hashable {
        /// What the fragments that follow carry; a connection that carries anything else is replaced.
        case tracks([TrackEntry])
        /// A fragment begins; its Cluster's time in milliseconds since 1970.
        case fragmentStart(timestamp: UInt64)
        /// A frame of the fragment, its time in milliseconds since 1970.
        case frame(EncodedFrame)
        /// Metadata of the fragment, behind its last frame.
        case metadata(Tag)
        /// The fragment is whole, though the next has not begun.
        case endOfFragment
    }

    /// How it is sent.
    public struct Configuration: Sendable {
        /// True where the stream keeps an archive: fragments are kept until they are in it.
        public var awaitsPersisted = true
        /// True for a source that does not wait.
        ///
        /// Where the window is full, the oldest fragment is then dropped and counted; else the source waits.
        public var isRealtime = false
        /// Bytes of frames that are kept until the service has them.
        public var windowBytes = 64 << 20
        /// Longest time one connection is used; the service ends one after 45 minutes.
        public var rotation = Duration.seconds(40 * 60)
        /// When to connect again.
        public var retry = RetryDelay()
        /// True where Cluster times count from the first fragment of their connection.
        public var isRelative = false
        /// The most media time that is kept for a source that does not wait; nil for any.
        public var bufferDuration: Duration?
        /// What goes where a source does not wait and the window is full.
        public var dropPolicy = DropPolicy.oldestFragment
        /// How far back to go for what a service had RECEIVED before it died; nil for all of it.
        public var replayDuration: Duration?
        /// The clock.
        public var time = ProducerTime.system

        /// A file, to a stream with an archive.
        public init() {}
    }

    /// What happens on the way.
    public enum Event: Sendable {
        /// The service said so.
        case acknowledged(Acknowledgement)
        /// The connection is gone; the next is made after a while.
        case interrupted(reason: String, retryAfter: Duration)
        /// The service answers again.
        case resumed
        /// Media was left out.
        case dropped(UploadWindow.Drop)
        /// A connection is being made, the first of them numbered 1.
        case connecting(number: Int)
        /// A connection's time is over: the next one goes on while it waits for its last acknowledgements.
        case rotated(number: Int)
        /// So many fragments wait on disk, to be sent beside the live ones.
        case spooled(fragments: Int)
    }

    /// What became of what was sent.
    public struct Report: Sendable, Hashable {
        /// Fragments sent, each counted once.
        public var sent = 0
        /// Fragments that the service has had complete, each counted once.
        public var received = 0
        /// Fragments that are safe on its disk.
        public var persisted = 0
        /// Fragments that went out once more after a connection had ended.
        public var resent = 0
        /// Fragments left out.
        public var droppedFragments = 0
        /// Frames left out, those of dropped fragments among them.
        public var droppedFrames = 0
        /// The first error about the media that the service answered.
        public var error: IngestionError?
        /// The fragment that the error is about, as its Cluster's time.
        public var errorTimecode: Int64?

        /// Nothing was sent.
        public init() {}

        /// Adds what became of other fragments.
        public mutating func add(_ other: Report) {
            sent += other.sent
            received += other.received
            persisted += other.persisted
            resent += other.resent
            droppedFragments += other.droppedFragments
            droppedFrames += other.droppedFrames
            error = error ?? other.error
            errorTimecode = errorTimecode ?? other.errorTimecode
        }
    }

    let transport: any MediaTransport
    let configuration: Configuration
    private let tracks: [TrackEntry]
    private let title: String
    private let spool: FragmentSpool?
    private let uid = (0..<16).map { _ in UInt8.random(in: 0...255) }

    /// Creates an upload that has not connected yet.
    ///
    /// - Parameters:
    ///   - client: calls the service.
    ///   - stream: the stream, by name or by ARN.
    ///   - tracks: what the media carries, at most three.
    ///   - title: written into the header, for people.
    ///   - spool: keeps on disk what is not safe yet; nil keeps it in memory alone.
    ///   - configuration: how it is sent.
    public init(
        client: ServiceClient,
        stream: StreamReference,
        tracks: [TrackEntry],
        title: String = "",
        spool: FragmentSpool? = nil,
        configuration: Configuration = Configuration()
    ) {
        self.init(
            transport: ClientTransport(client: client, stream: stream),
            tracks: tracks,
            title: title,
            spool: spool,
            configuration: configuration
        )
    }

    /// Creates an upload over connections of another kind.
    public init(
        transport: any MediaTransport,
        tracks: [TrackEntry],
        title: String = "",
        spool: FragmentSpool? = nil,
        configuration: Configuration = Configuration()
    ) {
        self.transport = transport
        self.configuration = configuration
        self.tracks = tracks
        self.title = title
        self.spool = spool
    }

    /// Sends what `next` gives until that is nil, then waits until the service has all of it.
    ///
    /// Outages are waited out, however long. Where the service refuses every fragment alike it ends early, with the
    /// error in the report.
    ///
    /// - Parameters:
    ///   - next: asked for the next part as long as there is room for it.
    ///   - observe: told what happens, in order.
    /// - Returns: what became of what was sent.
    /// - Throws: ClientError where the service refuses the call itself, what `next` throws, `CancellationError`.
    public func run(
        _ next: @escaping @Sendable () async throws -> Part?,
        observe: @escaping @Sendable (Event) -> Void = { _ in }
    ) async throws -> Report {
        let feed = UploadFeed(configuration, spool: spool, observe)
        if !tracks.isEmpty { try await feed.append(.tracks(tracks)) }
        return try await run(feed, observe) {
            while let part = try await next() { try await feed.append(part) }
            await spool?.endFragment()
            await feed.finish()
        }
    }

    /// Sends what is appended to a feed until that is finished.
    ///
    /// - Parameters:
    ///   - feed: what to send.
    ///   - observe: told what happens, in order.
    ///   - fill: appends and finishes.
    /// - Returns: what became of what was sent.
    /// - Throws: ClientError where the service refuses the call itself, what `fill` throws, `CancellationError`.
    func run(
        _ feed: UploadFeed,
        _ observe: @escaping @Sendable (Event) -> Void,
        fill: @escaping @Sendable () async throws -> Void
    ) async throws -> Report {
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await fill() }
                group.addTask { try await connect(feed, observe) }
                if let spool { group.addTask { try await drain(spool, beside: feed, observe) } }
                // Not waitForAll, which waits for the others where one has failed: the connection would never end.
                while try await group.next() != nil {}
            }
        } catch {
            // A body that waits for more media would keep its connection, and the client with it, for ever.
            await feed.close()
            guard error is GaveUp else { throw error }
        }
        return await feed.report
    }

    struct GaveUp: Error {}
}

// MARK: - Connections

extension StreamUpload {
    /// How a connection ended.
    private enum Ending: Sendable {
        /// The service ended it and had nothing to say against it.
        case orderly
        case verdict(UploadWindow.Verdict)
        /// The producer gave it up: it did not get on.
        case reset(String)
        case failure(any Error)
    }

    private enum Milestone: Sendable {
        case rotation(UploadFeed.ConnectionEnd)
        case ended(Ending)
    }

    /// Connects again and again until nothing is left to send.
    func connect(_ feed: UploadFeed, _ observe: @escaping @Sendable (Event) -> Void) async throws {
        var retry = configuration.retry
        while try await feed.needsConnection() {
            // A connection that was given up with the upload ends in order, and would be made again for ever.
            try Task.checkCancellation()
            let (reason, host): (String, UploadWindow.Host)
            switch try await runConnections(feed, observe) {
            case .orderly, .verdict(.goOn):
                await feed.rollBack(.alive, isInterruption: false)
                continue
            case .verdict(.giveUp): throw GaveUp()
            case .verdict(.reconnect(let error)): (reason, host) = (error.description, error.host)
            case .reset(let why): (reason, host) = (why, .dead)
            case .failure(let error):
                guard transport.isWorthRetrying(error) else { throw error }
                (reason, host) = ("\(error)", .dead)
            }
            await transport.forget()
            await feed.rollBack(host, isInterruption: true)
            let delay = retry.next(at: configuration.time.now(), chance: .random(in: 0...1))
            observe(.interrupted(reason: reason, retryAfter: delay))
            try await configuration.time.sleep(delay)
        }
    }

    /// Runs a connection, and beside its last acknowledgements the one that follows it.
    private func runConnections(_ feed: UploadFeed, _ observe: @escaping @Sendable (Event) -> Void)
        async throws -> Ending
    {
        try await withThrowingTaskGroup(of: Milestone.self) { group in
            defer { group.cancelAll() }
            var running = 0
            var isWanted = true
            while true {
                if isWanted {
                    let lifetime: Duration?
                    do {
                        lifetime = try await transport.lifetime()
                    } catch is CancellationError {
                        throw CancellationError()
                    } catch {
                        return .failure(error)
                    }
                    let connection = await feed.open(lifetime: lifetime)
                    observe(.connecting(number: connection.number))
                    group.addTask { .ended(try await run(connection, feed)) }
                    group.addTask { .rotation(await feed.waitForEnd(of: connection)) }
                    running += 1
                    isWanted = false
                }
                switch try await group.next() {
                case .rotation(.timeIsOver(let number)):
                    observe(.rotated(number: number))
                    isWanted = true
                case .rotation(.reset(let reason)): return .reset(reason)
                case .rotation(.other): break
                case .ended(.orderly) where running > 1: running -= 1
                case .ended(let ending): return ending
                case nil: return .orderly
                }
            }
        }
    }

    private func run(
        _ connection: UploadFeed.Connection,
        _ feed: UploadFeed
    ) async throws -> Ending {
        do {
            let acknowledgements = try await transport.open(
                startTimestamp: Timestamp(milliseconds: Int64(clamping: connection.start)),
                isAbsolute: !configuration.isRelative,
                body: ConnectionBody(feed: feed, connection: connection, uid: uid, title: title)
            )
            for try await line in acknowledgements {
                let verdict = await feed.take(line, from: connection)
                guard verdict == .goOn else { return .verdict(verdict) }
            }
            return .orderly
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            return .failure(error)
        }
    }
}
