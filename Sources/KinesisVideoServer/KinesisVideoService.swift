public import FragmentStorage
import HummingbirdCore
public import KinesisVideo
public import Logging
import NIOCore
import NIOPosix

/// The service over HTTP/1.1 on one store.
///
/// ```
/// ServiceChannel > ServiceResponder > ControlPlane
///                                   > PutMediaSession > PutMediaIngest > FragmentStorage
///                                   > MediaResponses  < FragmentCursor < FragmentStorage
/// ```
public struct KinesisVideoService: Sendable {
    private let store: FragmentStore
    private let configuration: ServiceConfiguration
    private let logger: Logger
    private let clock: @Sendable () -> Timestamp

    /// Creates a service that does not listen yet.
    ///
    /// - Parameters:
    ///   - store: what it serves.
    ///   - configuration: where it listens and what it says of itself.
    ///   - logger: takes a line for each request.
    ///   - clock: the one clock of the service; give the store the same.
    public init(
        store: FragmentStore,
        configuration: ServiceConfiguration,
        logger: Logger,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.configuration = configuration
        self.logger = logger
        self.clock = clock
    }

    /// Serves until the task is cancelled.
    ///
    /// Cancellation ends endless bodies at once; what was complete is written before the store closes.
    ///
    /// - Parameter onReady: called once with the port, when requests are being served.
    /// - Throws: the system's error where the address cannot be listened on.
    public func run(onReady: @escaping @Sendable (_ port: Int) async -> Void) async throws {
        let responder = ServiceResponder(
            store: store,
            configuration: configuration,
            logger: logger,
            clock: clock
        )
        let channel = ServiceChannel(
            base: HTTP1Channel(
                responder: { request, writer, channel in
                    try await responder.respond(to: request, writer, channel)
                },
                configuration: .init(
                    additionalChannelHandlers: [DepartureHandler()],
                    httpDecoderConfiguration: .init(maxHeaderFieldSize: 64 << 10, maxHeaderListSize: 64 << 10)
                )
            )
        )
        var quiet = logger
        // The server's own lines say nothing that ours do not.
        quiet.logLevel = max(logger.logLevel, .warning)
        let server = Server(
            childChannelSetup: channel,
            configuration: .init(
                address: .hostname(configuration.host, port: configuration.port),
                backlog: 4096
            ),
            onServerRunning: { await onReady($0.localAddress?.port ?? 0) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: quiet
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            group.addTask { try await keepHouse() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Evicts by age every second; deletes what is past its retention every minute, and as soon as there are too
    /// many bytes.
    private func keepHouse() async throws {
        var seconds = 0
        while !Task.isCancelled {
            try await Task.sleep(for: .seconds(1))
            store.tick()
            seconds += 1
            guard seconds % 60 == 0 || store.exceedsLimits else { continue }
            do {
                let removed = try await store.sweep()
                if removed > 0 { logger.info("retention", metadata: ["removed segments": "\(removed)"]) }
            } catch {
                logger.error("retention sweep failed", metadata: ["error": "\(error)"])
            }
        }
    }
}

/// HTTP/1.1 with socket options for media: large reads, no delay for small acknowledgements.
private struct ServiceChannel: ServerChildChannel {
    let base: HTTP1Channel

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        // An allocator that grows to 1 MiB halves the CPU time of an upload.
        let allocator = AdaptiveRecvByteBufferAllocator(minimum: 4096, initial: 65_536, maximum: 1 << 20)
        return channel.setOption(.recvAllocator, value: allocator)
            .flatMap { channel.setOption(.tcpOption(.tcp_nodelay), value: 1) }
            .flatMap { base.setup(channel: channel, logger: logger) }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await base.handle(value: value, logger: logger)
    }
}
