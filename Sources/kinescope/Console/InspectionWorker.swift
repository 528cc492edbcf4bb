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

    /// Bytes of one chunk of a file that are read: a recording of hours is one chunk.
    private static let chunkBytes: UInt64 = 64 << 20

    init(client: ServiceClient, inbox: MonitorInbox) {
        (self.client, self.inbox) = (client, inbox)
        (listings, listingSink) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (fragments, fragmentSink) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Takes the newest demand; nil where the inspector has been closed.
    func take(_ demand: InspectionDemand?) {
        let before = wanted.withLock { wanted in
            defer { wanted = demand }
            return wanted
        }
        guard let demand else { return }
        var (listing, listingBefore) = (demand, before)
        listing.fragment = nil
        listingBefore?.fragment = nil
        if listing != listingBefore { listingSink.yield(demand) }
        if demand.fragment != nil, demand.fragment != before?.fragment { fragmentSink.yield(demand) }
    }

    /// Works until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { [self] in
                for await demand in listings { await answer(demand) { try await self.list(demand) } }
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

    private func isWanted(_ source: InspectedSource) -> Bool {
        wanted.withLock { $0?.source == source }
    }

    // MARK: Listings

    private func list(_ demand: InspectionDemand) async throws -> InspectionAnswer? {
        switch demand.source {
        case .file(let path): return try listFile(path, demand.source)
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
    private func listFile(_ path: String, _ source: InspectedSource) throws -> InspectionAnswer? {
        let file = try open(path)
        var index = ChunkIndex()
        let clock = ContinuousClock()
        var due = clock.now + .milliseconds(500)
        while let data = try file.read(upToCount: 1 << 20), !data.isEmpty {
            guard !Task.isCancelled, isWanted(source) else { return nil }
            index.read([UInt8](data))
            if clock.now >= due {
                due = clock.now + .milliseconds(500)
                inbox.post(.inspected(source, .listing(index.lines)))
            }
        }
        index.finish()
        return .listing(index.lines)
    }

    private func open(_ path: String) throws -> FileHandle {
        guard let file = FileHandle(forReadingAtPath: path) else {
            let reason = String(cString: strerror(errno))
            throw CommandFailure(errno == ENOENT ? .notFound : .failed, "cannot read \(path): \(reason)")
        }
        return file
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
            let file = try open(path)
            try file.seek(toOffset: range.lowerBound)
            let count = Int(min(UInt64(range.count), Self.chunkBytes))
            let data = try file.read(upToCount: count) ?? Data()
            return .media(id, DocumentInspection([UInt8](data)))
        default: return nil
        }
    }
}

/// Where the chunks of a file begin and end, while it streams by.
private struct ChunkIndex {
    private(set) var lines: [InspectorLine] = []
    private var reader = ChunkReader()
    private var start: UInt64?
    private var metadata: FragmentMetadata?

    mutating func read(_ bytes: [UInt8]) {
        for event in reader.read(bytes.span) { take(event) }
    }

    mutating func finish() {
        for event in reader.finish() { take(event) }
        end(at: reader.offset)
    }

    private mutating func take(_ event: ChunkEvent) {
        switch event {
        case .began(let offset):
            end(at: offset)
            start = offset
        case .ended(let summary): metadata = summary.metadata
        case .mediaBegan, .frame, .completed, .warning, .damage: break
        }
    }

    private mutating func end(at offset: UInt64) {
        defer { (start, metadata) = (nil, nil) }
        guard let start, start < offset else { return }
        let fragment = InspectedFragment(
            id: .bytes(start..<offset),
            metadata: metadata,
            duration: nil,
            size: Int(clamping: offset - start)
        )
        lines.append(.fragment(fragment))
    }
}
