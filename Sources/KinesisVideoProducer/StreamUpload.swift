public import KinesisVideo
public import KinesisVideoClient
public import Matroska
import NIOCore

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
        /// A fragment begins; its Cluster's time in milliseconds since 1970.
        case fragmentStart(timestamp: UInt64)
        /// A frame of the fragment, its time in milliseconds since 1970.
        case frame(EncodedFrame)
    }

    /// How it is sent.
    public struct Configuration: Sendable, Hashable {
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
    }

    private let client: ServiceClient
    private let stream: StreamReference
    private let configuration: Configuration
    private let writer: SegmentWriter

    /// Creates an upload that has not connected yet.
    ///
    /// - Parameters:
    ///   - client: calls the service.
    ///   - stream: the stream, by name or by ARN.
    ///   - tracks: what the media carries, at most three.
    ///   - title: written into the header, for people.
    ///   - configuration: how it is sent.
    public init(
        client: ServiceClient,
        stream: StreamReference,
        tracks: [TrackEntry],
        title: String = "",
        configuration: Configuration = Configuration()
    ) {
        self.client = client
        self.stream = stream
        self.configuration = configuration
        let uid = (0..<16).map { _ in UInt8.random(in: 0...255) }
        writer = SegmentWriter(tracks: tracks, uid: uid, title: title)
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
        let feed = UploadFeed(configuration)
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await feed.fill(from: next, observe) }
                group.addTask { try await connect(feed, observe) }
                try await group.waitForAll()
            }
        } catch {
            // A body that waits for more media would keep its connection, and the client with it, for ever.
            await feed.close()
            guard error is GaveUp else { throw error }
        }
        return await feed.report
    }

    private struct GaveUp: Error {}
}

// MARK: - Connections

extension StreamUpload {
    /// How a connection ended.
    private enum Ending: Sendable {
        /// The service ended it and had nothing to say against it.
        case orderly
        case verdict(UploadWindow.Verdict)
        case failure(any Error)
    }

    private enum Milestone: Sendable {
        case rotation(Bool)
        case ended(Ending)
    }

    /// Connects again and again until nothing is left to send.
    private func connect(_ feed: UploadFeed, _ observe: @escaping @Sendable (Event) -> Void) async throws {
        var retry = configuration.retry
        while try await feed.needsConnection() {
            let reason: String
            switch try await runConnections(feed, observe) {
            case .orderly, .verdict(.goOn):
                await feed.rollBack(wasOrderly: true)
                continue
            case .verdict(.giveUp): throw GaveUp()
            case .verdict(.reconnect(let error)): reason = error.description
            case .failure(let error):
                guard let error = error as? ClientError, error.isRetryable else { throw error }
                reason = error.description
            }
            client.forgetDataEndpoints(of: stream)
            await feed.rollBack(wasOrderly: false)
            let delay = retry.next(at: .now, chance: .random(in: 0...1))
            observe(.interrupted(reason: reason, retryAfter: delay))
            try await Task.sleep(for: delay)
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
                    let connection = await feed.open()
                    group.addTask { .ended(try await run(connection, feed, observe)) }
                    group.addTask { .rotation(await feed.waitForRotation(of: connection)) }
                    running += 1
                    isWanted = false
                }
                switch try await group.next() {
                case .rotation(let isOver): isWanted = isOver
                case .ended(.orderly) where running > 1: running -= 1
                case .ended(let ending): return ending
                case nil: return .orderly
                }
            }
        }
    }

    private func run(
        _ connection: UploadFeed.Connection,
        _ feed: UploadFeed,
        _ observe: @Sendable (Event) -> Void
    ) async throws -> Ending {
        do {
            let url = try await client.dataEndpoint(.putMedia, of: stream)
            let acknowledgements = try await client.putMedia(
                stream,
                startTimestamp: Timestamp(milliseconds: 0),
                isAbsolute: true,
                at: url,
                body: ConnectionBody(feed: feed, connection: connection, writer: writer)
            )
            for try await line in acknowledgements {
                let verdict = await feed.take(line, observe)
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

/// The body of one connection: header, then parts until the media or the connection's time is over.
private struct ConnectionBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let feed: UploadFeed
    let connection: UploadFeed.Connection
    let writer: SegmentWriter

    struct AsyncIterator: AsyncIteratorProtocol {
        let body: ConnectionBody
        var hasSentHeader = false
        var timestamp: UInt64 = 0

        mutating func next() async throws -> ByteBuffer? {
            if !hasSentHeader {
                hasSentHeader = true
                return ByteBuffer(bytes: body.writer.header())
            }
            switch try await body.feed.next(on: body.connection) {
            case .part(.fragmentStart(let timestamp)):
                self.timestamp = timestamp
                return ByteBuffer(bytes: body.writer.clusterStart(timestamp: timestamp))
            case .part(.frame(let frame)):
                return ByteBuffer(bytes: try body.writer.block(frame, clusterTimestamp: timestamp))
            case .end: return nil
            }
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(body: self)
    }
}
