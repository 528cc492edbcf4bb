public import KinesisVideo
public import KinesisVideoClient
import NIOCore

/// Reads the media of one stream: live by GetMedia, archived by number, listings by time.
///
/// ```swift
/// let consumer = StreamConsumer(client: client, stream: StreamReference(name: "front-door"))
/// for try await event in consumer.live(from: .now) { ... }
/// ```
public struct StreamConsumer: Sendable {
    /// Calls the service.
    public let client: ServiceClient
    /// The stream.
    public let stream: StreamReference

    /// Creates a consumer that has not connected yet.
    public init(client: ServiceClient, stream: StreamReference) {
        self.client = client
        self.stream = stream
    }

    /// One GetMedia connection: chunks in order, endless.
    ///
    /// - Throws: ClientError, `CancellationError`.
    public func live(from start: StartSelector) async throws -> ChunkSequence {
        ChunkSequence(try await liveBody(from: start))
    }

    /// One GetMedia connection as bytes.
    ///
    /// - Throws: ClientError, `CancellationError`.
    public func liveBody(from start: StartSelector) async throws -> MediaBody {
        try await forgettingEndpointOnFailure {
            let url = try await client.dataEndpoint(.getMedia, of: stream)
            return try await client.media(GetMedia.self, GetMedia.Input(stream, from: start), at: url)
        }
    }

    /// The newest fragment that the service keeps; nil where it keeps none.
    ///
    /// An embedded service says so in its statistics, which may be half a second old: what has been archived since
    /// is listed. Elsewhere the whole archive is listed.
    ///
    /// - Throws: ClientError, `CancellationError`.
    public func newestFragment() async throws -> FragmentNumber? {
        guard let feed = try await statistics() else {
            return try await list(since: Timestamp(milliseconds: 0)).last?.number
        }
        let reported = feed.lastFragment(of: stream)
        let since = reported?.serverTimestamp ?? Timestamp(milliseconds: 0)
        let archived = try await list(since: since).last?.number
        if let archived { return max(archived, reported.flatMap { FragmentNumber($0.number) } ?? archived) }
        // Nothing is archived, so only the feed knows of fragments: it has to be newer than the question.
        var latest = feed
        for _ in 0..<20 where latest.now == feed.now {
            try await Task.sleep(for: .milliseconds(100))
            latest = try await statistics() ?? latest
        }
        return latest.lastFragment(of: stream).flatMap { FragmentNumber($0.number) }
    }

    /// Does what calls the service, and does it again where that answers that it is busy or away for a moment.
    ///
    /// A service that cannot be reached at all is told of at once.
    ///
    /// - Parameters:
    ///   - attempts: calls in all, at least one.
    ///   - body: what is done; done again as a whole.
    /// - Returns: what `body` returned.
    /// - Throws: what `body` throws at last, `CancellationError`.
    public func patiently<Result>(attempts: Int = 5, _ body: () async throws -> Result) async throws -> Result
    {
        var failures = 0
        while true {
            do {
                return try await body()
            } catch ClientError.service(let error) where error.isRetryable && failures + 1 < attempts {
                failures += 1
                try await Task.sleep(for: RetryPause.after(failures, chance: .random(in: 0...1)))
            }
        }
    }

    /// True where the archive holds a fragment that covers a moment of the producer's clock or starts later.
    ///
    /// Where it does not, GetMedia from that moment waits for media to come.
    ///
    /// - Throws: ClientError, `CancellationError`.
    public func keepsMedia(from moment: Timestamp) async throws -> Bool {
        let earliest = moment.advanced(byMilliseconds: -ServiceLimits.fragmentMilliseconds)
        let start = max(earliest, Timestamp(milliseconds: 0))
        let fragments = try await list(
            FragmentSelector(clock: .producer, start: start, end: ServiceLimits.endOfTime)
        )
        return fragments.contains { fragment in
            fragment.producerTimestamp >= moment
                || fragment.producerTimestamp.advanced(byMilliseconds: fragment.length) > moment
        }
    }

    /// The service's statistics; nil where it has none to give.
    private func statistics() async throws -> ServiceStatistics? {
        do {
            return try await client.statistics()
        } catch ClientError.service, ClientError.unexpectedAnswer {
            return nil
        }
    }

    private func list(since start: Timestamp) async throws -> [FragmentInfo] {
        try await list(FragmentSelector(clock: .server, start: start, end: ServiceLimits.endOfTime))
    }

    /// Archived fragments by number, at most 1,000, in the order asked.
    ///
    /// - Throws: ClientError, `CancellationError`.
    public func fragments(_ numbers: [FragmentNumber]) async throws -> ChunkSequence {
        try await forgettingEndpointOnFailure {
            let url = try await client.dataEndpoint(.getMediaForFragmentList, of: stream)
            let input = GetMediaForFragmentList.Input(stream, fragments: numbers.map(\.padded))
            return ChunkSequence(try await client.media(GetMediaForFragmentList.self, input, at: url))
        }
    }

    /// Every archived fragment whose start lies in a range, ordered by number.
    ///
    /// - Parameters:
    ///   - selector: The range.
    ///   - spacing: Time between two pages behind the second, for those that owe a service fewer calls a second than
    ///     it allows.
    /// - Returns: The fragments.
    /// - Throws: ClientError, `CancellationError`. A range that the service calls too old gives nothing.
    public func list(_ selector: FragmentSelector, spacing: Duration = .zero) async throws -> [FragmentInfo] {
        try await forgettingEndpointOnFailure {
            let url = try await client.dataEndpoint(.listFragments, of: stream)
            var fragments: [FragmentInfo] = []
            var token: String?
            var (pages, refusals) = (0, 0)
            repeat {
                if refusals > 0 {
                    try await Task.sleep(for: .seconds(1 << (refusals - 1)))
                } else if pages > 1, spacing > .zero {
                    try await Task.sleep(for: spacing)
                }
                let input = ListFragments.Input(
                    stream,
                    selector: selector,
                    maxResults: 1000,
                    nextToken: token
                )
                do {
                    let page = try await client.call(ListFragments.self, input, at: url)
                    fragments += page.fragments
                    token = page.nextToken
                    (pages, refusals) = (pages + 1, 0)
                } catch ClientError.service(let error)
                    where error.message.contains("outside of the stream retention")
                {
                    return fragments
                } catch ClientError.service(let error)
                    where pages > 0 && refusals < 5 && error.isThrottling
                {
                    // The pages before are not read once more for one that the service is too busy for.
                    refusals += 1
                }
            } while token != nil
            return fragments.sorted { $0.number < $1.number }
        }
    }

    private func forgettingEndpointOnFailure<Result>(_ body: () async throws -> Result) async throws -> Result
    {
        do {
            return try await body()
        } catch {
            client.forgetDataEndpoints(of: stream)
            throw error
        }
    }
}

extension ServiceStatistics {
    fileprivate func lastFragment(of stream: StreamReference) -> StreamStatistics.Fragment? {
        streams.first { $0.name == stream.name || $0.arn == stream.arn }?.lastFragment
    }
}

/// The events of a media body, as they arrive.
public struct ChunkSequence: AsyncSequence, Sendable {
    /// One step of a chunk.
    public typealias Element = ChunkEvent

    private let body: MediaBody

    init(_ body: MediaBody) {
        self.body = body
    }

    /// Reads the events one by one.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var body: MediaBody.AsyncIterator?
        fileprivate var reader = ChunkReader()
        /// Events that are there already, latest first.
        fileprivate var ready: [ChunkEvent] = []

        /// The next event; nil at the end of the body.
        ///
        /// - Throws: ClientError, `CancellationError`.
        public mutating func next() async throws -> ChunkEvent? {
            while ready.isEmpty {
                guard var body else { return nil }
                let buffer = try await body.next()
                self.body = buffer == nil ? nil : body
                let events = buffer.map { reader.read($0.readableBytesUInt8Span) } ?? reader.finish()
                ready = events.reversed()
            }
            return ready.removeLast()
        }
    }

    /// Starts to read.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(body: body.makeAsyncIterator())
    }
}
