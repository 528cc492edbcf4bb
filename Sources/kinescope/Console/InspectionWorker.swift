import Foundation
import KinesisVideo
import KinesisVideoClient
import KinesisVideoConsumer
import Matroska
import Monitor
import Synchronization

/// Fetches what the inspector wants to have: listings, and the media of single fragments.
///
/// Only the newest demand counts; one call of a kind is under way at a time.
final class InspectionWorker: Sendable {
    private let client: ServiceClient
    private let inbox: MonitorInbox
    private let wanted = Mutex<InspectionDemand?>(nil)
    private let listings: AsyncStream<InspectionDemand>
    private let listingSink: AsyncStream<InspectionDemand>.Continuation
    private let fragments: AsyncStream<InspectionDemand>
    private let fragmentSink: AsyncStream<InspectionDemand>.Continuation
    private let searches: AsyncStream<InspectionDemand>
    private let searchSink: AsyncStream<InspectionDemand>.Continuation

    /// Bytes of one chunk of a file that are read: a recording of hours is one chunk.
    private static let chunkBytes: UInt64 = 64 << 20

    init(client: ServiceClient, inbox: MonitorInbox) {
        (self.client, self.inbox) = (client, inbox)
        (listings, listingSink) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (fragments, fragmentSink) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (searches, searchSink) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Takes the newest demand; nil where the inspector has been closed.
    func take(_ demand: InspectionDemand?) {
        let before = wanted.withLock { wanted in
            defer { wanted = demand }
            return wanted
        }
        guard let demand else { return }
        var (listing, listingBefore) = (demand, before)
        (listing.fragment, listing.search) = (nil, nil)
        listingBefore?.fragment = nil
        listingBefore?.search = nil
        if listing != listingBefore { listingSink.yield(demand) }
        if demand.fragment != nil, demand.fragment != before?.fragment { fragmentSink.yield(demand) }
        if demand.search != nil, demand.search != before?.search { searchSink.yield(demand) }
    }

    /// Works until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { [self] in
                for await demand in listings {
                    await answer(demand) { try await self.list(demand) }
                    await answerAcknowledgements(demand)
                }
            }
            group.addTask { [self] in
                for await demand in searches { await answer(demand) { try await self.search(demand) } }
            }
            group.addTask { [self] in
                for await demand in fragments { await answer(demand) { try await self.fetch(demand) } }
            }
        }
    }

    private func answer(
        _ demand: InspectionDemand,
        _ work: () async throws -> InspectionAnswer?
    ) async {
        guard isWanted(demand.source) else { return }
        do {
            if let answer = try await work() { inbox.post(.inspected(demand.source, answer)) }
        } catch is CancellationError {
            return
        } catch {
            let words = CommandFailure(error).message ?? "\(error)"
            inbox.post(.inspected(demand.source, .failed(words)))
        }
    }

    /// Reports the newest acknowledgements; only an embedded service keeps them.
    private func answerAcknowledgements(_ demand: InspectionDemand) async {
        guard case .stream(let name) = demand.source, isWanted(demand.source) else { return }
        do {
            let log = client.endpoint.isAmazon ? nil : try await client.acknowledgements(of: name)
            inbox.post(.inspected(demand.source, .acknowledgements(log)))
        } catch ClientError.service(let refusal) where !refusal.isRetryable && !refusal.isDenied {
            inbox.post(.inspected(demand.source, .acknowledgements(nil)))
        } catch ClientError.unexpectedAnswer {
            inbox.post(.inspected(demand.source, .acknowledgements(nil)))
        } catch is CancellationError {
            return
        } catch {
            let words = CommandFailure(error).message ?? "\(error)"
            inbox.post(.inspected(demand.source, .acknowledgementsFailed(words)))
        }
    }

    private func isWanted(_ source: InspectedSource) -> Bool {
        wanted.withLock { $0?.source == source }
    }

    // MARK: Listings

    private func list(_ demand: InspectionDemand) async throws -> InspectionAnswer? {
        switch demand.source {
        case .file(let path): return try await listFile(path, demand.source)
        case .stream(let name):
            let consumer = StreamConsumer(client: client, stream: StreamReference(name: name))
            let selector = FragmentSelector(
                clock: .producer,
                start: demand.start,
                end: demand.end ?? ServiceLimits.endOfTime
            )
            return .listing(InspectorLine.lines(of: try await consumer.list(selector)))
        }
    }

    /// Lists the chunks of a file; of a long one, what has been found so far twice a second.
    private func listFile(_ path: String, _ source: InspectedSource) async throws -> InspectionAnswer? {
        let index = try await readFile(path, ChunkIndex(), isWanted: { self.isWanted(source) }) { index in
            self.inbox.post(.inspected(source, .listing(index.lines)))
        }
        return index.map { .listing($0.lines) }
    }

    /// Reads a file to its end; nil where that is no longer wanted.
    private func readFile(
        _ path: String,
        _ start: ChunkIndex,
        isWanted: @escaping @Sendable () -> Bool,
        progress: @escaping @Sendable (ChunkIndex) -> Void
    ) async throws -> ChunkIndex? {
        try await FileThread.run { isCancelled -> ChunkIndex? in
            let file = try self.open(path)
            var index = start
            // What is no plain file has no end to go to.
            index.fileEnd = (try? file.seekToEnd()) ?? 0
            try? file.seek(toOffset: 0)
            let clock = ContinuousClock()
            var due = clock.now + .milliseconds(500)
            while let data = try file.read(upToCount: 1 << 20), !data.isEmpty {
                guard !isCancelled(), isWanted() else { return nil }
                index.read([UInt8](data))
                if clock.now >= due {
                    due = clock.now + .milliseconds(500)
                    progress(index)
                }
            }
            index.finish()
            return index
        }
    }

    private func open(_ path: String) throws -> FileHandle {
        guard let file = FileHandle(forReadingAtPath: path) else {
            let reason = String(cString: strerror(errno))
            throw CommandFailure(errno == ENOENT ? .notFound : .failed, "cannot read \(path): \(reason)")
        }
        return file
    }

    // MARK: Search

    private func search(_ demand: InspectionDemand) async throws -> InspectionAnswer? {
        guard let pattern = demand.search else { return nil }
        @Sendable func isStillWanted() -> Bool {
            wanted.withLock { $0?.search == pattern && $0?.source == demand.source }
        }
        switch demand.source {
        case .stream(let name):
            return try await search(pattern, in: name, isWanted: isStillWanted) {
                self.inbox.post(.inspected(demand.source, .found($0)))
            }
        case .file(let path):
            let start = ChunkIndex(pattern: pattern)
            let index = try await readFile(path, start, isWanted: isStillWanted) {
                self.inbox.post(.inspected(demand.source, .found($0.findings(pattern, isOver: false))))
            }
            return index.map { .found($0.findings(pattern, isOver: true)) }
        }
    }

    /// Looks into all that is archived, the newest first.
    private func search(
        _ pattern: TagPattern,
        in stream: String,
        isWanted: () -> Bool,
        progress: (TagFindings) -> Void
    ) async throws -> InspectionAnswer? {
        let consumer = StreamConsumer(client: client, stream: StreamReference(name: stream))
        let all = FragmentSelector(
            clock: .producer,
            start: Timestamp(milliseconds: 0),
            end: ServiceLimits.endOfTime
        )
        let fragments = InspectorLine.lines(of: try await consumer.list(all)).compactMap(\.fragment)
        var findings = TagFindings(pattern)
        findings.total = fragments.count
        var rest = fragments[...]
        while !rest.isEmpty {
            guard isWanted() else { return nil }
            progress(findings)
            let batch = rest.suffix(BatchFetcher.fragmentsOfACall)
            rest = rest.dropLast(batch.count)
            let found = try await numbers(of: batch, with: pattern, consumer)
            findings.fragments = batch.filter { found.contains($0.id) } + findings.fragments
            findings.searched += batch.count
            // As many calls as a polite client makes.
            try await Task.sleep(for: .milliseconds(250))
        }
        findings.isOver = true
        return .found(findings)
    }

    /// Those of some fragments that have a tag; what has expired meanwhile has none.
    private func numbers(
        of fragments: ArraySlice<InspectedFragment>,
        with pattern: TagPattern,
        _ consumer: StreamConsumer
    ) async throws -> Set<InspectedFragment.ID> {
        var found: Set<InspectedFragment.ID> = []
        do {
            let numbers = fragments.compactMap(\.metadata?.number)
            try await BatchFetcher(consumer, attempts: 2).fetch(numbers) { metadata, bytes in
                var reader = ChunkReader()
                let chunk = Array(bytes)
                for case .ended(let summary) in reader.read(chunk.span) + reader.finish()
                where pattern.fits(summary.tags) {
                    found.insert(.number(metadata.number))
                }
            }
        } catch is BatchFetcher.Failure {
            return found
        }
        return found
    }

    // MARK: Media

    private func fetch(_ demand: InspectionDemand) async throws -> InspectionAnswer? {
        guard let id = demand.fragment else { return nil }
        switch (demand.source, id) {
        case (.stream(let name), .number(let number)):
            let consumer = StreamConsumer(client: client, stream: StreamReference(name: name))
            var document: DocumentInspection?
            try await BatchFetcher(consumer, attempts: 2).fetch([number]) { _, bytes in
                document = DocumentInspection(Array(bytes))
            }
            return document.map { .media(id, $0) }
        case (.file(let path), .bytes(let range)):
            return try await FileThread.run { _ -> InspectionAnswer in
                let file = try self.open(path)
                try file.seek(toOffset: range.lowerBound)
                let count = Int(min(UInt64(range.count), Self.chunkBytes))
                let data = try file.read(upToCount: count) ?? Data()
                let isCut = UInt64(range.count) > Self.chunkBytes
                return .media(id, DocumentInspection([UInt8](data), isCut: isCut))
            }
        default: return nil
        }
    }
}
