public import KinesisVideo
public import KinesisVideoClient
import NIOCore

/// Follows GetMedia and hands on the bytes of whole chunks, over as many connections as it takes.
public struct WholeChunkReader: Sendable {
    private let start: StartSelector
    private let lastNumber: FragmentNumber?
    private let lastTime: Timestamp?
    private var latest: FragmentNumber?
    private var failures = 0

    /// Creates a reader.
    ///
    /// - Parameters:
    ///   - start: where it begins.
    ///   - lastNumber: the last fragment wanted; nil reads on.
    ///   - lastTime: the last moment of the producer's clock at which a fragment may start; nil reads on.
    public init(start: StartSelector, lastNumber: FragmentNumber?, lastTime: Timestamp?) {
        self.start = start
        self.lastNumber = lastNumber
        self.lastTime = lastTime
    }

    /// Reads until the last fragment or moment, or until the task is cancelled.
    ///
    /// - Parameters:
    ///   - consumer: reads the stream.
    ///   - retrying: told of each failure after which it connects again.
    ///   - write: takes number, clocks and bytes of one chunk.
    /// - Throws: what `write` throws, InBandError for good, ClientError where five connections in a row brought nothing.
    public mutating func run(
        _ consumer: StreamConsumer,
        retrying: (ClientError) -> Void = { _ in },
        write: (FragmentMetadata, ArraySlice<UInt8>) throws -> Void
    ) async throws {
        while true {
            do {
                let body = try await consumer.liveBody(from: latest.map { .afterFragment($0) } ?? start)
                if try await read(body, write) { return }
            } catch let error as ClientError where error.isRetryable && failures < 5 {
                failures += 1
                retrying(error)
            }
            // 200 ms, doubling to 5 s.
            try await Task.sleep(for: .milliseconds(min(5000, 200 << min(failures, 5))))
        }
    }

    /// Reads one connection.
    ///
    /// - Returns: true when nothing more is wanted.
    private mutating func read(
        _ body: MediaBody,
        _ write: (FragmentMetadata, ArraySlice<UInt8>) throws -> Void
    ) async throws -> Bool {
        var reader = ChunkReader()
        var pending: [UInt8] = []
        var pendingStart: UInt64 = 0
        for try await buffer in body {
            pending.append(contentsOf: buffer.readableBytesView)
            for event in reader.read(buffer.readableBytesUInt8Span) {
                switch event {
                case .mediaBegan(let chunk):
                    guard let metadata = chunk.metadata else { continue }
                    if let lastTime, metadata.producerTimestamp > lastTime { return true }
                    if let lastNumber, metadata.number > lastNumber { return true }
                case .completed(let chunk, let end):
                    let count = Int(end - pendingStart)
                    if let metadata = chunk.metadata { try write(metadata, pending[..<count]) }
                    pending.removeFirst(count)
                    pendingStart = end
                    failures = 0
                    latest = chunk.metadata?.number ?? latest
                    if let lastNumber, let latest, latest >= lastNumber { return true }
                case .ended(let chunk): if let error = chunk.inBandError, !error.isRetryable { throw error }
                case .began, .frame, .warning, .damage: break
                }
            }
        }
        return false
    }
}
