public import KinesisVideo
public import KinesisVideoClient

/// Follows GetMedia and hands on the bytes of whole chunks, over as many connections as it takes.
public struct WholeChunkReader: Sendable {
    private let start: StartSelector
    private let options: ReadingOptions

    /// Creates a reader.
    ///
    /// - Parameters:
    ///   - start: where it begins.
    ///   - lastNumber: the last fragment wanted; nil reads on.
    ///   - lastTime: the last moment of the producer's clock at which a fragment may start; nil reads on.
    public init(start: StartSelector, lastNumber: FragmentNumber?, lastTime: Timestamp?) {
        self.start = start
        var options = ReadingOptions()
        options.lastNumber = lastNumber
        options.lastTime = lastTime
        options.attempts = 5
        self.options = options
    }

    /// Reads until the last fragment or moment, or until the task is cancelled.
    ///
    /// - Parameters:
    ///   - consumer: reads the stream.
    ///   - retrying: told of each failure after which it connects again.
    ///   - write: takes number, clocks and bytes of one chunk.
    /// - Throws: what `write` throws, InBandError for good, ClientError where five connections in a row brought nothing.
    public func run(
        _ consumer: StreamConsumer,
        retrying: (ClientError) -> Void = { _ in },
        write: (FragmentMetadata, ArraySlice<UInt8>) throws -> Void
    ) async throws {
        var steps = FragmentSteps(consumer, start, options)
        while let step = try await steps.next() {
            switch step {
            case .fragment(let fragment): try write(fragment.metadata, fragment.bytes)
            case .event(.interrupted(let error as ClientError, _)): retrying(error)
            case .event: break
            }
        }
    }
}
