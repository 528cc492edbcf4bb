import Foundation
import FragmentStorage
import HTTPTypes
import HummingbirdCore
import KinesisVideo
import Logging
import NIOCore
import Synchronization

/// Finds the operation of a request and writes its answer.
struct ServiceResponder: Sendable {
    /// What is written back.
    enum Answer: Sendable {
        /// A whole body.
        case json(ByteBuffer)
        /// Media of unknown length; the closure writes it and returns at its end.
        case media(@Sendable (inout any ResponseBodyWriter) async throws -> Void)
        /// Acknowledgements while the request's body arrives.
        case acknowledgements(PutMediaSession)
    }

    private static let jsonLimit = 1 << 20

    let store: FragmentStore
    let configuration: ServiceConfiguration
    let logger: Logger
    let clock: @Sendable () -> Timestamp
    private let quotas: ServiceQuotas
    private let controlPlane: ControlPlane
    private let responses: MediaResponses
    private let statistics: StatisticsFeed

    init(
        store: FragmentStore,
        configuration: ServiceConfiguration,
        logger: Logger,
        transitions: StreamTransitions,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.configuration = configuration
        self.logger = logger
        self.clock = clock
        quotas = ServiceQuotas(configuration.limits, clock: clock)
        controlPlane = ControlPlane(
            store: store,
            configuration: configuration,
            quotas: quotas,
            transitions: transitions,
            clock: clock
        )
        responses = MediaResponses(
            store: store,
            delivery: configuration.liveDelivery,
            quotas: quotas,
            logger: logger,
            clock: clock
        )
        statistics = StatisticsFeed(store: store)
    }

    /// Answers one request.
    func respond(to request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel) async throws
    {
        let requestID = UUID().uuidString.lowercased()
        var logger = logger
        logger[metadataKey: "request"] = "\(requestID)"
        let answer: Answer
        do {
            answer = try await self.answer(request, channel, logger)
        } catch {
            try await refuse(request, error, requestID, writer, channel, logger)
            return
        }
        switch answer {
        case .json(let body):
            let head = head(.ok, type: "application/json", requestID, length: body.readableBytes)
            try await writer.write(response: head, body: ResponseBody(byteBuffer: body))
        case .media(let write):
            // Only the one task below uses the writer.
            nonisolated(unsafe) let body = try await writer.writeHead(
                head(.ok, type: "video/webm", requestID)
            )
            try await DepartureHandler.run(on: channel) {
                var media: any ResponseBodyWriter = body
                try await write(&media)
                try await media.finish(nil)
            }
        case .acknowledgements(let session):
            if request.headers[.expect]?.lowercased() == "100-continue" {
                try await writer.writeInformationalHead(HTTPResponse(status: .continue))
            }
            let body = try await writer.writeHead(head(.ok, type: "application/json", requestID))
            try await session.run(request.body, body, channel, logger)
        }
    }

    private func answer(_ request: Request, _ channel: any Channel, _ logger: Logger) async throws -> Answer {
        let path = request.uri.path
        if request.method == .get {
            switch path {
            case "/health": return .json(ByteBuffer(string: "{\"status\":\"ok\"}"))
            case ServiceStatistics.path: return .json(try statistics.body())
            default: throw ServiceError.unknownOperation("nothing is at GET \(path)")
            }
        }
        guard request.method == .post else {
            throw ServiceError.unknownOperation("\(request.method.rawValue) \(path) is no operation")
        }
        if path == "/putMedia" {
            return .acknowledgements(
                try await PutMediaSession(request.headers, store: store, quotas: quotas, logger: logger)
            )
        }
        if let media = try await responses.answer(path, { try await body(of: request) }, logger) {
            return media
        }
        if let json = try await controlPlane.answer(
            path,
            endpoint: endpoint(of: request, channel),
            body: { try await body(of: request) }
        ) {
            logger.info("\(path.dropFirst())")
            return .json(json)
        }
        throw ServiceError.unknownOperation("POST \(path) is no operation")
    }

    private func body(of request: Request) async throws -> ByteBuffer {
        do {
            return try await request.body.collect(upTo: Self.jsonLimit)
        } catch is NIOTooManyBytesError {
            throw ServiceError(
                name: "RequestEntityTooLargeException",
                status: 413,
                message: "the body has more than \(Self.jsonLimit) bytes"
            )
        }
    }

    /// URL that data calls go to: the one configured, else the one this request came to.
    ///
    /// Some producers leave the port out of Host, whatever it is; the listening port stands in.
    private func endpoint(of request: Request, _ channel: any Channel) -> String {
        if let url = configuration.publicURL { return url }
        let port = channel.localAddress?.port ?? configuration.port
        let authority = request.head.authority ?? configuration.host
        let hasPort = authority.hasSuffix("]") ? false : authority.split(separator: ":").count > 1
        return "http://" + (hasPort ? authority : "\(authority):\(port)")
    }

    private func head(_ status: HTTPResponse.Status, type: String, _ requestID: String, length: Int? = nil)
        -> HTTPResponse
    {
        var fields: HTTPFields = [
            .contentType: type, .amznRequestID: requestID, .date: HTTPDate.text(clock()),
        ]
        if let length { fields[.contentLength] = String(length) }
        return HTTPResponse(status: status, headerFields: fields)
    }
}

// MARK: - Errors

extension ServiceResponder {
    private func refuse(
        _ request: Request,
        _ error: any Error,
        _ requestID: String,
        _ writer: consuming ResponseWriter,
        _ channel: any Channel,
        _ logger: Logger
    ) async throws {
        let refusal = serviceError(error)
        logger.notice("refused", metadata: ["path": "\(request.uri.path.prefix(80))", "error": "\(refusal)"])
        let body = try ByteBuffer(
            bytes: JSONEncoder().encode(["Message": refusal.message, "__type": refusal.name])
        )
        var head = head(
            .init(code: refusal.status),
            type: "application/json",
            requestID,
            length: body.readableBytes
        )
        head.headerFields[.amznErrorType] = refusal.name
        // A body that is still on its way would keep the connection busy for ever.
        let isUpload = request.headers[.transferEncoding] != nil || refusal.status == 413
        if isUpload { head.headerFields[.connection] = "close" }
        try await writer.write(response: head, body: ResponseBody(byteBuffer: body))
        if isUpload { try await ConnectionEnd.closeAfterDraining(request.body, channel) }
    }

    /// Every error becomes one the service has a name for, in this one place.
    private func serviceError(_ error: any Error) -> ServiceError {
        switch error {
        case let error as ServiceError: return error
        case let error as StoreError where error.kind == .streamDeleted:
            return .notFound("the stream has been deleted")
        case let error as StoreError where error.kind == .streamExists: return .inUse("the name is taken")
        case let error as StoreError where error.kind == .invalidToken:
            return .invalidArgument("the token is none of this service's")
        default:
            logger.error("internal failure", metadata: ["error": "\(error)"])
            return .internalFailure("the service failed: \(error)")
        }
    }
}

/// How a connection ends whose request body is not wanted any more.
enum ConnectionEnd {
    /// Shuts down the sending side, then reads and discards until the client closes, eight seconds at most.
    ///
    /// A plain close with unread data makes the kernel send RST, which destroys what the client has not read yet.
    static func closeAfterDraining(_ body: RequestBody, _ channel: any Channel) async throws {
        try? await channel.close(mode: .output)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    for try await _ in body {}
                } catch {
                    // The client is gone: nothing is left to drain.
                }
            }
            group.addTask { try? await Task.sleep(for: .seconds(8)) }
            await group.next()
            group.cancelAll()
        }
        try? await channel.close()
    }
}

extension HTTPField.Name {
    private static func named(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("'\(name)' is a legal field name.") }
        return name
    }

    static let amznRequestID = named("x-amzn-RequestId")
    static let amznErrorType = named("x-amzn-ErrorType")
    static let amznStreamName = named("x-amzn-stream-name")
    static let amznStreamARN = named("x-amzn-stream-arn")
    static let amznTimecodeType = named("x-amzn-fragment-timecode-type")
    static let amznStartTimestamp = named("x-amzn-producer-start-timestamp")
    static let amznAcknowledgment = named("x-amzn-fragment-acknowledgment-required")
}

/// The feed for monitors: made at most twice a second, however many ask.
final class StatisticsFeed: Sendable {
    private let store: FragmentStore
    /// Ages are measured on a clock that nobody sets back.
    private let cache = Mutex<(made: ContinuousClock.Instant, body: ByteBuffer)?>(nil)

    init(store: FragmentStore) {
        self.store = store
    }

    func body() throws -> ByteBuffer {
        let now = ContinuousClock.now
        let cached = cache.withLock { $0 }
        if let cached, cached.made.duration(to: now) < .milliseconds(500) { return cached.body }
        let body = try ByteBuffer(bytes: JSONEncoder().encode(store.statistics()))
        cache.withLock { $0 = (now, body) }
        return body
    }
}
