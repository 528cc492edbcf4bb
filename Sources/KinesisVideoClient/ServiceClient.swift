import AsyncHTTPClient
import Foundation
import HTTPTypes
public import KinesisVideo
public import NIOCore
import NIOHTTP1
import NIOSSL
import SigV4
import Synchronization

/// Calls the service, an embedded one or the real one.
///
/// Signs what it sends where the endpoint has credentials, corrects its clock by the server's where a signature is
/// refused for skew, and asks for data endpoints once in 45 minutes. Only `putMedia` leaves it to its caller to try again.
///
/// ```swift
/// let client = ServiceClient(endpoint: Endpoint(url: "http://127.0.0.1:7070"))
/// let streams = try await client.call(ListStreams.self, ListStreams.Input())
/// ```
/// Call `shutdown()` at the end.
public final class ServiceClient: Sendable {
    /// Where the service is and who asks.
    public let endpoint: Endpoint

    private struct State {
        var dataEndpoints: [DataEndpointKey: (url: String, asked: ContinuousClock.Instant)] = [:]
        /// Seconds that the server's clock is ahead of this machine's, as its Date headers say.
        var clockOffset: Int64?
    }

    private struct DataEndpointKey: Hashable {
        var stream: StreamReference
        var operation: DataOperation
    }

    private let http: HTTPClient
    private let state = Mutex(State())

    /// Creates a client that has not connected yet.
    public init(endpoint: Endpoint) {
        self.endpoint = endpoint
        var configuration = HTTPClient.Configuration()
        configuration.httpVersion = .http1Only
        configuration.timeout.connect = .seconds(5)
        if let file = endpoint.caFile {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .file(file)
            configuration.tlsConfiguration = tls
        }
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Runs `body` with a client that is closed afterwards.
    public static func with<Result: Sendable>(
        endpoint: Endpoint,
        _ body: @Sendable (ServiceClient) async throws -> Result
    ) async throws -> Result {
        let client = ServiceClient(endpoint: endpoint)
        do {
            let result = try await body(client)
            await client.shutdown()
            return result
        } catch {
            await client.shutdown()
            throw error
        }
    }

    /// Closes idle connections; the client is not usable afterwards.
    public func shutdown() async {
        // Only a second call fails.
        try? await http.shutdown()
    }

    /// Seconds that the server's clock is ahead of this machine's; nil before the first answer.
    ///
    /// The Date header has whole seconds: the figure is right to about one.
    public var clockOffset: Int64? {
        state.withLock { $0.clockOffset }
    }

    // MARK: Calls

    /// Calls an operation that answers with JSON.
    ///
    /// - Parameters:
    ///   - operation: which call.
    ///   - input: what is asked.
    ///   - url: where; nil for the control plane.
    /// - Returns: the answer.
    /// - Throws: ClientError, `CancellationError`.
    public func call<Operation: ServiceOperation>(
        _ operation: Operation.Type,
        _ input: Operation.Input,
        at url: String? = nil
    ) async throws -> Operation.Output {
        let body = try await open(operation.path, input, at: url ?? endpoint.url)
        let data = try await body.collect()
        do {
            return try JSONDecoder().decode(Operation.Output.self, from: data)
        } catch {
            throw ClientError.unexpectedAnswer(
                "\(operation.path.dropFirst()) did not answer with its JSON object"
            )
        }
    }

    /// Calls an operation that answers with media.
    ///
    /// - Parameters:
    ///   - operation: which call.
    ///   - input: what is asked.
    ///   - url: the data endpoint.
    /// - Returns: the body, its head read.
    /// - Throws: ClientError, `CancellationError`; the body throws the same while it is read.
    public func media<Operation: ServiceOperation>(
        _ operation: Operation.Type,
        _ input: Operation.Input,
        at url: String
    ) async throws -> MediaBody {
        try await open(operation.path, input, at: url)
    }

    /// Where a media call of a stream goes; asked once in 45 minutes.
    public func dataEndpoint(_ operation: DataOperation, of stream: StreamReference) async throws -> String {
        let key = DataEndpointKey(stream: stream, operation: operation)
        if let known = state.withLock({ $0.dataEndpoints[key] }),
            known.asked.duration(to: .now) < .seconds(45 * 60)
        {
            return known.url
        }
        let input = GetDataEndpoint.Input(stream, apiName: operation.rawValue)
        let url = try await call(GetDataEndpoint.self, input).dataEndpoint
        state.withLock { $0.dataEndpoints[key] = (url, .now) }
        return url
    }

    /// Forgets where media calls of a stream go; call it after any of them failed.
    public func forgetDataEndpoints(of stream: StreamReference) {
        state.withLock { state in
            state.dataEndpoints = state.dataEndpoints.filter { $0.key.stream != stream }
        }
    }

    /// The statistics feed of an embedded service.
    ///
    /// - Throws: ClientError, where the endpoint has no feed an `unknownOperation` among them.
    public func statistics() async throws -> ServiceStatistics {
        try await report(at: ServiceStatistics.path)
    }

    /// The newest acknowledgements of a stream, which an embedded service keeps.
    ///
    /// - Parameter stream: name of the stream.
    /// - Returns: what the service has told producers of the stream since it started.
    /// - Throws: ClientError, where the endpoint has no such report an `unknownOperation` among them.
    public func acknowledgements(of stream: String) async throws -> AcknowledgementLog {
        try await report(at: AcknowledgementLog.path(of: stream))
    }

    private func report<Report: Decodable>(at path: String) async throws -> Report {
        let response = try await correctingClock {
            var request = HTTPClientRequest(url: endpoint.url + path)
            request.headers.add(name: "accept", value: "application/json")
            try sign(&request, payload: .empty, options: .json)
            return try await execute(request)
        }
        let data = try await MediaBody(response.body, url: endpoint.url).collect()
        guard let report = try? JSONDecoder().decode(Report.self, from: data) else {
            throw ClientError.unexpectedAnswer("\(path) is no report of this service")
        }
        return report
    }

    /// Sends media and reads acknowledgements while it goes.
    ///
    /// A signature that is refused for skew is not sent anew, as the media may have begun: the error is thrown, and the
    /// next call has the server's clock.
    ///
    /// - Parameters:
    ///   - stream: which stream, by name or by ARN.
    ///   - startTimestamp: the producer's start, which relative times count from.
    ///   - isAbsolute: whether Cluster times are times of day.
    ///   - url: the data endpoint.
    ///   - body: the media; asked for the next piece when the one before has gone.
    /// - Returns: the acknowledgements, ended by the service.
    /// - Throws: ClientError where the request is refused.
    public func putMedia(
        _ stream: StreamReference,
        startTimestamp: Timestamp,
        isAbsolute: Bool,
        at url: String,
        body: some AsyncSequence<ByteBuffer, any Error> & Sendable
    ) async throws -> AcknowledgementSequence {
        var request = HTTPClientRequest(url: url + "/putMedia")
        request.method = .POST
        if let name = stream.name {
            request.headers.add(name: "x-amzn-stream-name", value: name)
        } else if let arn = stream.arn {
            request.headers.add(name: "x-amzn-stream-arn", value: arn)
        }
        request.headers.add(
            name: "x-amzn-fragment-timecode-type",
            value: isAbsolute ? "ABSOLUTE" : "RELATIVE"
        )
        request.headers.add(name: "x-amzn-producer-start-timestamp", value: startTimestamp.decimalSeconds)
        request.headers.add(name: "x-amzn-fragment-acknowledgment-required", value: "1")
        try sign(&request, payload: .unsigned, options: .putMedia)
        request.body = .stream(body, length: .unknown)
        let response = try await execute(request)
        return AcknowledgementSequence(MediaBody(response.body, url: url))
    }

    // MARK: HTTP

    private func open(
        _ path: String,
        _ input: some Encodable,
        at url: String
    ) async throws -> MediaBody {
        let body = try JSONEncoder().encode(input)
        return try await correctingClock { try await post(body, to: url + path, base: url) }
    }

    /// Makes a call, and once more where its signature was refused: the refusal brought the server's clock.
    private func correctingClock<Answer>(_ call: () async throws -> Answer) async throws -> Answer {
        do {
            return try await call()
        } catch ClientError.service(let error)
            where error.name == "InvalidSignatureException" && clockOffset ?? 0 != 0
        {
            return try await call()
        }
    }

    private func post(_ body: Data, to url: String, base: String) async throws -> MediaBody {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        try sign(&request, payload: PayloadHash(sha256Of: body), options: .json)
        request.body = .bytes(ByteBuffer(bytes: body))
        let response = try await execute(request)
        return MediaBody(response.body, url: base)
    }

    private func sign(_ request: inout HTTPClientRequest, payload: PayloadHash, options: SigningOptions)
        throws
    {
        guard let credentials = endpoint.credentials else { return }
        guard let url = URL(string: request.url), let host = url.host, let scheme = url.scheme else {
            throw ClientError.unexpectedAnswer("'\(request.url)' is no URL")
        }
        let authority = RequestSigner.authority(host: host, port: url.port, scheme: scheme)
        let method = HTTPRequest.Method(request.method.rawValue) ?? .post
        var unsigned = HTTPRequest(method: method, scheme: scheme, authority: authority, path: url.path)
        for (name, value) in request.headers {
            guard let field = HTTPField.Name(name) else { continue }
            unsigned.headerFields.append(HTTPField(name: field, value: value))
        }
        let now = Int64(Date().timeIntervalSince1970) + (clockOffset ?? 0)
        let signed = try RequestSigner(credentials: credentials, region: endpoint.region)
            .sign(unsigned, payload: payload, at: SigningTime(secondsSince1970: now), options: options)
        request.headers = HTTPHeaders(signed.request.headerFields.map { ($0.name.rawName, $0.value) })
        request.headers.replaceOrAdd(name: "host", value: authority)
    }

    /// Sends a request and reads the head of its answer, for 20 seconds at most; the body takes as long as it takes.
    private func execute(_ request: HTTPClientRequest) async throws -> HTTPClientResponse {
        let response: HTTPClientResponse
        do {
            response = try await http.execute(request, timeout: .seconds(20))
        } catch {
            throw MediaBody.clientError(error, url: request.url)
        }
        noteClock(response.headers.first(name: "date"))
        guard response.status != .ok else { return response }
        let body = try await MediaBody(response.body, url: request.url).collect()
        throw ClientError.service(Self.serviceError(response, body))
    }

    private func noteClock(_ date: String?) {
        guard let server = date.flatMap({ SigningTime(httpDate: $0) }) else { return }
        let offset = server.secondsSince1970 - Int64(Date().timeIntervalSince1970)
        state.withLock { $0.clockOffset = offset }
    }

    private struct ErrorBody: Decodable {
        var type: String?
        var message: String?

        private struct Key: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            func text(_ names: String...) -> String? {
                names.lazy.compactMap { try? container.decode(String.self, forKey: Key(stringValue: $0)) }
                    .first
            }
            type = text("__type", "code")
            message = text("Message", "message")
        }
    }

    private static func serviceError(_ response: HTTPClientResponse, _ body: Data) -> ServiceError {
        let decoded = try? JSONDecoder().decode(ErrorBody.self, from: body)
        let named = response.headers.first(name: "x-amzn-errortype") ?? decoded?.type
        // The name may stand before a colon with a URL, or behind a hash with a namespace.
        let name = named?.split(separator: ":").first?.split(separator: "#").last.map(String.init)
        return ServiceError(
            name: name ?? "HTTP \(response.status.code)",
            status: Int(response.status.code),
            message: decoded?.message ?? response.status.reasonPhrase,
            requestID: response.headers.first(name: "x-amzn-requestid")
        )
    }
}
