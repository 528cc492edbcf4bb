public import KinesisVideo
public import KinesisVideoClient
import Synchronization

/// Makes the PutMedia connections of one stream.
public protocol MediaTransport: Sendable {
    /// Fetches the credentials for the next connection.
    ///
    /// - Returns: how long they are good for; nil for ever.
    func lifetime() async throws -> Duration?

    /// Sends a body and reads acknowledgements while it goes.
    ///
    /// - Parameters:
    ///   - startTimestamp: what relative times count from.
    ///   - isAbsolute: true where Cluster times are times of day.
    ///   - body: the media.
    /// - Returns: the acknowledgements, ended by the service.
    /// - Throws: what keeps the connection from being made.
    func open(startTimestamp: Timestamp, isAbsolute: Bool, body: ConnectionBody) async throws
        -> any AsyncSequence<Acknowledgement, any Error> & Sendable

    /// Forgets where the stream's media goes, after a failure.
    func forget() async

    /// True where a connection that failed like this may be made a little later.
    func isWorthRetrying(_ error: any Error) -> Bool
}

/// Connections of the service's own client.
public final class ClientTransport: MediaTransport {
    /// A client with new credentials, and how long those are good for.
    public typealias Renewal = @Sendable () async throws -> (client: ServiceClient, lifetime: Duration?)

    private let stream: StreamReference
    private let renewal: Renewal?
    private let client: Mutex<ServiceClient?>

    /// Uses one client all the time.
    public init(client: ServiceClient, stream: StreamReference) {
        self.stream = stream
        self.client = Mutex(client)
        renewal = nil
    }

    /// Asks for a client ahead of every connection, as temporary credentials need it.
    public init(stream: StreamReference, renewing renewal: @escaping Renewal) {
        self.stream = stream
        self.renewal = renewal
        client = Mutex(nil)
    }

    /// Fetches the client for the next connection.
    ///
    /// - Returns: how long its credentials are good for; nil for ever.
    public func lifetime() async throws -> Duration? {
        guard let renewal else { return nil }
        let (renewed, lifetime) = try await renewal()
        client.withLock { $0 = renewed }
        return lifetime
    }

    /// Sends media to the stream's data endpoint.
    ///
    /// - Throws: ClientError, `CancellationError`.
    public func open(startTimestamp: Timestamp, isAbsolute: Bool, body: ConnectionBody) async throws
        -> any AsyncSequence<Acknowledgement, any Error> & Sendable
    {
        guard let client = client.withLock({ $0 }) else { throw CancellationError() }
        return try await client.putMedia(
            stream,
            startTimestamp: startTimestamp,
            isAbsolute: isAbsolute,
            at: try await client.dataEndpoint(.putMedia, of: stream),
            body: body
        )
    }

    /// Asks for the data endpoint anew next time.
    public func forget() async {
        client.withLock { $0 }?.forgetDataEndpoints(of: stream)
    }

    /// True where the service, or who gives out credentials, is away or too busy, or new credentials may help.
    ///
    /// Source: 03 PutMedia, "Response".
    public func isWorthRetrying(_ error: any Error) -> Bool {
        switch error as? ClientError {
        case .service(let error): error.isRetryable || (renewal != nil && error.isDenied)
        case .some(let error): error.isRetryable
        case nil: renewal != nil
        }
    }
}
