import Foundation
public import FragmentStorage
import HummingbirdCore
public import KinesisVideo
public import Logging
import NIOCore
import NIOPosix
import Synchronization

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
        let transitions = StreamTransitions(
            store: store,
            delay: configuration.transitionDelay,
            logger: logger
        )
        try await transitions.settleInterrupted()
        let responder = ServiceResponder(
            store: store,
            configuration: configuration,
            logger: logger,
            transitions: transitions,
            clock: clock
        )
        let listener = Listener()
        let service = server(
            address: (configuration.host, configuration.port),
            tls: configuration.tls,
            {
                listener.take($0)
                await onReady($0.localAddress?.port ?? 0)
            },
            { try await responder.respond(to: $0, $1, $2) }
        )
        let metricsListener = Listener()
        let metrics = configuration.metricsAddress.map { address in
            let logger = logger
            return server(
                address: address,
                tls: nil,
                {
                    metricsListener.take($0)
                    let port = $0.localAddress?.port ?? 0
                    logger.info("metrics", metadata: ["host": "\(address.host)", "port": "\(port)"])
                },
                { try await responder.respondUnsigned(to: $0, $1, $2) }
            )
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await Self.run(service, listener, until: responder.uploads) }
            if let metrics, let address = configuration.metricsAddress {
                group.addTask {
                    do {
                        try await Self.run(metrics, metricsListener, until: OpenUploads())
                    } catch let error as IOError {
                        throw MetricsFailure(host: address.host, port: address.port, code: error.errnoCode)
                    }
                }
            }
            group.addTask { try await keepHouse(responder) }
            group.addTask { try await surveyGaps() }
            group.addTask { try await transitions.run() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Runs the server until the task is cancelled; then nobody else is let in, and uploads get what they are owed.
    private static func run(
        _ server: Server<ServiceChannel>,
        _ listener: Listener,
        until uploads: OpenUploads
    ) async throws {
        // A task of its own, since a child would be cancelled along with this one, and its connections cut.
        let serving = Task { try await server.run() }
        try await withTaskCancellationHandler {
            try await serving.value
        } onCancel: {
            Task {
                await listener.close()
                await uploads.stop(within: .seconds(3))
                serving.cancel()
            }
        }
    }

    private func server(
        address: (host: String, port: Int),
        tls: TLSIdentity?,
        _ onReady: @escaping @Sendable (any Channel) async -> Void,
        _ responder: @escaping HTTPChannelHandler.Responder
    ) -> Server<ServiceChannel> {
        let patience = configuration.patience
        let channel = ServiceChannel(
            base: HTTP1Channel(
                responder: responder,
                configuration: .init(
                    additionalChannelHandlers: [DepartureHandler(), RequestDeadlines(patience)],
                    httpDecoderConfiguration: .init(maxHeaderFieldSize: 64 << 10, maxHeaderListSize: 64 << 10)
                )
            ),
            tls: tls
        )
        var quiet = logger
        // The server's own lines say nothing that ours do not.
        quiet.logLevel = max(logger.logLevel, .warning)
        return Server(
            childChannelSetup: channel,
            configuration: .init(address: .hostname(address.host, port: address.port), backlog: 4096),
            onServerRunning: onReady,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: quiet
        )
    }

    /// Counts gaps for monitors; a long archive takes its time, for which nothing else waits.
    private func surveyGaps() async throws {
        while !Task.isCancelled {
            try await Task.sleep(for: .seconds(1))
            do {
                try await store.surveyGaps()
            } catch {
                logger.error("gaps not counted", metadata: ["error": "\(error)"])
                try await Task.sleep(for: .seconds(60))
            }
        }
    }

    /// Evicts by age, and lets fragments pass those they have waited for, some times a second; deletes what is past its
    /// retention every minute, and as soon as there are too many bytes.
    private func keepHouse(_ responder: ServiceResponder) async throws {
        var (ticks, seconds) = (0, 0)
        while !Task.isCancelled {
            try await Task.sleep(for: .milliseconds(200))
            store.tick()
            ticks += 1
            guard ticks.isMultiple(of: 5) else { continue }
            seconds += 1
            if seconds % 60 == 0 { responder.keepHouse() }
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

/// The channel that connections are accepted on, once there is one.
private final class Listener: Sendable {
    private let channel = Mutex<(any Channel)?>(nil)

    func take(_ channel: any Channel) {
        self.channel.withLock { $0 = channel }
    }

    /// Lets nobody in any more; connections go on.
    ///
    /// Only a channel that is closed already fails at it.
    func close() async {
        try? await channel.withLock { $0 }?.close()
    }
}

/// The address of the metrics cannot be served.
public struct MetricsFailure: Error, CustomStringConvertible {
    /// The address.
    public let host: String
    /// The port.
    public let port: Int
    /// What the system says.
    public let code: Int32

    /// The failure in one line.
    public var description: String {
        "cannot serve metrics on \(host):\(port): \(String(cString: strerror(code)))"
    }
}
