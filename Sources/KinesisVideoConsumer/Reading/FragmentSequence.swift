public import KinesisVideo
import KinesisVideoClient
import NIOCore

/// The fragments of a stream in their order, each once and whole, over as many connections as it takes.
///
/// Ends, cuts, silence, throttling and changed addresses are waited out: the next connection begins behind the last
/// whole fragment. Nothing is read ahead of what is asked for beyond one fragment and what the connection holds, so a
/// slow reader slows the service down and falls behind without losing anything the service still keeps.
public struct FragmentSequence: AsyncSequence, Sendable {
    /// A whole fragment.
    public typealias Element = ReceivedFragment

    let consumer: StreamConsumer
    let start: StartSelector
    let options: ReadingOptions
    let observe: @Sendable (ReadingEvent) -> Void

    /// Starts to read.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(steps: FragmentSteps(consumer, start, options), observe: observe)
    }

    /// Reads the fragments one by one.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var steps: FragmentSteps
        fileprivate let observe: @Sendable (ReadingEvent) -> Void

        /// The next fragment; nil behind the last one wanted.
        ///
        /// - Throws: ClientError where the service refuses for good or `ReadingOptions.attempts` are used up,
        ///   InBandError where it cannot decrypt, `CancellationError`.
        public mutating func next() async throws -> ReceivedFragment? {
            while let step = try await steps.next() {
                switch step {
                case .fragment(let fragment): return fragment
                case .event(let event): observe(event)
                }
            }
            return nil
        }
    }
}

/// Connects, reads and decides by a `ReadingPosition`.
struct FragmentSteps {
    enum Step {
        case fragment(ReceivedFragment)
        case event(ReadingEvent)
    }

    private let consumer: StreamConsumer
    private let silence: Duration
    private var position: ReadingPosition
    private var body: MediaBody.AsyncIterator?
    private var cutter = ChunkCutter()
    /// Steps that are there already, latest first.
    private var ready: [Step] = []
    private var pause = Duration.zero

    init(_ consumer: StreamConsumer, _ start: StartSelector, _ options: ReadingOptions) {
        self.consumer = consumer
        silence = options.silence
        position = ReadingPosition(start, options)
    }

    /// The next step; nil behind the last fragment wanted.
    mutating func next() async throws -> Step? {
        while ready.isEmpty {
            guard !position.isOver else { return nil }
            if pause > .zero { try await Task.sleep(for: pause) }
            pause = .zero
            do {
                try await advance()
            } catch let error as CancellationError {
                throw error
            } catch {
                try recover(from: error)
            }
        }
        return ready.removeLast()
    }

    private mutating func advance() async throws {
        guard var body else {
            cutter = ChunkCutter()
            body = try await consumer.liveBody(from: position.selector).makeAsyncIterator()
            return
        }
        guard let buffer = try await Self.next(&body, within: silence, of: consumer) else {
            self.body = nil
            // An error in the body is its last chunk.
            if let error = cutter.finish().lazy.compactMap(\.summary.inBandError).first { throw error }
            pause = position.end(chance: .random(in: 0...1))
            ready = [.event(.interrupted(nil, retryAfter: pause))]
            return
        }
        self.body = body
        take(cutter.read(buffer))
        position.begin(cutter.open)
    }

    private mutating func take(_ cuts: [ChunkCutter.Cut]) {
        var steps: [Step] = []
        for cut in cuts where cut.isCompleted && !position.isOver {
            guard let metadata = cut.summary.metadata else { continue }
            if position.isInterrupted { steps.append(.event(.resumed)) }
            guard position.take(metadata) else { continue }
            steps.append(.fragment(ReceivedFragment(metadata, cut)))
        }
        ready = steps.reversed()
    }

    private mutating func recover(from error: any Error) throws {
        body = nil
        consumer.client.forgetDataEndpoints(of: consumer.stream)
        switch position.fail(error, chance: .random(in: 0...1)) {
        case .retry(let delay):
            pause = delay
            ready.insert(.event(.interrupted(error, retryAfter: delay)), at: 0)
        case .skip(let number, let error): ready.insert(.event(.skipped(number, error)), at: 0)
        case .giveUp: throw error
        }
    }

    /// The next bytes, or a failure where none come in time: a silent connection looks like a quiet stream.
    private static func next(
        _ body: inout MediaBody.AsyncIterator,
        within limit: Duration,
        of consumer: StreamConsumer
    ) async throws -> ByteBuffer? {
        // Only the one task below uses it while it runs.
        nonisolated(unsafe) var iterator = body
        defer { body = iterator }
        let url = consumer.client.endpoint.url
        return try await withThrowingTaskGroup(of: ByteBuffer?.self) { group in
            group.addTask { try await iterator.next() }
            group.addTask {
                try await Task.sleep(for: limit)
                throw ClientError.timeout(url: url)
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }
}

extension StreamConsumer {
    /// Follows the stream for ever, or to the last fragment that the options name.
    ///
    /// - Parameters:
    ///   - start: where it begins.
    ///   - options: how far, and how patient.
    ///   - observe: told of what happens between fragments.
    /// - Returns: the fragments; each reading of the sequence begins at `start` anew.
    public func follow(
        from start: StartSelector,
        options: ReadingOptions = ReadingOptions(),
        observe: @escaping @Sendable (ReadingEvent) -> Void = { _ in }
    ) -> FragmentSequence {
        FragmentSequence(consumer: self, start: start, options: options, observe: observe)
    }
}
