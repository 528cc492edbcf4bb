import FragmentStorage
import HTTPTypes
import HummingbirdCore
import KinesisVideo
import Logging
import NIOCore
import Synchronization

/// One PutMedia connection: the body goes through `PutMediaIngest` into the store, acknowledgements come back.
///
/// Three tasks: one reads the body, one waits for fragments to become durable in their order, one writes.
/// Source: 03 PutMedia.
struct PutMediaSession: Sendable {
    /// Why the body was not read to its end.
    private enum Interruption: Sendable {
        case silence, age, deletion
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
        defer { connection.close() }
        let exchange = PutMediaExchange(stream: stream.name, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await read(body, exchange, hooks) }
            group.addTask { await exchange.settle() }
            var writer = writer
            for await line in exchange.lines.lines {
                exchange.lines.written()
                hooks.note(line)
                guard acknowledges || line.event == .error else { continue }
                try await writer.write(ByteBuffer(string: line.line))
            }
            try await writer.finish(nil)
            hooks.ended()
            connection.close()
            guard exchange.hasFailed else { return }
            // The reading task goes on discarding: see `ConnectionEnd`.
            try? await channel.close(mode: .output)
            group.addTask { try await Task.sleep(for: .seconds(8)) }
            _ = try await group.next()
            _ = try await group.next()
            group.cancelAll()
            try? await channel.close()
        }
    }

    /// Reads the body until it ends, fails or is interrupted.
    private func read(_ body: RequestBody, _ exchange: PutMediaExchange, _ hooks: Hooks) async {
        let interruption = await withTaskGroup(of: Interruption?.self) { group in
            group.addTask { await watch(exchange, hooks) }
            group.addTask {
                let ingest = PutMediaIngest(timecodeType: timecodeType, startTimestamp: startTimestamp)
                var reader = PutMediaBodyReader(connection, ingest, pacer: pacer, faults: faults, exchange)
                await reader.read(body)
                return nil
            }
            let first = await group.next() ?? nil
            let fragment = exchange.progress.underWay.withLock { $0 }
            switch first {
            case .age:
                let words = "the connection is \(hooks.patience.age) old"
                exchange.fail(.connectionTooOld, words, fragment)
            case .deletion: exchange.fail(.streamNotActive, "the stream has been deleted", fragment)
            case .silence, nil:
                group.cancelAll()
                return first
            }
            // What is sent meanwhile is read and thrown away: see `run`.
            await group.waitForAll()
            return first
        }
        // Not an error for the producer, but the connection is not to be used again.
        if interruption == .silence { exchange.giveUp() }
        exchange.finish()
    }

    /// Says IDLE every five silent seconds and returns when the connection has to end.
    private func watch(_ exchange: PutMediaExchange, _ hooks: Hooks) async -> Interruption? {
        let progress = exchange.progress
        let start = ContinuousClock.now
        var nextIdle = Duration.seconds(5)
        while !Task.isCancelled {
            do { try await Task.sleep(for: .seconds(1)) } catch { return nil }
            if connection.stream.isDeleted { return .deletion }
            if hooks.isStopping { return cutOff(progress) }
            if exchange.hasFailed { continue }
            if start.duration(to: .now) >= hooks.patience.age { return .age }
            if progress.isBusy.load(ordering: .acquiring) { continue }
            let silence = progress.lastByte.withLock { $0.duration(to: .now) }
            if silence >= hooks.patience.silence { return cutOff(progress) }
            if silence < .seconds(5) { nextIdle = .seconds(5) }
            if silence >= nextIdle {
                exchange.lines.add(Acknowledgement(.idle))
                nextIdle += .seconds(5)
            }
        }
        return nil
    }

    private func cutOff(_ progress: PutMediaExchange.Progress) -> Interruption {
        progress.isCutOff.store(true, ordering: .releasing)
        return .silence
    }
}
