import Foundation
import FragmentStorage
import HTTPTypes
import HummingbirdCore
import KinesisVideo
import Logging
import NIOCore
import NIOHTTP1
import SigV4

/// Finds out who calls, finds the operation of the request and writes its answer.
struct ServiceResponder: Sendable {
    /// What is written back.
    enum Answer: Sendable {
        /// A whole body of JSON.
        case json(ByteBuffer)
        /// A whole body of figures for Prometheus.
        case metrics(ByteBuffer)
        /// Media without end, as long as somebody reads; the closure writes it.
        case media(WriteMedia)
        /// Media of unknown length that ends by itself; the closure writes it and returns at its end.
        case mediaList(WriteMedia)
        /// Acknowledgements while the request's body arrives.
        case acknowledgements(PutMediaSession)
    }

    /// Writes chunks to the body of an answer.
    typealias WriteMedia = @Sendable (inout any ResponseBodyWriter) async throws -> Void

    let store: FragmentStore
    let configuration: ServiceConfiguration
    let logger: Logger
    let clock: @Sendable () -> Timestamp
    let uploads = OpenUploads()
    /// Without slashes at its end, as whoever is given it appends a path.
    private let publicURL: String?
    let metrics = ServiceMetrics()
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
        publicURL = configuration.publicURL.map { String($0.reversed().drop { $0 == "/" }.reversed()) }
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
            metrics: metrics,
            quotas: quotas,
            clock: clock
        )
        statistics = StatisticsFeed(store: store)
    }

    /// Answers one request.
    func respond(to request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel) async throws
    {
        let found = ServiceRoute.find(request.method, request.uri.path)
        var note = RequestNote(found?.route)
        var logger = logger
        logger[metadataKey: "request"] = "\(note.id)"
        let answer: Answer
        let faults: RequestFaults
        do {
            let admitted = try await admit(request, found, &note, writer)
            faults = self.faults(admitted, logger)
            try await faults.hold()
            answer = try await self.answer(request, admitted, channel, logger)
        } catch {
            try await refuse(request, error, note, writer, channel, logger)
            return
        }
        metrics.count(.init(operation: note.operation, status: 200))
        do {
            try await write(answer, to: request, note.id, faults, writer, channel, logger)
            note.write(answer.isEndless ? "ended" : note.operation, status: 200, to: logger)
        } catch {
            note.write("ended", status: 200, error: "\(error)", to: logger)
            throw error
        }
    }

    /// Lets go of the figures of streams that are gone.
    func keepHouse() {
        _ = metrics.ledgers(of: store.streams.map(\.arn))
    }

    /// Answers what may be asked on the address of the metrics, where nothing else is served.
    func respondUnsigned(
        to request: Request,
        _ writer: consuming ResponseWriter,
        _ channel: any Channel
    ) async throws {
        let note = RequestNote(nil)
        let found = ServiceRoute.find(request.method, request.uri.path)?.route
        switch found {
        case .health?:
            let head = head(.ok, type: "application/json", note.id, length: Self.health.readableBytes)
            try await writer.write(response: head, body: ResponseBody(byteBuffer: Self.health))
        case .metrics?:
            let body = MetricsReport(store: store, metrics: metrics).body(for: AccessGrant(caller: "metrics"))
            let head = head(.ok, type: MetricsText.type, note.id, length: body.readableBytes)
            try await writer.write(response: head, body: ResponseBody(byteBuffer: body))
        default:
            var head = head(.notFound, type: "text/plain", note.id, length: 0)
            head.headerFields[.connection] = "close"
            try await writer.writeResponse(head)
            try await ConnectionEnd.closeAfterDraining(request.body, channel)
        }
    }

    private static let health = ByteBuffer(string: "{\"status\":\"ok\"}")

    private func write(
        _ answer: Answer,
        to request: Request,
        _ requestID: String,
        _ faults: RequestFaults,
        _ writer: consuming ResponseWriter,
        _ channel: any Channel,
        _ logger: Logger
    ) async throws {
        let cuts = faults.cuts
        switch answer {
        case .json where cuts.contains { $0.effect == .reset }:
            await InjectedReset.perform(on: channel)
            throw InjectedReset()
        case .json(let body):
            let head = head(.ok, type: "application/json", requestID, length: body.readableBytes)
            try await writer.write(response: head, body: ResponseBody(byteBuffer: body))
        case .metrics(let body):
            let head = head(.ok, type: MetricsText.type, requestID, length: body.readableBytes)
            try await writer.write(response: head, body: ResponseBody(byteBuffer: body))
        case .media(let write):
            // Only the one task below uses the writer.
            nonisolated(unsafe) let body = try await writer.writeHead(
                head(.ok, type: "video/webm", requestID)
            )
            try await DepartureHandler.run(on: channel) { try await Self.send(write, body, cuts, channel) }
        case .mediaList(let write):
            // Who has ended the sending side may well be waiting for all that was asked for.
            let body = try await writer.writeHead(head(.ok, type: "video/webm", requestID))
            try await Self.send(write, body, cuts, channel)
        case .acknowledgements(let session):
            uploads.begin()
            let hooks = PutMediaSession.Hooks(
                patience: configuration.patience,
                ledger: metrics.ledger(of: session.stream),
                uploads: uploads,
                clock: clock
            )
            // The session says so itself; twice counts once.
            defer { hooks.ended() }
            try await Self.continueIfExpected(request, writer)
            let body = try await writer.writeHead(head(.ok, type: "application/json", requestID))
            let media =
                cuts.isEmpty
                ? request.body
                : RequestBody(asyncSequence: CutRequestBody(base: request.body, cuts: cuts, channel: channel))
            try await session.failing(faults.acknowledgements).run(media, body, channel, logger, hooks)
        }
    }

    private static func send(
        _ write: WriteMedia,
        _ body: any ResponseBodyWriter,
        _ cuts: [MediaCut],
        _ channel: any Channel
    ) async throws {
        var media: any ResponseBodyWriter = cuts.isEmpty ? body : CutBodyWriter(body, cuts, channel)
        // Where a fault ends it, the body still ends in order.
        do { try await write(&media) } catch is CutBodyWriter.Ended {}
        try await media.finish(nil)
    }

    /// What goes wrong with a request; calls that only look at the service are left alone.
    private func faults(_ admitted: Admitted, _ logger: Logger) -> RequestFaults {
        guard let injection = configuration.faults, admitted.route.method == "POST" else {
            return RequestFaults([], logger)
        }
        let faults = injection.next(operation: admitted.route.operation, streams: admitted.streams)
        return RequestFaults(faults, logger)
    }

    private func answer(
        _ request: Request,
        _ admitted: Admitted,
        _ channel: any Channel,
        _ logger: Logger
    ) async throws -> Answer {
        switch admitted.route {
        case .health: return .json(Self.health)
        case .statistics: return .json(try statistics.body(for: admitted.grant))
        case .metrics:
            return .metrics(MetricsReport(store: store, metrics: metrics).body(for: admitted.grant))
        case .acknowledgements:
            let stream = try store.stream(StreamReference(name: admitted.stream))
            return .json(try JSONBody.encode(metrics.ledger(of: stream).log(at: clock())))
        case .putMedia:
            return .acknowledgements(
                try await PutMediaSession(request.headers, store: store, quotas: quotas, logger: logger)
            )
        default: break
        }
        let path = admitted.route.path
        if let media = try await responses.answer(path, { admitted.body }, logger) { return media }
        if let json = try await controlPlane.answer(
            path,
            endpoint: endpoint(of: request, channel),
            body: { admitted.body }
        ) {
            return .json(admitted.route == .listStreams ? try admitted.grant.filter(json) : json)
        }
        throw ServiceError.unknownOperation("POST \(path) is no operation")
    }

    /// URL that data calls go to: the one configured, else the one this request came to.
    ///
    /// Some producers leave the port out of Host, whatever it is; the listening port stands in.
    private func endpoint(of request: Request, _ channel: any Channel) -> String {
        if let publicURL { return publicURL }
        let scheme = configuration.tls == nil ? "http" : "https"
        let port = channel.localAddress?.port ?? configuration.port
        let authority = request.head.authority ?? configuration.host
        let hasPort = authority.hasSuffix("]") ? false : authority.split(separator: ":").count > 1
        return "\(scheme)://" + (hasPort ? authority : "\(authority):\(port)")
    }

    /// The head of an answer, with what every answer has.
    func head(_ status: HTTPResponse.Status, type: String, _ requestID: String, length: Int? = nil)
        -> HTTPResponse
    {
        var fields: HTTPFields = [
            .contentType: type, .amznRequestID: requestID, .date: HTTPDate.text(clock()),
        ]
        if let length { fields[.contentLength] = String(length) }
        return HTTPResponse(status: status, headerFields: fields)
    }
}

extension ServiceResponder.Answer {
    /// Whether the answer takes as long as somebody keeps it open.
    var isEndless: Bool {
        switch self {
        case .json, .metrics: false
        case .media, .mediaList, .acknowledgements: true
        }
    }
}

extension AccessGrant {
    /// Takes the streams that are out of reach from an answer of ListStreams; its pages may be short then.
    fileprivate func filter(_ answer: ByteBuffer) throws -> ByteBuffer {
        guard streamPrefixes != nil else { return answer }
        var output = try JSONDecoder().decode(ListStreams.Output.self, from: Data(answer.readableBytesView))
        output.streamInfoList.removeAll { !covers($0.streamName) }
        return try JSONBody.encode(output)
    }
}
