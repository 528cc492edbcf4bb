import FragmentStorage
import HTTPTypes
import HummingbirdCore
import KinesisVideo
import Logging
import NIOCore
import NIOHTTP1
import Synchronization

/// One PutMedia connection: the body goes through `PutMediaIngest` into the store, acknowledgements come back.
///
/// Three tasks: one reads the body, one waits for fragments to become durable in their order, one writes.
/// Source: 03 PutMedia.
struct PutMediaSession: Sendable {
    /// What is owed to the producer for a complete fragment, or in place of it.
    private enum Debt: Sendable {
        case persisted(timecode: UInt64, FragmentReceipt)
        case failure(Acknowledgement, detail: String)
    }

    /// Why the body was not read to its end.
    private enum Interruption: Sendable {
        case silence, age, deletion
    }

    /// Shared by the tasks of a session.
    private final class Progress: Sendable {
        let lastByte = Mutex(ContinuousClock.now)
        /// True while the service works on what has come, or waits for its own disk: the producer is not silent then.
        let isBusy = Atomic(false)
        /// True once reading is cut off where it stands, as if the body ended there.
        let isCutOff = Atomic(false)
        let hasFailed = Atomic(false)
        /// The fragment that the last bytes belong to.
        let underWay = Mutex(FragmentUnderWay())
        /// Fragments that have been announced.
        let fragments = Atomic(0)

        var fragment: FragmentUnderWay { underWay.withLock { $0 } }
    }

    private let connection: IngestConnection
    private let timecodeType: PutMediaIngest.TimecodeType
    private let startTimestamp: Timestamp
    private let acknowledges: Bool
    private let pacer: MediaPacer?
    private var faults: [RequestFaults.FragmentFault] = []

    /// Checks the head of a request and takes one of the stream's connections.
    ///
    /// - Throws: the ServiceError that answers the request instead.
    init(
        _ headers: HTTPFields,
        store: FragmentStore,
        quotas: ServiceQuotas,
        logger: Logger
    ) async throws {
        let reference = StreamReference(name: headers[.amznStreamName], arn: headers[.amznStreamARN])
        guard (reference.name == nil) != (reference.arn == nil) else {
            throw ServiceError.invalidArgument("give exactly one of x-amzn-stream-name and x-amzn-stream-arn")
        }
        try reference.validate()
        let type = headers[.amznTimecodeType] ?? ""
        guard let timecodeType = PutMediaIngest.TimecodeType(rawValue: type) else {
            throw ServiceError.invalidArgument(
                "x-amzn-fragment-timecode-type is '\(type.prefix(20))', wanted ABSOLUTE or RELATIVE"
            )
        }
        let start = headers[.amznStartTimestamp] ?? ""
        guard let startTimestamp = Self.startTimestamp(start) else {
            throw ServiceError.invalidArgument(
                "x-amzn-producer-start-timestamp is '\(start.prefix(40))', wanted seconds since 1970"
            )
        }
        let acknowledgment = headers[.amznAcknowledgment] ?? "1"
        guard acknowledgment == "1" || acknowledgment == "0" else {
            throw ServiceError.invalidArgument("x-amzn-fragment-acknowledgment-required is neither 0 nor 1")
        }
        self.timecodeType = timecodeType
        self.startTimestamp = startTimestamp
        acknowledges = acknowledgment == "1"
        let stream = try store.stream(reference)
        try quotas.admit(CallQuota.putMediaPath, arn: stream.arn)
        pacer = quotas.pacer(CallQuota.putMediaPath)
        connection = try await stream.openConnection()
        guard stream.connectionCount <= ServiceLimits.producerConnections else {
            connection.close()
            throw ServiceError.connectionLimit(
                "stream '\(stream.name)' has \(ServiceLimits.producerConnections) producers already"
            )
        }
        logger.info("putMedia", metadata: ["stream": "\(stream.name)", "timecodes": "\(type)"])
    }

    /// Decimal seconds, a sign allowed; what is out of range is refused with the first fragment, not here.
    private static func startTimestamp(_ text: String) -> Timestamp? {
        if let timestamp = Timestamp(decimalSeconds: text) { return timestamp }
        // The library would read hexadecimal digits and names as well. What is too large for it is infinite.
        guard text.allSatisfy({ "0123456789.+-eE".contains($0) }), let seconds = Double(text), !seconds.isNaN
        else { return nil }
        return Timestamp(seconds: seconds) ?? ServiceLimits.endOfTime
    }

    /// The same session, in which the producer is told of errors on purpose.
    func failing(_ faults: [RequestFaults.FragmentFault]) -> PutMediaSession {
        var session = self
        session.faults = faults
        return session
    }

    /// Where the media goes.
    var stream: StoredStream { connection.stream }

    /// Serves the connection until its response body has ended.
    func run(
        _ body: RequestBody,
        _ writer: any ResponseBodyWriter,
        _ channel: any Channel,
        _ logger: Logger,
        _ hooks: Hooks
    ) async throws {
        defer { hooks.ended() }
        let lines = AcknowledgementQueue()
        let (debts, debtSink) = AsyncStream.makeStream(of: Debt.self)
        let progress = Progress()
        defer { connection.close() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await read(body, lines, debtSink, progress, logger, hooks)
            }
            group.addTask {
                await settle(debts, debtSink, lines, progress, logger)
                lines.finish()
            }
            var writer = writer
            for await line in lines.lines {
                lines.written()
                hooks.note(line)
                guard acknowledges || line.event == .error else { continue }
                try await writer.write(ByteBuffer(string: line.line))
            }
            try await writer.finish(nil)
            hooks.ended()
            connection.close()
            guard progress.hasFailed.load(ordering: .acquiring) else { return }
            // The reading task goes on discarding: see `ConnectionEnd`.
            try? await channel.close(mode: .output)
            group.addTask { try await Task.sleep(for: .seconds(8)) }
            _ = try await group.next()
            _ = try await group.next()
            group.cancelAll()
            try? await channel.close()
        }
    }
}

// MARK: - Tasks

extension PutMediaSession {
    /// Reads the body until it ends, fails or is interrupted; pays or promises every acknowledgement on the way.
    private func read(
        _ body: RequestBody,
        _ lines: AcknowledgementQueue,
        _ debts: AsyncStream<Debt>.Continuation,
        _ progress: Progress,
        _ logger: Logger,
        _ hooks: Hooks
    ) async {
        let interruption = await withTaskGroup(of: Interruption?.self) { group in
            group.addTask { await watch(lines, progress, hooks) }
            group.addTask {
                await consume(body, lines, debts, progress, logger)
                return nil
            }
            let first = await group.next() ?? nil
            switch first {
            case .age:
                let words = "the connection is \(hooks.patience.age) old"
                fail(.connectionTooOld, words, progress.fragment, debts, progress)
            case .deletion:
                fail(.streamNotActive, "the stream has been deleted", progress.fragment, debts, progress)
            case .silence, nil:
                group.cancelAll()
                return first
            }
            // What is sent meanwhile is read and thrown away: see `run`.
            await group.waitForAll()
            return first
        }
        // Not an error for the producer, but the connection is not to be used again.
        if interruption == .silence { progress.hasFailed.store(true, ordering: .releasing) }
        debts.finish()
    }

    /// Says IDLE every five silent seconds and returns when the connection has to end.
    private func watch(
        _ lines: AcknowledgementQueue,
        _ progress: Progress,
        _ hooks: Hooks
    ) async -> Interruption? {
        let start = ContinuousClock.now
        var nextIdle = Duration.seconds(5)
        while !Task.isCancelled {
            do { try await Task.sleep(for: .seconds(1)) } catch { return nil }
            if connection.stream.isDeleted { return .deletion }
            if hooks.isStopping { return cutOff(progress) }
            if progress.hasFailed.load(ordering: .acquiring) { continue }
            if start.duration(to: .now) >= hooks.patience.age { return .age }
            if progress.isBusy.load(ordering: .acquiring) { continue }
            let silence = progress.lastByte.withLock { $0.duration(to: .now) }
            if silence >= hooks.patience.silence { return cutOff(progress) }
            if silence < .seconds(5) { nextIdle = .seconds(5) }
            if silence >= nextIdle {
                lines.add(Acknowledgement(.idle))
                nextIdle += .seconds(5)
            }
        }
        return nil
    }

    private func cutOff(_ progress: Progress) -> Interruption {
        progress.isCutOff.store(true, ordering: .releasing)
        return .silence
    }

    private func consume(
        _ body: RequestBody,
        _ lines: AcknowledgementQueue,
        _ debts: AsyncStream<Debt>.Continuation,
        _ progress: Progress,
        _ logger: Logger
    ) async {
        var ingest = PutMediaIngest(timecodeType: timecodeType, startTimestamp: startTimestamp)
        var fragment = FragmentUnderWay()
        var pacer = pacer
        do {
            for try await buffer in body {
                progress.isBusy.store(true, ordering: .relaxed)
                defer {
                    progress.lastByte.withLock { $0 = .now }
                    progress.isBusy.store(false, ordering: .releasing)
                }
                // After a failure the rest is read and thrown away, so that the producer gets to read why.
                guard !progress.hasFailed.load(ordering: .acquiring) else {
                    fragment.open?.abort()
                    fragment = FragmentUnderWay()
                    continue
                }
                let actions = ingest.read(buffer)
                for action in actions {
                    guard !progress.hasFailed.load(ordering: .acquiring) else { break }
                    try await perform(action, &fragment, lines, debts, progress)
                }
                progress.underWay.withLock { $0 = fragment }
                // What is not read yet stays with the producer, which is slowed down by that.
                try await pacer?.moved(
                    bytes: buffer.readableBytes,
                    fragments: actions.count { if case .complete = $0 { true } else { false } }
                )
                await lines.room()
            }
        } catch let error as StoreError {
            let reason: IngestionError = error.kind == .streamDeleted ? .streamNotActive : .archivalError
            fail(reason, "\(error)", fragment, debts, progress)
            do { for try await _ in body {} } catch {}
            return
        } catch is CancellationError where progress.isCutOff.load(ordering: .acquiring) {
            // The fragment under way is completed below, where it is whole.
        } catch let error as HTTPParserError {
            // The producer may still read why; of the fragment under way nobody knows what was meant.
            fail(.readFailed, "the body is broken: \(error)", fragment, debts, progress)
            fragment.open?.abort()
            return
        } catch {
            logger.info(
                "producer gone",
                metadata: ["stream": "\(connection.stream.name)", "error": "\(error)"]
            )
            fragment.open?.abort()
            return
        }
        guard !progress.hasFailed.load(ordering: .acquiring) else {
            fragment.open?.abort()
            return
        }
        do {
            // A body that fell silent ends here too: its open fragment is completed where it is whole.
            for action in ingest.finish() {
                if case .fail = action, Task.isCancelled { break }
                try await perform(action, &fragment, lines, debts, progress)
            }
            fragment.open?.abort()
        } catch {
            fail(.archivalError, "\(error)", fragment, debts, progress)
        }
    }

    /// The fragment between its first byte and its last.
    private struct FragmentUnderWay: Sendable {
        var open: OpenFragment?
        var timecode: UInt64?
    }

    private func perform(
        _ action: PutMediaIngest.Action,
        _ fragment: inout FragmentUnderWay,
        _ lines: AcknowledgementQueue,
        _ debts: AsyncStream<Debt>.Continuation,
        _ progress: Progress
    ) async throws {
        switch action {
        case .begin:
            fragment = FragmentUnderWay(open: try await connection.beginFragment())
        case .announce(let timecode, let producerTimestamp, let header):
            guard let open = fragment.open else { return }
            fragment.timecode = timecode
            let metadata = FragmentMetadata(
                number: open.number,
                serverTimestamp: open.serverTimestamp,
                producerTimestamp: producerTimestamp
            )
            let tags = ByteBuffer(bytes: ChunkComposer.fragmentTags(metadata))
            open.announce(producerTimestamp: producerTimestamp, header: header, serviceTags: tags)
            lines.add(acknowledgement(.buffering, fragment))
            let count = progress.fragments.add(1, ordering: .relaxed).newValue
            if let fault = faults.first(where: { $0.fragment == count }) {
                fail(fault.error, "says --faults", fragment, debts, progress)
                fragment.open?.abort()
                fragment = FragmentUnderWay()
            }
        case .append(let part): fragment.open?.append(part)
        case .complete(let length, let frameCount):
            guard let open = fragment.open else { return }
            let receipt = try open.complete(length: length, frameCount: frameCount)
            lines.add(acknowledgement(.received, fragment))
            if receipt.isArchived { debts.yield(.persisted(timecode: fragment.timecode ?? 0, receipt)) }
            fragment = FragmentUnderWay()
        case .discard:
            fragment.open?.abort()
            fragment = FragmentUnderWay()
        case .fail(let error, let detail, let timecode):
            fragment.timecode = fragment.timecode ?? timecode
            fail(error, detail, fragment, debts, progress)
            fragment.open?.abort()
            fragment = FragmentUnderWay()
        }
    }

    /// Pays the debts in the order of their fragments; an error comes last and ends the session.
    ///
    /// Fragments behind one that could not be archived may be on the disk already: they are told of before the error.
    private func settle(
        _ debts: AsyncStream<Debt>,
        _ debtSink: AsyncStream<Debt>.Continuation,
        _ lines: AcknowledgementQueue,
        _ progress: Progress,
        _ logger: Logger
    ) async {
        var refusal: Acknowledgement?
        defer { if let refusal { lines.add(refusal) } }
        for await debt in debts {
            switch debt {
            case .persisted(let timecode, let receipt):
                let number = receipt.info.number
                do {
                    try await receipt.persisted()
                    lines.add(
                        Acknowledgement(.persisted, timecode: Int64(clamping: timecode), number: number)
                    )
                } catch {
                    logger.error("not archived", metadata: ["fragment": "\(number)", "error": "\(error)"])
                    progress.hasFailed.store(true, ordering: .releasing)
                    guard refusal == nil else { continue }
                    let timecode = Int64(clamping: timecode)
                    refusal = Acknowledgement(
                        .error,
                        timecode: timecode,
                        number: number,
                        error: .archivalError
                    )
                    debtSink.finish()
                }
            case .failure(let line, let detail):
                guard refusal == nil else { return }
                logger.notice(
                    "putMedia refused",
                    metadata: ["stream": "\(connection.stream.name)", "detail": "\(detail)"]
                )
                lines.add(line)
                return
            }
        }
    }

    private func fail(
        _ error: IngestionError,
        _ detail: String,
        _ fragment: FragmentUnderWay?,
        _ debts: AsyncStream<Debt>.Continuation,
        _ progress: Progress
    ) {
        guard !progress.hasFailed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        var line = Acknowledgement(.error, error: error)
        if let fragment, fragment.timecode != nil { line = acknowledgement(.error, fragment, error) }
        debts.yield(.failure(line, detail: detail))
        debts.finish()
    }

    private func acknowledgement(
        _ event: Acknowledgement.Event,
        _ fragment: FragmentUnderWay,
        _ error: IngestionError? = nil
    ) -> Acknowledgement {
        let timecode = fragment.timecode.map { Int64(clamping: $0) }
        return Acknowledgement(event, timecode: timecode, number: fragment.open?.number, error: error)
    }
}
