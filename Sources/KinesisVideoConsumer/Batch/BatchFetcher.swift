public import KinesisVideo
import KinesisVideoClient
import NIOCore

/// Fetches archived fragments by number, each once and whole, over as many calls as it takes.
///
/// ```swift
/// let fetcher = BatchFetcher(consumer)
/// try await fetcher.fetch(split.numbers) { metadata, bytes in ... }
/// ```
///
/// Calls that are refused for their rate are made again for as long as others of the account may take to be done; other
/// failures count only while they bring nothing.
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
    /// How often in a row a call may be refused for its rate: some two minutes.
    private static let throttledCalls = 30

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
        var throttled = 0
        while !wanted.isEmpty {
            let count = wanted.count
            let reason: String
            var isThrottled = false
            do {
                reason = try await fetchOnce(&wanted, write)
            } catch let error as ClientError where error.isRetryable {
                reason = error.description
                if case .service(let refusal) = error { isThrottled = refusal.isThrottling }
            }
            guard !wanted.isEmpty else { return }
            if wanted.count < count {
                (failures, throttled) = (0, 0)
                continue
            }
            if isThrottled { throttled += 1 } else { failures += 1 }
            guard failures < attempts, throttled < Self.throttledCalls else {
                throw Failure(missing: wanted.sorted(), reason: reason)
            }
            // A fragment may be acknowledged a second before it can be fetched.
            let pause = RetryPause.after(failures + throttled + 1, chance: .random(in: 0...1))
            try await Task.sleep(for: pause)
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
        var cutter = ChunkCutter(keepsFrames: false)
        var reason = "the answer ended early"
        do {
            let body = try await consumer.client.media(GetMediaForFragmentList.self, input, at: url)
            for try await buffer in body {
                for cut in cutter.read(buffer) { try await take(cut, &wanted, &reason, write) }
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
