public import KinesisVideo
public import KinesisVideoClient
public import Matroska
import NIOCore

/// Sends media of one stream by PutMedia, over as many connections as it takes.
///
/// ```swift
/// let upload = StreamUpload(client: client, stream: StreamReference(name: "lobby"), tracks: tracks)
/// let report = try await upload.run({ try await nextPart() }) { acknowledgement in ... }
/// ```
public struct StreamUpload: Sendable {
    /// What to send next.
    public enum Part: Sendable {
        /// A fragment begins; its Cluster's time in milliseconds since 1970.
        case fragmentStart(timestamp: UInt64)
        /// A frame of the fragment, its time in milliseconds since 1970.
        case frame(EncodedFrame)
    }

    /// What became of what was sent.
    public struct Report: Sendable, Hashable {
        /// Fragments sent whole.
        public var sent = 0
        /// Fragments that the service has complete.
        public var received = 0
        /// Fragments that are safe on its disk.
        public var persisted = 0
        /// The first error the service answered.
        public var error: IngestionError?
        /// The fragment that the error is about, as its Cluster's time.
        public var errorTimecode: Int64?
    }

    /// Longest time one connection is used; the service ends one after 45 minutes.
    public static let rotation = Duration.seconds(40 * 60)

    private let client: ServiceClient
    private let stream: StreamReference
    private let writer: SegmentWriter

    /// Creates an upload that has not connected yet.
    ///
    /// - Parameters:
    ///   - client: calls the service.
    ///   - stream: the stream, by name or by ARN.
    ///   - tracks: what the media carries, at most three.
    ///   - title: written into the header, for people.
    public init(client: ServiceClient, stream: StreamReference, tracks: [TrackEntry], title: String = "") {
        self.client = client
        self.stream = stream
        let uid = (0..<16).map { _ in UInt8.random(in: 0...255) }
        writer = SegmentWriter(tracks: tracks, uid: uid, title: title)
    }

    /// Sends what `next` gives until that is nil, then waits for the last acknowledgement.
    ///
    /// - Parameters:
    ///   - next: asked for the next part when the service has taken the one before.
    ///   - acknowledged: told of each acknowledgement as it comes.
    /// - Returns: what became of what was sent.
    /// - Throws: ClientError where the connection cannot be made or breaks, what `next` throws, `CancellationError`.
    public func run(
        _ next: @escaping @Sendable () async throws -> Part?,
        acknowledged: @Sendable (Acknowledgement) -> Void = { _ in }
    ) async throws -> Report {
        let queue = PartQueue(next)
        var report = Report()
        while try await queue.peek() != nil, report.error == nil {
            let url = try await client.dataEndpoint(.putMedia, of: stream)
            let acknowledgements: AcknowledgementSequence
            do {
                acknowledgements = try await client.putMedia(
                    stream,
                    startTimestamp: Timestamp(milliseconds: 0),
                    isAbsolute: true,
                    at: url,
                    body: ConnectionBody(queue: queue, writer: writer, deadline: .now + Self.rotation)
                )
                for try await line in acknowledgements {
                    report.take(line)
                    acknowledged(line)
                }
            } catch {
                client.forgetDataEndpoints(of: stream)
                // What the source of the media threw says more than the connection that broke by it.
                throw await queue.failure ?? error
            }
        }
        report.sent = await queue.fragments
        return report
    }
}

extension StreamUpload.Report {
    fileprivate mutating func take(_ line: Acknowledgement) {
        switch line.event {
        case .received: received += 1
        case .persisted: persisted += 1
        case .error where error == nil:
            error = line.error
            errorTimecode = line.fragmentTimecode
        case .buffering, .error, .idle: break
        }
    }
}

/// The parts of an upload, looked at before they are taken so that connections end between fragments.
private actor PartQueue {
    private let next: @Sendable () async throws -> StreamUpload.Part?
    private var ahead: StreamUpload.Part?
    private var isAtEnd = false
    private(set) var fragments = 0
    private(set) var failure: (any Error)?

    init(_ next: @escaping @Sendable () async throws -> StreamUpload.Part?) {
        self.next = next
    }

    func peek() async throws -> StreamUpload.Part? {
        if ahead == nil, !isAtEnd {
            do {
                ahead = try await next()
            } catch {
                failure = error
                throw error
            }
            isAtEnd = ahead == nil
        }
        return ahead
    }

    func take() async throws -> StreamUpload.Part? {
        defer { ahead = nil }
        let part = try await peek()
        if case .fragmentStart = part { fragments += 1 }
        return part
    }
}

/// The body of one connection: header, then parts until the media or the connection's time is over.
private struct ConnectionBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let queue: PartQueue
    let writer: SegmentWriter
    let deadline: ContinuousClock.Instant

    struct AsyncIterator: AsyncIteratorProtocol {
        let body: ConnectionBody
        var hasSentHeader = false
        var timestamp: UInt64 = 0

        mutating func next() async throws -> ByteBuffer? {
            if !hasSentHeader {
                hasSentHeader = true
                return ByteBuffer(bytes: body.writer.header())
            }
            if case .fragmentStart = try await body.queue.peek(), .now >= body.deadline { return nil }
            switch try await body.queue.take() {
            case .fragmentStart(let timestamp):
                self.timestamp = timestamp
                return ByteBuffer(bytes: body.writer.clusterStart(timestamp: timestamp))
            case .frame(let frame):
                return ByteBuffer(bytes: try body.writer.block(frame, clusterTimestamp: timestamp))
            case nil: return nil
            }
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(body: self)
    }
}
