import FragmentStorage
import HummingbirdCore
import KinesisVideo
import Logging
import NIOCore
import NIOHTTP1
import Synchronization

/// Reads the body of one PutMedia request into the store.
///
/// Whatever ends the reading, a fragment under way that is not whole is dropped.
struct PutMediaBodyReader {
    private let connection: IngestConnection
    private let exchange: PutMediaExchange
    private let faults: [RequestFaults.FragmentFault]
    private var ingest: PutMediaIngest
    private var pacer: MediaPacer?
    private var fragment = PutMediaExchange.FragmentUnderWay()
    /// Fragments that have been announced.
    private var announced = 0

    /// Creates a reader that has read nothing yet.
    ///
    /// - Parameters:
    ///   - connection: where the media goes.
    ///   - ingest: makes fragments of the bytes.
    ///   - pacer: slows the producer down, where that is wanted.
    ///   - faults: errors on purpose.
    ///   - exchange: where acknowledgements go.
    init(
        _ connection: IngestConnection,
        _ ingest: PutMediaIngest,
        pacer: MediaPacer?,
        faults: [RequestFaults.FragmentFault],
        _ exchange: PutMediaExchange
    ) {
        self.connection = connection
        self.ingest = ingest
        self.pacer = pacer
        self.faults = faults
        self.exchange = exchange
    }

    /// Reads until the body ends, fails or is cut off; pays or promises every acknowledgement on the way.
    mutating func read(_ body: RequestBody) async {
        defer { fragment.abandon() }
        do {
            for try await buffer in body { try await take(buffer) }
        } catch let error as StoreError {
            let reason: IngestionError = error.kind == .streamDeleted ? .streamNotActive : .archivalError
            exchange.fail(reason, "\(error)", fragment)
            fragment.abandon()
            // The rest is read and thrown away, so that the producer gets to read why.
            do { for try await _ in body {} } catch {}
            return
        } catch is CancellationError where exchange.progress.isCutOff.load(ordering: .acquiring) {
            // The fragment under way is completed below, where it is whole.
        } catch let error as HTTPParserError {
            // The producer may still read why; of the fragment under way nobody knows what was meant.
            return exchange.fail(.readFailed, "the body is broken: \(error)", fragment)
        } catch {
            exchange.logger.info(
                "producer gone",
                metadata: ["stream": "\(exchange.stream)", "error": "\(error)"]
            )
            return
        }
        guard !exchange.hasFailed else { return }
        do {
            // A body that fell silent ends here too: its open fragment is completed where it is whole.
            for action in ingest.finish() {
                if case .fail = action, Task.isCancelled { break }
                try await perform(action)
            }
        } catch {
            exchange.fail(.archivalError, "\(error)", fragment)
        }
    }

    private mutating func take(_ buffer: ByteBuffer) async throws {
        exchange.progress.isBusy.store(true, ordering: .relaxed)
        defer {
            exchange.progress.lastByte.withLock { $0 = .now }
            exchange.progress.isBusy.store(false, ordering: .releasing)
        }
        // After a failure the rest is read and thrown away, so that the producer gets to read why.
        guard !exchange.hasFailed else { return fragment.abandon() }
        let actions = ingest.read(buffer)
        for action in actions where !exchange.hasFailed { try await perform(action) }
        exchange.progress.underWay.withLock { [fragment] in $0 = fragment }
        // What is not read yet stays with the producer, which is slowed down by that.
        try await pacer?.moved(
            bytes: buffer.readableBytes,
            fragments: actions.count { if case .complete = $0 { true } else { false } }
        )
        await exchange.lines.room()
    }

    private mutating func perform(_ action: PutMediaIngest.Action) async throws {
        switch action {
        case .begin: fragment = .init(open: try await connection.beginFragment())
        case .announce(let timecode, let producerTimestamp, let header):
            announce(timecode: timecode, producerTimestamp, header)
        case .append(let part): fragment.open?.append(part)
        case .complete(let length, let frameCount):
            guard let open = fragment.open else { return }
            let receipt = try open.complete(length: length, frameCount: frameCount)
            exchange.acknowledge(.received, fragment)
            if receipt.isArchived { exchange.promise(receipt, timecode: fragment.timecode ?? 0) }
            fragment = .init()
        case .discard: fragment.abandon()
        case .fail(let error, let detail, let timecode):
            fragment.timecode = fragment.timecode ?? timecode
            exchange.fail(error, detail, fragment)
            fragment.abandon()
        }
    }

    private mutating func announce(timecode: UInt64, _ producerTimestamp: Timestamp, _ header: ByteBuffer) {
        guard let open = fragment.open else { return }
        fragment.timecode = timecode
        let metadata = FragmentMetadata(
            number: open.number,
            serverTimestamp: open.serverTimestamp,
            producerTimestamp: producerTimestamp
        )
        let tags = ByteBuffer(bytes: ChunkComposer.fragmentTags(metadata))
        open.announce(producerTimestamp: producerTimestamp, header: header, serviceTags: tags)
        exchange.acknowledge(.buffering, fragment)
        announced += 1
        if let fault = faults.first(where: { $0.fragment == announced }) {
            exchange.fail(fault.error, "says --faults", fragment)
            fragment.abandon()
        }
    }
}
