public import KinesisVideo
import KinesisVideoClient
import NIOCore

/// Fetches archived fragments by number, each once and whole, over as many calls as it takes.
///
/// ```swift
/// let fetcher = BatchFetcher(consumer)
/// try await fetcher.fetch(split.numbers) { metadata, bytes in ... }
/// ```
public struct BatchFetcher: Sendable {
    /// What could not be had.
    public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
        /// Fragments that did not come, ascending.
        public var missing: [FragmentNumber]
        /// Why the last of them did not.
        public var reason: String

        /// `2 fragments missing, #…0123456789 first: FRAGMENT_NOT_FOUND (3000)`.
        public var description: String {
            let first = missing.first.map { ", \($0.shortName) first" } ?? ""
            return "\(missing.count) fragments missing\(first): \(reason)"
        }
    }

    /// Fragments asked for in one call.
    public static let fragmentsOfACall = 100

    private let consumer: StreamConsumer
    private let attempts: Int

    /// Creates a fetcher.
    ///
    /// - Parameters:
    ///   - consumer: reads the stream.
    ///   - attempts: calls in a row that may bring nothing before it gives up.
    public init(_ consumer: StreamConsumer, attempts: Int = 5) {
        self.consumer = consumer
        self.attempts = max(1, attempts)
    }

    /// Fetches fragments in the order given; one that is slow to appear comes later.
    ///
    /// - Parameters:
    ///   - numbers: which.
    ///   - write: takes number, clocks and the bytes of one chunk, a Matroska document of its own.
    /// - Throws: Failure where fragments do not come, ClientError where the service refuses, what `write` throws,
    ///   `CancellationError`.
    public func fetch(
        _ numbers: [FragmentNumber],
        write: (FragmentMetadata, ArraySlice<UInt8>) async throws -> Void
    ) async throws {
        var wanted = numbers
        var failures = 0
        while !wanted.isEmpty {
            let count = wanted.count
            let reason: String
            do {
                reason = try await fetchOnce(&wanted, write)
            } catch let error as ClientError where error.isRetryable {
                reason = error.description
            }
            guard !wanted.isEmpty else { return }
            failures = wanted.count < count ? 0 : failures + 1
            guard failures < attempts else { throw Failure(missing: wanted.sorted(), reason: reason) }
            // A fragment may be acknowledged a second before it can be fetched: 200 ms, doubling to 5 s.
            if failures > 0 { try await Task.sleep(for: .milliseconds(min(5000, 200 << min(failures, 5)))) }
        }
    }

    /// Makes one call and takes what came out of `wanted`.
    ///
    /// - Returns: why something may be missing, for people.
    private func fetchOnce(
        _ wanted: inout [FragmentNumber],
        _ write: (FragmentMetadata, ArraySlice<UInt8>) async throws -> Void
    ) async throws -> String {
        let url = try await consumer.client.dataEndpoint(.getMediaForFragmentList, of: consumer.stream)
        let asked = wanted.prefix(Self.fragmentsOfACall).map(\.padded)
        let input = GetMediaForFragmentList.Input(consumer.stream, fragments: asked)
        var cutter = ChunkCutter()
        var reason = "the answer ended early"
        do {
            let body = try await consumer.client.media(GetMediaForFragmentList.self, input, at: url)
            for try await buffer in body {
                for cut in cutter.read(buffer.readableBytesView) {
                    try await take(cut, &wanted, &reason, write)
                }
            }
        } catch {
            consumer.client.forgetDataEndpoints(of: consumer.stream)
            throw error
        }
        // Only the orderly end of the body makes its last chunk whole.
        for cut in cutter.finish() { try await take(cut, &wanted, &reason, write) }
        return reason
    }

    private func take(
        _ cut: ChunkCutter.Cut,
        _ wanted: inout [FragmentNumber],
        _ reason: inout String,
        _ write: (FragmentMetadata, ArraySlice<UInt8>) async throws -> Void
    ) async throws {
        if let error = cut.summary.inBandError {
            reason = error.description
            guard error.isRetryable else { throw error }
            // The others first: it may be there by then.
            if let number = error.fragmentNumber, let index = wanted.firstIndex(of: number) {
                wanted.append(wanted.remove(at: index))
            }
            return
        }
        guard cut.summary.isComplete, cut.summary.clusterCount == 1, let metadata = cut.summary.metadata,
            let index = wanted.firstIndex(of: metadata.number)
        else { return }
        try await write(metadata, cut.bytes)
        wanted.remove(at: index)
    }
}

/// Cuts a body of chunks into the bytes of each; holds one chunk at a time.
struct ChunkCutter: Sendable {
    /// A chunk and its bytes.
    struct Cut: Sendable {
        var summary: ChunkSummary
        var bytes: ArraySlice<UInt8>
    }

    private var reader = ChunkReader()
    private var pending: [UInt8] = []
    private var pendingStart: UInt64 = 0
    /// The chunk that has ended; where the next begins tells its last byte.
    private var ended: ChunkSummary?

    /// Takes the next bytes.
    mutating func read(_ bytes: some Collection<UInt8>) -> [Cut] {
        pending.append(contentsOf: bytes)
        let events = reader.read(Array(bytes).span)
        return cut(events)
    }

    /// Ends the body.
    mutating func finish() -> [Cut] {
        cut(reader.finish()) + cut(upTo: pendingStart + UInt64(pending.count))
    }

    private mutating func cut(_ events: [ChunkEvent]) -> [Cut] {
        var cuts: [Cut] = []
        for event in events {
            switch event {
            case .began(let offset): cuts += cut(upTo: offset)
            case .ended(let summary): ended = summary
            case .mediaBegan, .frame, .completed, .warning, .damage: break
            }
        }
        return cuts
    }

    private mutating func cut(upTo end: UInt64) -> [Cut] {
        guard let summary = ended else { return [] }
        ended = nil
        let first = Int(summary.offset - pendingStart)
        let last = Int(end - pendingStart)
        let bytes = pending[first..<last]
        pending.removeFirst(last)
        pendingStart = end
        return [Cut(summary: summary, bytes: bytes)]
    }
}
